// The end of every run, however it came to it: seal, then tell.
import type { OrchestrationContext } from "durable-functions";
import type { Failure } from "../core/result.ts";
import { type Step, attempt, enter, step } from "./steps.ts";

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
  yield* attempt(context, "tellRun", { runId });
  // A mail that cannot be sent does not fail a good backup, and is not silent.
  const mailed = yield* attempt(context, "sendMail", { runId });
  if (mailed.ok && mailed.value.mail === "not sent") context.error(mailed.value.text);
  return { verdict: sealed.verdict };
}
