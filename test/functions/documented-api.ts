// Calls the app and holds every answer against docs/openapi.json: an address, a status or a member that is not documented fails
// the test that met it.
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import * as z from "zod";
import type { App } from "../run/app.ts";

type Json = Record<string, unknown>;

interface DocumentedResponse {
  readonly description: string;
  readonly content?: Record<string, { readonly schema: Json }>;
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly responses: Record<string, DocumentedResponse>;
}

export interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, DocumentedOperation>>;
  readonly components: { readonly schemas: Record<string, Json> };
}

export const published = JSON.parse(
  readFileSync(new URL("../../docs/openapi.json", import.meta.url), "utf8"),
) as OpenApi;

export interface Sending {
  readonly headers?: Readonly<Record<string, string>>;
  /** A text or bytes as they are, or a value that is sent as JSON. */
  readonly body?: unknown;
  readonly raw?: string | Uint8Array;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** Of a JSON answer. */
  json(): Json;
  /** Of an error. */
  readonly code: string;
  readonly details: readonly { readonly text: string; readonly path?: string; readonly runId?: string }[];
}

export type Ask = (method: string, path: string, sending?: Sending) => Promise<Reply>;

/** `path` is below /api, as it goes on the wire. */
export function documentedApi(app: Pick<App, "url" | "functionKey">): Ask {
  return async (method, path, { headers = {}, body, raw } = {}) => {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await fetch(`${app.url}/api/${path}`, {
      method,
      headers: {
        "x-functions-key": app.functionKey,
        ...(sent === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    });
    const reply = replyOf(answer.status, await answer.text(), answer.headers);
    expectDocumented(method, path, reply);
    return reply;
  };
}

function replyOf(status: number, text: string, headers: Headers): Reply {
  const isJson = headers.get("content-type")?.startsWith("application/json") === true;
  const json = () => JSON.parse(text) as Json;
  const error = status >= 400 && isJson ? (json()["error"] as Pick<Reply, "code" | "details">) : undefined;
  return { status, text, headers, json, code: error?.code ?? "", details: error?.details ?? [] };
}

function expectDocumented(method: string, path: string, reply: Reply): void {
  const told = `${method} ${path.slice(0, 80)}: ${reply.status} ${reply.text.slice(0, 500)}`;
  const documented = operationAt(method, path)?.responses[String(reply.status)];
  expect(documented, `${told} is not documented`).toBeDefined();
  const [type, content] = Object.entries(documented?.content ?? {})[0] ?? [];
  if (type === undefined) expect(reply.text, told).toBe("");
  else expect(reply.headers.get("content-type"), told).toContain(type);
  if (type === "application/json") {
    const checked = checkOf(content?.schema ?? {}).safeParse(reply.json());
    expect(checked.error?.issues ?? [], told).toEqual([]);
  }
  expect(reply.headers.get("cache-control"), told).toBe("no-store");
  const everything = `${reply.text} ${JSON.stringify([...reply.headers])}`;
  expect(everything, told).not.toMatch(/runtime\/webhooks|code=|taskHub/i);
}

function operationAt(method: string, path: string): DocumentedOperation | undefined {
  const parts = `/api/${path.split("?")[0]}`.split("/");
  const fits = (template: string) => {
    const places = template.split("/");
    return (
      places.length === parts.length &&
      places.every((place, at) => place.startsWith("{") || place === parts[at])
    );
  };
  const template = Object.keys(published.paths).find(fits);
  return template === undefined ? undefined : published.paths[template]?.[method.toLowerCase()];
}

const checks = new Map<string, z.ZodType>();

function checkOf(schema: Json): z.ZodType {
  const key = JSON.stringify(schema);
  const check = checks.get(key) ?? z.fromJSONSchema(inlined(schema) as Json);
  checks.set(key, check);
  return check;
}

/** The schema without references: none of the document's refers to itself. */
function inlined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inlined);
  if (typeof value !== "object" || value === null) return value;
  const { $ref, ...rest } = value as Json;
  const target =
    typeof $ref === "string" ? (published.components.schemas[$ref.split("/").at(-1) ?? ""] ?? {}) : {};
  return Object.fromEntries(
    Object.entries({ ...target, ...rest }).map(([name, inner]) => [name, inlined(inner)]),
  );
}
