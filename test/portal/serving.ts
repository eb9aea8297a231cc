// One request from its arrival to its end: parameters, token, fault, endpoint, answer, log.
import type { IncomingMessage, ServerResponse } from "node:http";
import { html, json, PortalError, type Answer } from "./answer.ts";
import { memberOf, parametersOf, tokenOf, type Call } from "./call.ts";
import { controlRoutes } from "./endpoints/control.ts";
import { dataRoutes, stored } from "./endpoints/data.ts";
import { exportRoutes, settleExports } from "./endpoints/exports.ts";
import { featureRoutes } from "./endpoints/features.ts";
import { itemRoutes } from "./endpoints/items.ts";
import { folderRoutes, memberRoutes } from "./endpoints/members.ts";
import { replicaRoutes } from "./endpoints/replicas.ts";
import { organisationRoutes } from "./endpoints/organisation.ts";
import { searchRoutes } from "./endpoints/search.ts";
import { serviceRoutes } from "./endpoints/services.ts";
import { signInRoutes } from "./endpoints/sign-in.ts";
import { tileSwitchRoutes } from "./endpoints/tile-switch.ts";
import { tileRoutes } from "./endpoints/tiles.ts";
import type { ExportFault, FaultAnswer, FaultRule } from "./faults.ts";
import { routedPath, type Places } from "./places.ts";
import { routeOf, segmentsOf } from "./routes.ts";
import { send, spoiled } from "./sending.ts";
import { idOf, type Member, type PortalState, type RequestLogEntry, type ServerName } from "./state.ts";

export interface Served {
  readonly state: PortalState;
  readonly now: () => number;
  places: Places;
}

const exportFaults = new WeakMap<Call, ExportFault>();

const ROUTES = [
  ...controlRoutes,
  ...signInRoutes,
  ...organisationRoutes,
  ...memberRoutes,
  ...searchRoutes,
  ...dataRoutes,
  ...exportRoutes((call) => exportFaults.get(call) ?? {}),
  ...itemRoutes,
  ...featureRoutes,
  ...replicaRoutes((call) => exportFaults.get(call) ?? {}),
  ...tileRoutes((call) => exportFaults.get(call) ?? {}),
  ...tileSwitchRoutes,
  ...serviceRoutes,
  ...folderRoutes,
];

const FORM_PAGE =
  "<html><head><title>ArcGIS Portal Directory</title></head><body>ArcGIS Portal Directory</body></html>";

function isAnswer(value: Answer | object): value is Answer {
  return "body" in value && "status" in value && "headers" in value;
}

function answered(call: Call, rawPath: string | undefined): Answer {
  const found = rawPath === undefined ? undefined : routeOf(ROUTES, segmentsOf(rawPath));
  if (found === undefined) {
    if (rawPath?.startsWith("/sharing/rest/") !== true)
      return html("<html><body>404 Not Found</body></html>", 404);
    return new PortalError(404, "Not Found").answer();
  }
  const form = call.params.get("f") ?? "html";
  if (found.route.form === "json" && form !== "json" && form !== "pjson") return html(FORM_PAGE);
  const routed = { ...call, at: found.at };
  const fault = exportFaults.get(call);
  if (fault !== undefined) exportFaults.set(routed, fault);
  const value = found.route.answer(routed);
  return isAnswer(value) ? value : json(value, { pretty: form === "pjson", odd: call.state.requests.length });
}

/** An item that a request is about: in its path, as `itemId`, or as the service of that name. */
function itemIdOf(state: PortalState, path: string, params: ReadonlyMap<string, string>): string | undefined {
  const [, service, type = ""] = /\/services\/(?:Hosted\/)?([^/]+)\/(\w+Server)\b/i.exec(path) ?? [];
  return (
    /(?:items|storage\/[^/]+)\/([0-9a-f]{32})/.exec(path)?.[1] ??
    params.get("itemId") ??
    (service === undefined
      ? undefined
      : type.toLowerCase() === "featureserver"
        ? state.services.get(service)?.itemId
        : state.tileServices.get(`${service}/${type}`)?.itemId)
  );
}

/** What becomes of the request: its answer and how to send it, or nothing at all. */
type Outcome =
  { readonly answer: Answer; readonly fault: FaultAnswer } | { readonly silent: "reset" | "hang" };

function outcomeOf(rule: FaultRule | undefined, effect: () => Answer, address: string): Outcome {
  if (rule === undefined || !("answer" in rule)) return { answer: effect(), fault: {} };
  const fault = rule.answer;
  if (fault.reset === "before") return { silent: "reset" };
  if (fault.hang === "before") return { silent: "hang" };
  const replaces =
    fault.status !== undefined ||
    fault.body !== undefined ||
    fault.error !== undefined ||
    fault.redirect !== undefined ||
    (fault.html !== undefined && fault.html !== false);
  const answer = !replaces || fault.effect === true ? effect() : undefined;
  if (fault.reset === "after") return { silent: "reset" };
  if (fault.hang === "after") return { silent: "hang" };
  return { answer: spoiled(fault, answer, address), fault };
}

export async function serve(
  served: Served,
  server: ServerName,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { state, places } = served;
  const now = served.now();
  const base = { portal: places.portal, storage: places.storage, hosting: places.services }[server];
  const url = new URL(request.url ?? "/", base);
  const path = segmentsOf(url.pathname)
    .map((segment) => `/${segment}`)
    .join("");
  const { params, query, body } = await parametersOf(request, url);
  const { token, tokenIn } = tokenOf(request.headers, params, query);
  const control = path.startsWith("/__sample/");
  settleExports(state, now);
  let caller: Member | null = null;
  let refused: PortalError | undefined;
  try {
    if (server !== "storage" && !control && !path.endsWith("/generateToken")) {
      const serverUrl = server === "hosting" ? places.services : null;
      caller = memberOf(state, token, { referer: request.headers.referer, serverUrl }, now);
    }
  } catch (cause) {
    if (!(cause instanceof PortalError)) throw cause;
    refused = cause;
  }
  const method = request.method ?? "GET";
  const call: Call = {
    method,
    path,
    at: {},
    params,
    headers: request.headers,
    body,
    tokenIn,
    caller,
    state,
    portal: places.portal,
    services: places.services,
    storage: places.storage,
    now,
  };
  const user = caller?.username ?? null;
  const asked = { method, path, server, user, itemId: itemIdOf(state, path, params), params };
  const rule = control ? undefined : state.faults.strike(asked, state);
  if (rule !== undefined && "export" in rule) exportFaults.set(call, rule.export);
  const outcome = outcomeOf(
    rule,
    () => {
      if (server === "storage") return stored(state, url, request.headers, now);
      try {
        if (refused !== undefined) throw refused;
        return answered(call, routedPath(places.kind, state.org, server, url.pathname));
      } catch (cause) {
        if (cause instanceof PortalError) return cause.answer();
        throw cause;
      }
    },
    url.href,
  );
  const log = (status: RequestLogEntry["status"]): void => {
    if (!control)
      state.requests.push({ at: Math.round(now), server, method, path, user, token: tokenIn, status });
  };
  if ("silent" in outcome) {
    log(outcome.silent);
    if (outcome.silent === "reset") request.socket.destroy();
    return;
  }
  log(outcome.answer.status);
  const trace = idOf(`trace ${state.requests.length}`);
  const traced = { ...outcome.answer, headers: { "x-arcgis-trace-id": trace, ...outcome.answer.headers } };
  await send(request, response, traced, outcome.fault);
}
