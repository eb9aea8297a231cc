// Books a finished batch or heavy piece: its outcomes in one blob, its counts where the progress is read from.
import type { PlannedItem } from "../core/item.ts";
import { failed } from "../core/result.ts";
import type { Deps } from "../deps.ts";
import { endAtWork } from "./run/at-work.ts";
import { readRun } from "./run/context.ts";
import { bookPart } from "./run/done.ts";
import { type KeptOutcome, outcomeOf } from "./run/items.ts";
import { tellRequests } from "./run/requests.ts";
import { readRecord, requireRecord } from "./run/records.ts";

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
  await bookPart(run, input.round, input.part, kept);
  await endAtWork(deps, input);
  await tellRequests(run);
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
