// A portal whose services answer what a test scripts.
import { Agent } from "node:http";
import type { Portal } from "../../../src/clients/portal/portal.ts";
import type { Failure, Result } from "../../../src/core/result.ts";
import { portalAt, servePortal, type Reaction, type Served } from "./server.ts";

export const SERVICE = "/org/arcgis/rest/services/Trees/FeatureServer";
export const TILES = "/org/arcgis/rest/services/Map/MapServer";
export const NOT_SUPPORTED = {
  error: { code: 400, message: "This operation is not supported.", details: [] },
};
export const START = { name: "x", layers: [0, 2], attachments: true, format: "filegdb" } as const;

/** A portal that answers these paths; `routes` is given its address. */
export async function portalWith(
  routes: (url: string) => Record<string, Reaction>,
): Promise<{ portal: Portal; served: Served; at: (path: string) => string }> {
  const served: Served = await servePortal(({ path }) => routes(served.url)[path]);
  return { portal: portalAt(served.url).portal, served, at: (path) => `${served.url}${path}` };
}

/** A portal whose services answer the same to every question. */
export async function portalOf(
  answer: () => object,
): Promise<{ portal: Portal; at: (path: string) => string }> {
  const served = await servePortal(({ path }) => (path.startsWith("/sharing/") ? undefined : answer()));
  return { portal: portalAt(served.url, { agent: onlyHere }).portal, at: (path) => `${served.url}${path}` };
}

/** Nothing leaves this machine, whatever address an answer tells. */
const onlyHere = (url: URL): Agent =>
  new Agent(
    url.hostname === "127.0.0.1" ? {} : { lookup: (_, __, done) => done(new Error("not asked"), "") },
  );

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.text);
  return result.value;
}

export function failureOf(result: Result<unknown>): Failure {
  if (result.ok) throw new Error("a failure was expected");
  return result.failure;
}
