// Connections that must stand within a deadline, and requests whose errors are heard to the end: node-fetch has no
// timeout of any kind, and drops an error that comes after the headers.
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Agents that keep connections open for reuse and give up on one that does not stand in time. */
export function agentsWithDeadline(connectMs: number): (url: URL) => http.Agent | https.Agent {
  const plain = withDeadline(new http.Agent({ keepAlive: true }), "connect", connectMs);
  const secure = withDeadline(new https.Agent({ keepAlive: true }), "secureConnect", connectMs);
  return (url) => (url.protocol === "http:" ? plain : secure);
}

function withDeadline<A extends http.Agent>(
  agent: A,
  ready: "connect" | "secureConnect",
  connectMs: number,
): A {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, done): Duplex | null | undefined => {
    const socket = connect(options, done) as Socket;
    const giveUp = (): void => {
      socket.destroy(Object.assign(new Error("no connection in time"), { code: "ETIMEDOUT" }));
    };
    const timer = setTimeout(giveUp, connectMs);
    const settle = (): void => clearTimeout(timer);
    socket.once(ready, settle).once("close", settle);
    return socket;
  };
  return agent;
}

/** Node calls it for every request of an agent; agents of other makers have it too. */
interface AddsRequests {
  addRequest(request: http.ClientRequest, ...rest: readonly unknown[]): void;
}

/** The agent for one request, telling that request's errors. */
export function heard(agent: http.Agent, onError: (error: Error) => void): http.Agent {
  const adds = agent as http.Agent & AddsRequests;
  const addRequest: AddsRequests["addRequest"] = (request, ...rest) => {
    request.on("error", onError);
    adds.addRequest(request, ...rest);
  };
  return Object.assign(Object.create(agent) as http.Agent, { addRequest });
}
