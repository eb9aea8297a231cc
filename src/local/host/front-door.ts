// Who answers a request: the client's loopback API, the management URLs, the admin route, or the app's HTTP triggers.
import type { App } from "./app.ts";
import type { ApiAnswer, ClientApi } from "./durable/client-api.ts";
import { answerClient } from "./durable/client-api.ts";
import { rpcPath, WEBHOOK_PATH } from "./durable/client-binding.ts";
import type { HttpAnswer, HttpRequest } from "./http-server.ts";
import type { HostKeys } from "./state-folder.ts";
import type { Timers } from "./timers.ts";

export interface Rooms {
  readonly api: ClientApi;
  readonly app: App;
  readonly keys: HostKeys;
  readonly timers: Timers;
  /** Undefined for what no HTTP function takes. */
  readonly triggers: (request: HttpRequest) => Promise<HttpAnswer | undefined>;
}

function toHttp(answer: ApiAnswer): HttpAnswer {
  const { status, headers, body } = answer;
  if (body === undefined) return { status, headers: { ...headers } };
  const type = { "content-type": "application/json" };
  return { status, headers: { ...headers, ...type }, body: JSON.stringify(body) };
}

/** The host's one way in; answers 503 until it is opened. */
export class FrontDoor {
  readonly #rooms: Rooms;
  #isOpen = false;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  open(): void {
    this.#isOpen = true;
  }

  async answer(request: HttpRequest): Promise<HttpAnswer> {
    const { keys, triggers } = this.#rooms;
    if (!this.#isOpen) return { status: 503 };
    const path = request.url.pathname;
    const rpc = rpcPath(keys.rpcKey);
    if (path.startsWith(`${rpc}/`)) return this.#askClientApi(request, rpc);
    if (path.startsWith(`${WEBHOOK_PATH}/`)) {
      const mayManage = request.hasKey(keys.systemKey) || request.hasKey(keys.masterKey);
      return mayManage ? this.#askClientApi(request, WEBHOOK_PATH) : { status: 401 };
    }
    if (request.segments[0] === "admin") return this.#admin(request);
    return (await triggers(request)) ?? { status: 404 };
  }

  #askClientApi(request: HttpRequest, root: string): HttpAnswer {
    const answer = answerClient(this.#rooms.api, {
      method: request.method,
      path: request.url.pathname.slice(root.length + 1),
      query: request.url.searchParams,
      continuation: request.headers["x-ms-continuation-token"],
      body: request.body.toString("utf8"),
    });
    return toHttp(answer);
  }

  #admin(request: HttpRequest): HttpAnswer {
    const { keys, timers, app } = this.#rooms;
    if (!request.hasKey(keys.masterKey)) return { status: 401 };
    const [, area, name] = request.segments;
    if (request.method !== "POST" || area !== "functions" || name === undefined) return { status: 404 };
    if (timers.fireNow(name)) return { status: 202 };
    const isKnown = app.functions.names().some((one) => one.toLowerCase() === name.toLowerCase());
    const body = `The local host starts timers this way; "${name}" is none`;
    return isKnown ? { status: 400, body } : { status: 404 };
  }
}
