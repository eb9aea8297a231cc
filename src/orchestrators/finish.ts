// The end of every run, however it came to it: seal, then tell.
import type { OrchestrationContext } from "durable-functions";
import type { Failure } from "../core/result.ts";
import { type Step, enter, step } from "./steps.ts";

export interface Finished {
  readonly verdict: string;
}

/** Seals the run and tells of it. `failure`: what ended it early. */
export function* finish(
  context: OrchestrationContext,
  runId: string,
  failure: Failure | undefined,
): Step<Finished> {
  enter(context, "sealing");
  const sealed = yield* step(context, "sealRun", { runId, ...(failure && { failure }) });
  enter(context, "sealed");
  return { verdict: sealed.verdict };
}
