// Books a finished batch or heavy piece: its outcomes in one blob, its counts where the progress is read from.
import type { PlannedItem } from "../core/item.ts";
import { failed } from "../core/result.ts";
import { isUnsettled } from "../core/rounds.ts";
import type { Deps } from "../deps.ts";
import { readRun } from "./run/context.ts";
import { type KeptOutcome, outcomeOf } from "./run/items.ts";
import { must, readRecord, requireRecord } from "./run/records.ts";

export interface RecordPartInput {
  readonly runId: string;
  readonly round: number;
  readonly part: string;
}

/** An item of the part without an outcome is one whose steps were lost again and again: failed(program-error). */
export async function recordPart(input: RecordPartInput, deps: Deps): Promise<{ readonly items: number }> {
  const run = await readRun(deps, input.runId);
  const planned = await requireRecord<readonly PlannedItem[]>(
    run.work,
    run.paths.part(input.round, input.part),
  );
  const kept = await Promise.all(
    planned.map(
      async (entry) =>
        (await readRecord<KeptOutcome>(run.work, run.paths.outcome(input.round, entry.item.id))) ??
        lost(entry, deps.now()),
    ),
  );
  // What a later round may still change is counted when that round, or sealing, has settled it.
  const settled = kept.filter((entry) => !isUnsettled(input.round, entry.outcome));
  const count = (state: string) => String(settled.filter((entry) => entry.outcome.state === state).length);
  const bytes = settled.reduce((sum, entry) => sum + entry.outcome.sizeBytes, 0);
  must(
    await run.work.put(run.paths.donePart(input.round, input.part), JSON.stringify(kept), {
      contentType: "application/json",
      when: "absent",
      metadata: {
        saved: count("saved"),
        unchanged: count("unchanged"),
        skipped: count("skipped"),
        failed: count("failed"),
        unsettled: String(kept.length - settled.length),
        bytes: String(bytes),
      },
    }),
  );
  return { items: kept.length };
}

function lost(planned: PlannedItem, now: number): KeptOutcome {
  const { failure } = failed(
    "program-error",
    `The backup program failed three times while it worked on "${planned.item.title}"`,
    "Start the run again; if it happens again, send the run's Full_log.log and the function app's exceptions to support",
  );
  return { planned, outcome: outcomeOf({ planned, tookMs: 0, failure }), finishedAt: now };
}
