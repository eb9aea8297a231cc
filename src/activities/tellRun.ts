// Tells whoever watches the app how a sealed run ended: the events that the alerts are made from.
import { runEvent } from "../core/telemetry.ts";
import type { RunSummary } from "../core/run.ts";
import { runPaths } from "../core/work-paths.ts";
import type { Deps } from "../deps.ts";
import { finalOutcomes } from "./run/done.ts";
import { requireRecord } from "./run/records.ts";

/** The failed items first, then the run. Told twice when it is repeated: the queries count runs, not lines. */
export async function tellRun(
  { runId }: { readonly runId: string },
  deps: Pick<Deps, "work" | "tell">,
): Promise<{ readonly failedItems: number }> {
  const paths = runPaths(runId);
  const summary = await requireRecord<RunSummary>(deps.work, paths.sealed);
  const { profile } = summary.run;
  let failedItems = 0;
  // The items of a dry run have no outcomes.
  if (summary.run.dryRun === true) {
    deps.tell(runEvent(summary));
    return { failedItems };
  }
  for await (const { outcome } of finalOutcomes({ work: deps.work, paths })) {
    // What a canceled run did not reach is in the run's own event, as a number.
    if (outcome.state !== "failed" || outcome.failure.reason === "not-reached") continue;
    failedItems += 1;
    const { itemId, failure } = outcome;
    deps.tell({ name: "BackupItemFailed", runId, profile, itemId, reason: failure.reason });
  }
  deps.tell(runEvent(summary));
  return { failedItems };
}
