// The client's HTTP API (start, status, terminate, purge), as Azure's extension answers it. What the local host does not
// speak is answered 501 with a sentence that names it.
import { randomUUID } from "node:crypto";
import type { Engine } from "./engine.ts";
import { EVENT } from "./history.ts";
import type { Instance, InstanceFilter, Store } from "./store.ts";
import { isFinished } from "./store.ts";

export interface ApiRequest {
  readonly method: string;
  /** Below the API's root, without a leading slash, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly continuation: string | undefined;
  readonly body: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ClientApi {
  readonly engine: Engine;
  readonly store: Store;
  /** The URLs that a start is answered with. */
  readonly urls: (id: string) => Record<string, string>;
}

const PAGE_SIZE = 100;
const ID_RULES = "at most 100 characters, none of / \\ # ? nor control characters, not beginning with @";

function refuse(status: number, Message: string): ApiAnswer {
  return { status, body: { Message } };
}

/** As a bare text: the SDK puts the answer to a rewind into its error as it is. */
function notSpoken(what: string): ApiAnswer {
  return { status: 501, body: `The local host does not speak ${what}` };
}

/** Whether a text may be an instance id. */
export function isInstanceId(id: string): boolean {
  return id !== "" && id.length <= 100 && !id.startsWith("@") && !/[/\\#?\p{Cc}]/u.test(id);
}

function seconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

function parsed(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}

function statusOf(one: Instance, query: URLSearchParams): Record<string, unknown> {
  return {
    name: one.name,
    instanceId: one.id,
    runtimeStatus: one.status,
    input: query.get("showInput") === "false" ? null : parsed(one.input),
    customStatus: parsed(one.customStatus),
    output: parsed(one.output),
    createdTime: seconds(one.createdMs),
    lastUpdatedTime: seconds(one.updatedMs),
  };
}

function historyOf(api: ClientApi, id: string): Record<string, unknown> {
  const names = new Map<number, string>(Object.entries(EVENT).map(([name, type]) => [type, name]));
  return {
    historyEvents: api.store
      .history(id)
      .map((event) => ({ ...event, EventType: names.get(event.EventType) ?? event.EventType })),
  };
}

function start(api: ClientApi, request: ApiRequest, name: string, id: string | undefined): ApiAnswer {
  const instanceId = id ?? randomUUID().replaceAll("-", "");
  if (!isInstanceId(instanceId))
    return refuse(400, `The instance id "${instanceId}" is not allowed: ${ID_RULES}`);
  let input: string;
  try {
    // No body arrives in the orchestrator as the empty string.
    input = request.body === "" ? '""' : JSON.stringify(JSON.parse(request.body));
  } catch (error) {
    return refuse(400, `Invalid JSON content: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { refused } = api.engine.startInstance(name, instanceId, input);
  if (refused === undefined) return { status: 202, body: api.urls(instanceId) };
  return refuse(409, `An Orchestration instance with the status ${refused} already exists.`);
}

function status(api: ClientApi, request: ApiRequest, id: string): ApiAnswer {
  const one = api.store.instance(id);
  if (one === undefined) return refuse(404, `No instance with ID '${id}' found.`);
  const history = request.query.get("showHistory") === "true" ? historyOf(api, id) : {};
  const body = { ...statusOf(one, request.query), ...history };
  const statusUrl = api.urls(id)["statusQueryGetUri"] ?? "";
  return isFinished(one)
    ? { status: 200, body }
    : { status: 202, body, headers: { location: statusUrl, "retry-after": "5" } };
}

function filterOf(query: URLSearchParams): InstanceFilter | string {
  const filter: Record<string, unknown> = {};
  for (const [key, name] of [
    ["createdTimeFrom", "createdFromMs"],
    ["createdTimeTo", "createdToMs"],
  ] as const) {
    const text = query.get(key);
    if (text === null) continue;
    const ms = Date.parse(text);
    if (Number.isNaN(ms)) return `${key} is no time: "${text}"`;
    filter[name] = ms;
  }
  const statuses = query.get("runtimeStatus");
  if (statuses !== null) filter["statuses"] = statuses.split(",").map((one) => one.trim());
  const prefix = query.get("instanceIdPrefix");
  if (prefix !== null) filter["idPrefix"] = prefix;
  return filter;
}

function list(api: ClientApi, request: ApiRequest): ApiAnswer {
  const filter = filterOf(request.query);
  if (typeof filter === "string") return refuse(400, filter);
  const top = Number(request.query.get("top") ?? PAGE_SIZE);
  const limit = Number.isInteger(top) && top > 0 ? top : PAGE_SIZE;
  const token = request.continuation;
  const afterId = token === undefined ? undefined : Buffer.from(token, "base64url").toString("utf8");
  const found = api.store.instances({ ...filter, afterId, limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  const next =
    last === undefined ? {} : { "x-ms-continuation-token": Buffer.from(last.id).toString("base64url") };
  return { status: 200, body: page.map((one) => statusOf(one, request.query)), headers: next };
}

function terminate(api: ClientApi, request: ApiRequest, id: string): ApiAnswer {
  const outcome = api.engine.terminate(id, request.query.get("reason") ?? "");
  if (outcome === "unknown") return refuse(404, `No instance with ID '${id}' found.`);
  return outcome === "finished" ? { status: 410 } : { status: 202 };
}

function purgeOne(api: ClientApi, id: string): ApiAnswer {
  const one = api.store.instance(id);
  if (one === undefined) return refuse(404, `No instance with ID '${id}' found.`);
  if (!isFinished(one))
    return refuse(412, `The instance '${id}' is ${one.status}: only a finished one can be purged`);
  api.engine.purge([id]);
  return { status: 200, body: { instancesDeleted: 1 } };
}

function purgeMany(api: ClientApi, request: ApiRequest): ApiAnswer {
  const filter = filterOf(request.query);
  if (typeof filter === "string") return refuse(400, filter);
  if (filter.createdFromMs === undefined) return refuse(400, "createdTimeFrom is missing");
  // Without runtimeStatus this takes running instances too, as on Azure.
  const ids = api.store.instances(filter).map((one) => one.id);
  api.engine.purge(ids);
  return { status: ids.length === 0 ? 404 : 200, body: { instancesDeleted: ids.length } };
}

/** Answers one request of the client; a path or method that nobody knows is 404. */
export function answerClient(api: ClientApi, request: ApiRequest): ApiAnswer {
  let parts: string[];
  try {
    parts = request.path
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
  } catch (error) {
    return refuse(
      400,
      `The address is not well encoded: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const [kind, id, verb] = parts;
  const call = `${request.method} ${kind ?? ""}`;
  if (kind === "entities") return notSpoken("entities");
  if (call === "POST orchestrators" && id !== undefined && parts.length <= 3)
    return start(api, request, id, verb);
  if (id === undefined) {
    if (call === "GET instances") return list(api, request);
    if (call === "DELETE instances") return purgeMany(api, request);
  } else if (verb === undefined) {
    if (call === "GET instances") return status(api, request, id);
    if (call === "DELETE instances") return purgeOne(api, id);
  } else if (call === "POST instances") {
    if (verb === "terminate") return terminate(api, request, id);
    return notSpoken(`the client's ${verb}`);
  }
  return { status: 404 };
}
