// The process's one set of clients, made when first needed: an app that is set up wrong still loads and says so.
import { readConfig } from "../config.ts";
import { type Deps, makeDeps } from "../deps.ts";
import { tellBy } from "./telemetry.ts";

export type AppDeps =
  { readonly ok: true; readonly deps: Deps } | { readonly ok: false; readonly problems: readonly string[] };

let made: AppDeps | undefined;

/** The clients, or every problem of the app settings. */
export function appDeps(): AppDeps {
  if (made?.ok === true) return made;
  const read = readConfig();
  made = read.ok ? { ok: true, deps: makeDeps(read.config) } : read;
  return made;
}

/** The clients for an activity; throws with every problem, since no run is started without good settings. */
export function requireDeps(context: Parameters<typeof tellBy>[0]): Deps {
  const found = appDeps();
  if (found.ok) return { ...found.deps, tell: tellBy(context) };
  const text = `The app settings are wrong: ${found.problems.join("; ")}`;
  context.error(text);
  throw new Error(text);
}
