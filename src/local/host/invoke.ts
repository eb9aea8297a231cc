// One invocation of a function, done as the Functions worker does it: arguments, hooks, the handler, the response.
import { randomUUID } from "node:crypto";
import type { App, HookName, Log } from "./app.ts";
import type { FunctionCallback, RpcData } from "./core-api.ts";
import type { AppFunction } from "./functions.ts";

export interface Invocation {
  readonly app: App;
  readonly fn: AppFunction;
  /** The trigger's value; null arrives as undefined. */
  readonly trigger: RpcData | null;
  readonly triggerMetadata?: Readonly<Record<string, RpcData>>;
  /** The JSON that `durableClient` inputs receive. */
  readonly client: () => string;
  readonly log: Log;
}

function isCallback(value: unknown): value is FunctionCallback {
  return typeof value === "function";
}

function textOf(thrown: unknown): string {
  return typeof thrown === "string" ? thrown : (JSON.stringify(thrown) ?? typeof thrown);
}

async function runHooks(app: App, name: HookName, context: Record<string, unknown>): Promise<void> {
  for (const hook of [...app.hooks[name]]) await hook(context);
}

/** Runs the hooks of the app as a whole (`appStart`, `appTerminate`). */
export async function runAppHooks(app: App, name: "appStart" | "appTerminate"): Promise<void> {
  const context = { functionAppDirectory: app.folder, hookData: {}, appHookData: app.hookData };
  await runHooks(app, name, context);
}

/** Runs one function; resolves with its return value on the wire, rejects with what the handler threw. */
export async function invoke(invocation: Invocation): Promise<RpcData | null | undefined> {
  const { app, fn, log } = invocation;
  const invocationId = randomUUID();
  const call: Record<string, unknown> = {
    invocationId,
    request: {
      invocationId,
      functionId: fn.name,
      inputData: [
        { name: fn.triggerName, data: invocation.trigger },
        ...fn.clientInputs.map((name) => ({ name, data: { string: invocation.client() } })),
      ],
      triggerMetadata: invocation.triggerMetadata ?? {},
      traceContext: { traceParent: "", traceState: "", attributes: {} },
    },
    metadata: fn.metadata,
    state: undefined,
    log: (level: string, category: string, text: string) => {
      log(level, `Function.${fn.name}${category === "user" ? ".User" : ""}`, text);
    },
  };
  const model = await app.model.getInvocationModel(call);
  const { context, inputs } = await model.getArguments();
  const hookData = {};
  const hooked = { hookData, appHookData: app.hookData, invocationContext: context };
  const before = { ...hooked, functionCallback: fn.callback as unknown, inputs: inputs as unknown };
  call["state"] = "preInvocationHooks";
  await runHooks(app, "preInvocation", before);
  const given = Array.isArray(before.inputs) ? (before.inputs as unknown[]) : inputs;
  const callback = isCallback(before.functionCallback) ? before.functionCallback : fn.callback;
  const after: Record<string, unknown> = { ...hooked, inputs: given, result: undefined, error: undefined };
  call["state"] = "invocation";
  try {
    after["result"] = await model.invokeFunction(context, given, callback);
  } catch (error) {
    after["error"] = error ?? new Error("The function threw nothing");
  }
  call["state"] = "postInvocationHooks";
  await runHooks(app, "postInvocation", after);
  const thrown = after["error"];
  if (thrown !== undefined && thrown !== null) {
    throw thrown instanceof Error ? thrown : new Error(textOf(thrown), { cause: thrown });
  }
  const response = await model.getResponse(context, after["result"]);
  return response.returnValue;
}
