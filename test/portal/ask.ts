// Plain requests for the simulator's own tests: node:http, no redirects followed, broken bodies told apart.
import { request } from "node:http";
import { startPortal, type SamplePortal, type SamplePortalOptions } from "./portal.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  /** The body ended before its declared length, or the connection was cut. */
  readonly broken: boolean;
}

export const REFERER = "https://sample-tests.example";

/** POSTs when there is a form, else GETs. Rejects when the connection goes before an answer. */
export function ask(
  url: string,
  form?: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const body = form === undefined ? undefined : new URLSearchParams(form).toString();
  const type = body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: body === undefined ? "GET" : "POST",
        headers: { referer: REFERER, ...type, ...headers },
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        const done = (broken: boolean): void => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes: Buffer.concat(chunks),
            broken,
          });
        };
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => done(!response.complete));
        response.on("error", () => done(true));
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

export type Json = Record<string, unknown>;
/** Raw control characters are read as spaces. */
export const parsed = (reply: Reply): Json =>
  JSON.parse(reply.bytes.toString("utf8").replace(/\p{Cc}/gu, " ")) as Json;
export const codeOf = (value: Json): unknown => (value["error"] as Json | undefined)?.["code"];

export interface Session {
  readonly portal: SamplePortal;
  /** The sample's clock: set it to let time pass. */
  readonly clock: { ms: number };
  readonly token: string;
  /** A call of the sharing API, signed in, f=json. */
  rest(path: string, form?: Record<string, string>): Promise<Json>;
  /** Bytes of the sharing API with the token in the header. */
  raw(path: string, headers?: Record<string, string>): Promise<Reply>;
}

export async function signIn(portal: SamplePortal, username: string, password: string): Promise<Json> {
  const form = { username, password, client: "referer", referer: REFERER, expiration: "60", f: "json" };
  return parsed(await ask(`${portal.url}/sharing/rest/generateToken`, form));
}

/** A portal with a clock that stands still, and a member signed in. */
export async function open(options: SamplePortalOptions = {}, username = "backup_admin"): Promise<Session> {
  const clock = { ms: Date.UTC(2026, 0, 1) };
  const portal = await startPortal({ clock: () => clock.ms, ...options });
  const password = portal.state.members.get(username)?.password ?? "";
  const token = String((await signIn(portal, username, password))["token"]);
  const base = `${portal.url}/sharing/rest`;
  return {
    portal,
    clock,
    token,
    rest: async (path, form = {}) => parsed(await ask(`${base}${path}`, { f: "json", token, ...form })),
    raw: (path, headers = {}) =>
      ask(`${base}${path}`, undefined, { "x-esri-authorization": `Bearer ${token}`, ...headers }),
  };
}
