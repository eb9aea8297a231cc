// The host's HTTP server. It listens on 127.0.0.1 only and answers only to names of this machine, so that a web page that
// points its own name here (DNS rebinding) gets nothing.
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  /** The path's parts, percent-decoded. */
  readonly segments: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Whether the request carries this key, in x-functions-key or ?code=. */
  hasKey(key: string): boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface HttpServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly maxBodyBytes: number;
  readonly answer: (request: HttpRequest) => Promise<HttpAnswer>;
  readonly onError: (error: unknown) => void;
}

/** The Functions host's own limit. */
export const MAX_BODY_BYTES = 104_857_600;

export interface HttpServer {
  readonly url: string;
  /** Takes no new request; requests that go on are cut off after `graceMs` of real time. */
  close(graceMs: number): Promise<void>;
}

const OWN_NAMES = new Set(["127.0.0.1", "localhost", "[::1]"]);

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

function isEqual(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooBig = `The request's body is larger than ${String(maxBytes)} bytes`;
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes) throw new Refusal(413, tooBig);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw new Refusal(413, tooBig);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function toRequest(incoming: IncomingMessage, base: string, maxBytes: number): Promise<HttpRequest> {
  const host = incoming.headers.host ?? new URL(base).host;
  if (!OWN_NAMES.has(host.replace(/:\d+$/, "").toLowerCase())) throw new Refusal(403, "This is not my name");
  const target = incoming.url ?? "/";
  let url: URL;
  let segments: string[];
  try {
    url = new URL(`http://${host}${target.startsWith("/") ? target : "/"}`);
    segments = url.pathname
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
  } catch (error) {
    throw new Refusal(400, error instanceof Error ? error.message : String(error));
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  const given = [headers["x-functions-key"], url.searchParams.get("code") ?? undefined];
  const hasKey = (key: string): boolean => given.some((one) => one !== undefined && isEqual(one, key));
  const body = await readBody(incoming, maxBytes);
  return { method: (incoming.method ?? "GET").toUpperCase(), url, segments, headers, body, hasKey };
}

function send(outgoing: ServerResponse, answer: HttpAnswer): void {
  outgoing.writeHead(answer.status, { ...answer.headers });
  outgoing.end(answer.body);
}

async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  base: string,
  options: HttpServerOptions,
): Promise<void> {
  try {
    send(outgoing, await options.answer(await toRequest(incoming, base, options.maxBodyBytes)));
  } catch (error) {
    if (error instanceof Refusal) {
      // What is left of the body is not read: the connection ends with the answer.
      send(outgoing, { status: error.status, headers: { connection: "close" }, body: error.message });
      return;
    }
    options.onError(error);
    if (outgoing.headersSent) outgoing.destroy();
    else send(outgoing, { status: 500 });
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const busy = "code" in error && error.code === "EADDRINUSE";
      reject(busy ? new Error(`Port ${String(port)} is taken: choose another one`, { cause: error }) : error);
    });
    server.listen(port, "127.0.0.1", () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Starts the server; rejects with a sentence when the port is taken. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  let base = "http://127.0.0.1";
  const server = createServer((incoming, outgoing) => {
    void handle(incoming, outgoing, base, options);
  });
  base = `http://127.0.0.1:${String(await listen(server, options.port))}`;
  return {
    url: base,
    close: (graceMs) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => {
          server.closeAllConnections();
        }, graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
