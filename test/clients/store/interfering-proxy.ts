// A loopback proxy between the store and Azurite that makes trouble on cue, at the level of HTTP.
import { createServer, request } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * `lose-answer`: the storage does it, the caller never learns. `hang`: no answer at all. A number: that HTTP status, with the
 * error code of a busy storage or with a given one.
 */
export type Trouble =
  | ("pass" | "lose-answer" | "drop" | "cut-answer" | "hang" | number)
  | { readonly status: number; readonly code: string };

export interface Proxy {
  /** The connection string with the proxy's address in place of the storage's. */
  through(connectionString: string): string;
  readonly seen: string[];
  stop(): Promise<void>;
}

/** `trouble` is asked for every request: `PUT /account/container/blob?comp=block`, and its number from 1 among equal ones. */
export async function interferingProxy(
  target: string,
  trouble: (line: string, nth: number) => Trouble,
): Promise<Proxy> {
  const endpoint = new URL(/BlobEndpoint=([^;]+)/.exec(target)?.[1] ?? "");
  const seen: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const line = `${incoming.method ?? ""} ${decodeURIComponent(incoming.url ?? "").replace(/blockid=[^&]+/, "")}`;
    seen.push(line);
    const what = trouble(line, seen.filter((one) => one === line).length);
    if (what === "drop") return void incoming.socket.destroy();
    if (what === "hang") return;
    if (typeof what === "number" || typeof what === "object") {
      const { status, code } = typeof what === "number" ? { status: what, code: "ServerBusy" } : what;
      incoming.resume();
      outgoing.writeHead(status, { "x-ms-error-code": code }).end();
      return;
    }
    const { pathname: path, search } = new URL(incoming.url ?? "", endpoint);
    const options = {
      host: endpoint.hostname,
      port: endpoint.port,
      method: incoming.method,
      path: path + search,
    };
    const forward = request({ ...options, headers: incoming.headers }, (answer: IncomingMessage) => {
      if (what === "lose-answer") {
        answer.resume();
        answer.once("end", () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      if (what === "cut-answer") {
        answer.once("data", (chunk: Buffer) => {
          outgoing.write(chunk.subarray(0, chunk.length >> 1), () => incoming.socket.destroy());
        });
      } else answer.pipe(outgoing);
    });
    forward.on("error", () => incoming.socket.destroy());
    incoming.pipe(forward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    through: (connectionString) =>
      connectionString.replace(`${endpoint.hostname}:${endpoint.port}`, `127.0.0.1:${port}`),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
