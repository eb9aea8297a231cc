// HTTP triggers: which function answers a request, who may call it, and the way of a request to the function and back.
import type { RpcData } from "./core-api.ts";
import type { AppFunction } from "./functions.ts";
import type { HttpAnswer, HttpRequest } from "./http-server.ts";
import type { Route } from "./routes.ts";
import { compareRoutes, matchRoute, parseRoute } from "./routes.ts";

export interface HttpTriggerOptions {
  readonly functions: readonly AppFunction[];
  readonly routePrefix: string;
  readonly functionKey: string;
  readonly masterKey: string;
  /** Runs a function; rejects with what it threw. */
  readonly invoke: (fn: AppFunction, trigger: RpcData) => Promise<RpcData | null | undefined>;
  readonly log: (level: string, category: string, text: string) => void;
}

const LEVELS = ["anonymous", "function", "admin"] as const;

interface HttpFunction {
  readonly fn: AppFunction;
  readonly route: Route;
  readonly methods: readonly string[];
  readonly authLevel: (typeof LEVELS)[number];
}

function toHttpFunction(fn: AppFunction): HttpFunction {
  const { route, methods, authLevel } = fn.trigger;
  const level = LEVELS.find(
    (one) => one === (typeof authLevel === "string" ? authLevel.toLowerCase() : "anonymous"),
  );
  if (level === undefined) {
    throw new Error(
      `HTTP function "${fn.name}" has the authLevel ${JSON.stringify(authLevel)}: use ${LEVELS.join(", ")}`,
    );
  }
  const named = Array.isArray(methods) ? methods.map((one) => String(one).toUpperCase()) : ["GET", "POST"];
  return {
    fn,
    route: parseRoute(typeof route === "string" ? route : fn.name),
    methods: named,
    authLevel: level,
  };
}

function answerOf(name: string, value: RpcData | null | undefined): HttpAnswer {
  const http = value?.http;
  if (http === undefined) return { status: 204 };
  if ((http.cookies ?? []).length > 0) {
    throw new Error(`HTTP function "${name}" sets cookies, which the local host does not speak`);
  }
  const body = http.body?.bytes ?? http.body?.string;
  const status = Number(http.statusCode ?? 200);
  return { status, headers: { ...http.headers }, ...(body === undefined ? {} : { body }) };
}

/** Makes the answerer of an app's HTTP routes; it answers undefined for what no function takes. */
export function httpTriggers(
  options: HttpTriggerOptions,
): (request: HttpRequest) => Promise<HttpAnswer | undefined> {
  const all = options.functions.map(toHttpFunction).sort((a, b) => compareRoutes(a.route, b.route));
  const prefix = options.routePrefix.split("/").filter((part) => part !== "");

  const isAllowed = (one: HttpFunction, request: HttpRequest): boolean => {
    if (one.authLevel === "anonymous" || request.hasKey(options.masterKey)) return true;
    return one.authLevel === "function" && request.hasKey(options.functionKey);
  };

  return async (request) => {
    const path = request.segments.slice(prefix.length);
    const isBelow = prefix.every(
      (part, index) => request.segments[index]?.toLowerCase() === part.toLowerCase(),
    );
    if (!isBelow) return undefined;
    for (const one of all) {
      const params = one.methods.includes(request.method) ? matchRoute(one.route, path) : undefined;
      if (params === undefined) continue;
      if (!isAllowed(one, request)) return { status: 401 };
      const http = {
        method: request.method,
        url: request.url.href,
        headers: request.headers,
        query: Object.fromEntries(request.url.searchParams),
        params,
        body: { bytes: request.body },
      };
      try {
        return answerOf(one.fn.name, await options.invoke(one.fn, { http }));
      } catch (error) {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        options.log("error", `Function.${one.fn.name}`, text);
        return { status: 500 };
      }
    }
    return undefined;
  };
}
