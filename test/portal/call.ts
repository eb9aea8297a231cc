// One request as the endpoints see it: parsed parameters, the signed-in member, the state and the clock.
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { invalidToken, tokenRequired } from "./answer.ts";
import type { Member, PortalState, RequestLogEntry } from "./state.ts";

export interface Call {
  readonly method: string;
  /** Decoded path without the query. */
  readonly path: string;
  /** Named segments of the route. */
  readonly at: Readonly<Record<string, string>>;
  /** Query and form together; the form wins. */
  readonly params: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly tokenIn: RequestLogEntry["token"];
  readonly caller: Member | null;
  readonly state: PortalState;
  /** Address of the portal, of its services and of its object storage; none ends with a slash. */
  readonly portal: string;
  readonly services: string;
  readonly storage: string;
  readonly now: number;
}

const BODY_LIMIT = 64 * 1024 * 1024;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Error("The request's body is too long for the sample portal");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function multipart(body: Buffer, boundary: string): [string, string][] {
  return body
    .toString("latin1")
    .split(`--${boundary}`)
    .flatMap((part): [string, string][] => {
      const name = /name="([^"]*)"/.exec(part)?.[1];
      const start = part.indexOf("\r\n\r\n");
      if (name === undefined || start < 0) return [];
      return [[name, Buffer.from(part.slice(start + 4, -2), "latin1").toString("utf8")]];
    });
}

export interface Parameters {
  readonly params: Map<string, string>;
  /** Names that came in the query alone. */
  readonly query: readonly string[];
  readonly body: Buffer;
}

/** Reads the request to its end. */
export async function parametersOf(request: IncomingMessage, url: URL): Promise<Parameters> {
  const params = new Map(url.searchParams);
  const query = [...params.keys()];
  const body = await bodyOf(request);
  const type = request.headers["content-type"] ?? "";
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1];
  const plain = type.includes("urlencoded") ? [...new URLSearchParams(body.toString("utf8"))] : [];
  const form = boundary === undefined ? plain : multipart(body, boundary);
  for (const [name, value] of form) params.set(name, value);
  return { params, query: query.filter((name) => !form.some(([given]) => given === name)), body };
}

/** The token of the request and the place it came in. */
export function tokenOf(
  headers: IncomingHttpHeaders,
  params: ReadonlyMap<string, string>,
  query: readonly string[],
): { readonly token: string; readonly tokenIn: RequestLogEntry["token"] } {
  for (const name of ["x-esri-authorization", "authorization"]) {
    const value = headers[name];
    const bearer = /^Bearer (.+)$/.exec(Array.isArray(value) ? (value[0] ?? "") : (value ?? ""))?.[1];
    if (bearer !== undefined) return { token: bearer, tokenIn: "header" };
  }
  const token = params.get("token") ?? "";
  if (token === "") return { token, tokenIn: "none" };
  return { token, tokenIn: query.includes("token") ? "query" : "form" };
}

/**
 * The member behind a token; throws 498 for one that is unknown, too old or for another server, 499 for the wrong Referer.
 * `serverUrl`: root of the federated server that is asked, null = the portal.
 */
export function memberOf(
  state: PortalState,
  token: string,
  from: { readonly referer: string | undefined; readonly serverUrl: string | null },
  now: number,
): Member | null {
  if (token === "") return null;
  const known = state.tokens.get(token);
  const member = known === undefined ? undefined : state.members.get(known.username);
  if (known === undefined || member === undefined || known.expires <= now) throw invalidToken();
  if (known.serverUrl !== from.serverUrl || member.disabled) throw invalidToken();
  if (known.referer !== null && known.referer !== from.referer) throw tokenRequired();
  return member;
}

/** The signed-in member; throws 499 for an anonymous call. */
export function signedIn(call: Call): Member {
  if (call.caller === null) throw tokenRequired();
  return call.caller;
}

export function may(member: Member | null, privilege: string): boolean {
  return member !== null && member.privileges.includes(privilege);
}

export function param(call: Call, name: string): string {
  return call.params.get(name) ?? "";
}

/** 1-based paging: `num` is clamped to 100, `nextStart` -1 = the end. */
export function paged<T>(
  call: Call,
  all: readonly T[],
  most = 100,
): { total: number; start: number; num: number; nextStart: number; page: readonly T[] } {
  const start = Math.max(1, Number(param(call, "start") || 1));
  const num = Math.min(most, Math.max(0, Number(param(call, "num") || 10)));
  const page = all.slice(start - 1, start - 1 + num);
  const next = start + num;
  return {
    total: all.length,
    start,
    num: page.length,
    nextStart: next <= all.length && num > 0 ? next : -1,
    page,
  };
}
