// The outcomes of finished parts: one blob per batch or heavy piece, so that 100,000 items are read in 5,000 calls.
import type { Outcome } from "../../core/outcome.ts";
import type { PlannedItem } from "../../core/item.ts";
import { failed } from "../../core/result.ts";
import { isUnsettled } from "../../core/rounds.ts";
import { partName } from "../../core/work-paths.ts";
import type { RoundPlan } from "../planRound.ts";
import type { Run } from "./context.ts";
import { type KeptOutcome, outcomeOf } from "./items.ts";
import { must, readRecord, requireRecord } from "./records.ts";

export const LAST_ROUND = 3;

type Records = Pick<Run, "work" | "paths">;

/**
 * Every planned item once, in the plan's order, with the outcome of the last round that took it. What no round finished is
 * failed(not-reached), never left out.
 */
export async function* finalOutcomes(run: Records): AsyncGenerator<KeptOutcome> {
  const later = new Map<string, KeptOutcome>();
  for (let round = 2; round <= LAST_ROUND; round += 1) {
    for await (const kept of roundOutcomes(run, round)) {
      // A later round that did not get to an item leaves the earlier outcome standing.
      if (!isNotReached(kept.outcome)) later.set(kept.planned.item.id, kept);
    }
  }
  for await (const kept of roundOutcomes(run, 1)) yield later.get(kept.planned.item.id) ?? kept;
}

/**
 * Books the outcomes of one part; the first booking counts. Its metadata are what the progress is summed from: what a later
 * round may still change is counted when that round, or sealing, has settled it.
 */
export async function bookPart(
  run: Records,
  round: number,
  part: string,
  kept: readonly KeptOutcome[],
): Promise<void> {
  const settled = kept.filter(({ outcome }) => !isUnsettled(round, outcome));
  const count = (state: string) => String(settled.filter(({ outcome }) => outcome.state === state).length);
  const bytes = settled.reduce((sum, { outcome }) => sum + outcome.sizeBytes, 0);
  const put = await run.work.put(run.paths.donePart(round, part), JSON.stringify(kept), {
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
  });
  must(put);
}

async function* roundOutcomes(run: Records, round: number): AsyncGenerator<KeptOutcome> {
  const plan = await readRecord<RoundPlan>(run.work, run.paths.plan(round));
  if (plan === undefined) return;
  const parts = [
    ...Array.from({ length: plan.settledParts }, (_, n) => partName("settled", n)),
    ...Array.from({ length: plan.batches }, (_, n) => partName("direct", n)),
    ...Array.from({ length: plan.pieces }, (_, n) => partName("heavy", n)),
  ];
  for (const part of parts) {
    const done = await readRecord<readonly KeptOutcome[]>(run.work, run.paths.donePart(round, part));
    if (done !== undefined) yield* done;
    else yield* await unfinished(run, round, part);
  }
}

/** A part whose bookkeeping never came: the items that finished, and not-reached for the others. */
async function unfinished(run: Records, round: number, part: string): Promise<readonly KeptOutcome[]> {
  const items = await requireRecord<readonly PlannedItem[]>(run.work, run.paths.part(round, part));
  return Promise.all(
    items.map(
      async (planned) =>
        (await readRecord<KeptOutcome>(run.work, run.paths.outcome(round, planned.item.id))) ??
        notReached(planned),
    ),
  );
}

function notReached(planned: PlannedItem): KeptOutcome {
  const { failure } = failed(
    "not-reached",
    `"${planned.item.title}" was not reached: the run ended before its turn`,
    "Start the run again",
  );
  return { planned, outcome: outcomeOf({ planned, tookMs: 0, failure }), finishedAt: 0 };
}

function isNotReached(outcome: Outcome): boolean {
  return outcome.state === "failed" && outcome.failure.reason === "not-reached";
}
