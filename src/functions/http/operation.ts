// What all HTTP functions have in common: the address from the table, the key, the clients, and an answer whatever happens.
import type { HttpFunctionOptions, HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { RecordError, must } from "../../activities/run/records.ts";
import type { Deps } from "../../deps.ts";
import { appDeps } from "../app-deps.ts";
import { OPERATIONS, type OperationName } from "./operations.ts";
import { errorReply } from "./replies.ts";

export interface Call {
  readonly request: HttpRequest;
  readonly deps: Deps;
  readonly context: InvocationContext;
}

/** The options under which the function of this name is registered. */
export function operation(
  name: OperationName,
  handle: (call: Call) => Promise<HttpResponseInit>,
): HttpFunctionOptions {
  const { method, route } = OPERATIONS[name];
  return {
    route,
    methods: [method],
    authLevel: "function",
    handler: async (request, context) => {
      const reply = await replyTo(request, context, handle);
      // Every answer is as of now, and proxies keep none.
      return { ...reply, headers: { ...reply.headers, "cache-control": "no-store" } };
    },
  };
}

const ready = new WeakSet<Deps>();

/** A fresh app has no container for its records yet. */
async function makeReady(deps: Deps): Promise<void> {
  if (ready.has(deps)) return;
  must(await deps.work.ready());
  ready.add(deps);
}

async function replyTo(
  request: HttpRequest,
  context: InvocationContext,
  handle: (call: Call) => Promise<HttpResponseInit>,
): Promise<HttpResponseInit> {
  const found = appDeps();
  if (!found.ok) return errorReply("app-settings", "The app settings are wrong", found.problems);
  try {
    await makeReady(found.deps);
    return await handle({ request, deps: found.deps, context });
  } catch (error) {
    if (error instanceof RecordError) {
      return errorReply("storage-refused", error.message, ["Check the storage account of the function app"]);
    }
    context.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return errorReply("program-error", "The app itself failed", [
      "Ask again; if it happens again, send the function app's log to support",
    ]);
  }
}
