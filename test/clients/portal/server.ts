// Tiny servers for the edges of the transport: scripted answers on loopback, and a record of what came in.
import http from "node:http";
import net from "node:net";
import { afterEach } from "vitest";
import { createPortal } from "../../../src/clients/portal/client.ts";
import type { PortalLimits, PortalOptions } from "../../../src/clients/portal/options.ts";
import type { Portal } from "../../../src/clients/portal/portal.ts";
import { ok } from "../../../src/core/result.ts";

export const PASSWORD = "p4ss word+/=ä";
export const TOKEN = "tok-3fKq_9.secret";

export interface Got {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

/** JSON to send with 200, or a function that answers by itself. */
export type Reaction = object | ((response: http.ServerResponse, got: Got) => void) | undefined;
export type Route = (got: Got, nth: number) => Reaction;

export interface Served {
  readonly url: string;
  readonly got: Got[];
  /** Requests to a path that ends so. */
  to(end: string): Got[];
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

export async function serve(route: Route): Promise<Served> {
  const got: Got[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://x");
      const one: Got = {
        method: request.method ?? "",
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        form: new URLSearchParams(Buffer.concat(chunks).toString()),
      };
      const nth = got.filter((other) => other.path === one.path).length;
      got.push(one);
      const reaction = route(one, nth);
      if (typeof reaction === "function")
        (reaction as (r: http.ServerResponse, g: Got) => void)(response, one);
      else if (reaction === undefined) response.writeHead(404).end();
      else response.end(JSON.stringify(reaction));
    });
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, got, to: (end) => got.filter((one) => one.path.endsWith(end)) };
}

/** Answers every connection with these bytes, as they are. */
export async function serveRaw(answer: (socket: net.Socket) => void): Promise<string> {
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => answer(socket));
  });
  return `http://127.0.0.1:${await listen(server)}`;
}

async function listen(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((done) => server.close(() => done()));
  });
  return (server.address() as net.AddressInfo).port;
}

/** An ArcGIS Online at the server's root that signs in anybody, and `route` for the rest. */
export function servePortal(route: Route): Promise<Served> {
  return serve((got, nth) => {
    const own = route(got, nth);
    if (own !== undefined) return own;
    if (got.path === "/sharing/rest/portals/self") return SELF;
    if (got.path === "/sharing/rest/generateToken")
      return { token: TOKEN, expires: Date.now() + 3_600_000, ssl: true };
    return undefined;
  });
}

export const SELF = {
  id: "LjjARY1mkhxulWPq",
  name: "Acme",
  urlKey: "acme",
  customBaseUrl: "maps.arcgis.com",
  portalHostname: "www.arcgis.com",
  isPortal: false,
  currentVersion: "2025.1",
  user: { username: "Backup.Admin", privileges: ["portal:admin:viewUsers", "portal:admin:viewItems"] },
};

export interface Tested {
  readonly portal: Portal;
  /** The pauses that were asked for. */
  readonly pauses: number[];
}

/** A client whose pauses take no time. */
export function portalAt(
  url: string,
  more: Partial<PortalOptions> & { limits?: Partial<PortalLimits> } = {},
): Tested {
  const pauses: number[] = [];
  const portal = createPortal({
    url,
    auth: { kind: "password", username: "backup.admin", password: () => Promise.resolve(ok(PASSWORD)) },
    now: Date.now,
    wait: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
    random: () => 0.5,
    userAgent: "test/1",
    ...more,
  });
  return { portal, pauses };
}

export async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
