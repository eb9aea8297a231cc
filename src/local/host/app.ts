// Loads a function app by its entry point as the Functions worker does. A module runs once per process, so an app that
// was loaded before keeps its functions when another host starts on it.
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { HookCallback, ProgrammingModel } from "./core-api.ts";
import { installCoreApi, listenToApp, programmingModel } from "./core-api.ts";
import { FunctionTable, toAppFunction } from "./functions.ts";

const HOOKS = ["preInvocation", "postInvocation", "appStart", "appTerminate"] as const;
export type HookName = (typeof HOOKS)[number];
export type Log = (level: string, category: string, text: string) => void;

export interface App {
  readonly folder: string;
  readonly functions: FunctionTable;
  readonly model: ProgrammingModel;
  readonly hooks: Readonly<Record<HookName, HookCallback[]>>;
  /** Shared by all hooks of the app, as the worker's `appHookData`. */
  readonly hookData: Record<string, unknown>;
  /** Where the app's own log lines go that belong to no invocation; the present host sets it. */
  log: Log;
}

const apps = new Map<string, App>();
let loading: Promise<unknown> = Promise.resolve();

function entryOf(appRoot: string): { readonly folder: string; readonly entry: string } {
  const root = path.resolve(appRoot);
  if (!existsSync(root)) throw new Error(`Cannot find the function app "${root}"`);
  if (statSync(root).isFile()) return { folder: path.dirname(root), entry: root };
  const manifest = path.join(root, "package.json");
  if (!existsSync(manifest)) throw new Error(`The function app "${root}" has no package.json`);
  const content: unknown = JSON.parse(readFileSync(manifest, "utf8"));
  const main =
    typeof content === "object" && content !== null && "main" in content ? content.main : undefined;
  if (typeof main !== "string") throw new Error(`"${manifest}" names no entry point in "main"`);
  const entry = path.join(root, main);
  if (!existsSync(entry)) {
    throw new Error(`The function app's entry point "${entry}" does not exist: build the app first`);
  }
  return { folder: root, entry };
}

async function load(folder: string, entry: string, log: Log): Promise<App> {
  installCoreApi();
  const functions = new FunctionTable();
  const hooks: App["hooks"] = { preInvocation: [], postInvocation: [], appStart: [], appTerminate: [] };
  let locked = false;
  let current: Log = log;
  listenToApp({
    registerFunction: (metadata, callback) => {
      if (locked) throw new Error(`Cannot register function "${metadata.name}" after the app has started`);
      functions.add(toAppFunction(metadata, callback));
    },
    registerHook: (name, callback) => {
      const known = HOOKS.find((one) => one === name);
      if (known === undefined) throw new Error(`The local host does not speak the hook "${name}"`);
      hooks[known].push(callback);
      return () => {
        const index = hooks[known].indexOf(callback);
        if (index !== -1) hooks[known].splice(index, 1);
      };
    },
    log: (level, category, text) => {
      current(level, category, text);
    },
  });
  try {
    await import(/* @vite-ignore */ pathToFileURL(entry).href);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot load the function app "${entry}": ${text}`, { cause: error });
  } finally {
    locked = true;
  }
  const model = programmingModel();
  if (model === undefined || functions.names().length === 0) {
    throw new Error(`The function app "${entry}" registers no function`);
  }
  const capabilities = await model.getCapabilities({});
  if (capabilities["HttpUri"] !== undefined) {
    throw new Error(`The function app "${entry}" turns on HTTP streams, which the local host does not speak`);
  }
  return {
    folder,
    functions,
    model,
    hooks,
    hookData: {},
    get log() {
      return current;
    },
    set log(next) {
      current = next;
    },
  };
}

/** Loads the app in a folder (by package.json `main`) or given as a module; throws one sentence that says what is wrong. */
export async function loadApp(appRoot: string, log: Log): Promise<App> {
  const { folder, entry } = entryOf(appRoot);
  const turn = loading.then(async () => {
    const app = apps.get(entry) ?? (await load(folder, entry, log));
    apps.set(entry, app);
    app.log = log;
    return app;
  });
  // Two apps must not load at the same time: what they register would mix. A failure is the caller's, not the next one's.
  loading = turn.catch(() => undefined);
  return turn;
}
