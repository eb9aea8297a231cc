// Closes a dead run: what is left of it stops, its temporary exports are swept, and it is sealed as failed.
import type { OrchestrationContext } from "durable-functions";
import type { OpenRunInput } from "../activities/openRun.ts";
import type { Failure } from "../core/result.ts";
import { type Finished, finish } from "./finish.ts";
import { type Step, attempt, enter, step, wait } from "./steps.ts";

// Terminating an orchestration stops neither its lanes nor their activities: they look at the flag between two items.
const STOPPING_MS = 60_000;

const DEAD: Failure = {
  reason: "program-error",
  text: "The run stopped before its end: its orchestration was terminated, failed, or lost its history",
  next: "Start the run again; if nobody terminated it, look at the function app's exceptions",
};

export function* closeRun(context: OrchestrationContext): Step<Finished> {
  const input = context.df.getInput<OpenRunInput>();
  if (input === undefined) throw new TypeError("closeRun needs an input");
  const begun = yield* step(context, "beginClosing", input);
  if (!begun.sealed) {
    yield* wait(context, STOPPING_MS);
    enter(context, "sweeping");
    // What cannot be swept is no reason to leave the run without a report.
    if (begun.reachedPortal) yield* attempt(context, "sweepExports", { runId: input.runId });
  }
  return yield* finish(context, input.runId, DEAD);
}
