// Writes what one round saves: its batches for the direct lanes and its pieces for the heavy ones. Items without work get
// their outcome here.
import type { PlannedItem } from "../core/item.ts";
import { batches, heavyOrder, isSettled, planItems } from "../core/plan.ts";
import type { RelationFacts } from "../core/relation-questions.ts";
import { planRound as decideRound } from "../core/rounds.ts";
import { partName, standingPath } from "../core/work-paths.ts";
import type { Deps } from "../deps.ts";
import { cancelRequest } from "./run/cancel.ts";
import { changesOf } from "./run/changes.ts";
import { type Run, readRun } from "./run/context.ts";
import { bookPart, finalOutcomes } from "./run/done.ts";
import { type KeptOutcome, outcomeOf } from "./run/items.ts";
import { listedItems } from "./run/listing.ts";
import { logStep } from "./run/log.ts";
import { firstRecord, readRecord, writeRecord } from "./run/records.ts";
import { readRelationFacts } from "./run/relations.ts";
import { selectContext } from "./run/select-context.ts";

/** `plan/{round}/plan.json`: written last, so that a plan that is there is whole. */
export interface RoundPlan {
  readonly batches: number;
  /** Items in each batch but the last. */
  readonly batchSize: number;
  readonly pieces: number;
  /** Parts of items that are settled by the plan itself. */
  readonly settledParts: number;
  /** Batched items and pieces together: what the lanes work on. */
  readonly items: number;
  /** All items of the round. */
  readonly listed: number;
}

const NOTHING: RoundPlan = { batches: 0, batchSize: 0, pieces: 0, settledParts: 0, items: 0, listed: 0 };
const SETTLED_MOST = 1000;

/** The first round is planned also when the run was canceled, so that its items are told as not reached. */
export async function planRound(
  input: { readonly runId: string; readonly round: number },
  deps: Deps,
): Promise<RoundPlan> {
  const run = await readRun(deps, input.runId);
  const earlier = await readRecord<RoundPlan>(run.work, run.paths.plan(input.round));
  if (earlier !== undefined) return earlier;
  if (input.round > 1 && (await cancelRequest(deps.work, input.runId)) !== undefined) return NOTHING;

  const planned = await itemsOf(run, input.round);
  const settled = await settle(run, input.round, planned.filter(isSettled));
  const atWork = planned.filter((entry) => !isSettled(entry));
  const direct = batches(
    atWork.filter((entry) => entry.lane === "direct"),
    run.profile.lanes,
  );
  const heavy = heavyOrder(
    atWork.filter((entry) => entry.lane === "heavy"),
    await exportDurations(run),
  );
  for (const [n, batch] of direct.entries()) {
    await writeRecord(run.work, run.paths.part(input.round, partName("direct", n)), batch);
  }
  for (const [n, piece] of heavy.entries()) {
    await writeRecord(run.work, run.paths.part(input.round, partName("heavy", n)), [piece]);
  }
  const plan: RoundPlan = {
    batches: direct.length,
    batchSize: direct[0]?.length ?? 0,
    pieces: heavy.length,
    settledParts: settled,
    items: atWork.length,
    listed: planned.length,
  };
  await logStep(run, `3-plan-${input.round}`, [
    {
      at: deps.now(),
      level: "info",
      topic: "planning",
      text: `Round ${input.round}: ${planned.length} items, ${direct.length} batches, ${heavy.length} heavy pieces`,
    },
  ]);
  return firstRecord(run.work, run.paths.plan(input.round), plan);
}

/** Books the items whose outcome the plan is; returns the number of parts. */
async function settle(run: Run, round: number, planned: readonly PlannedItem[]): Promise<number> {
  const finishedAt = run.deps.now();
  const kept = planned.map((entry): KeptOutcome => {
    const { cause } = entry;
    const skipped = cause === undefined ? undefined : { cause, coveredBy: entry.coveredBy ?? [] };
    const outcome = outcomeOf({ planned: entry, tookMs: 0, ...(skipped && { skipped }) });
    return { planned: entry, outcome, finishedAt };
  });
  const parts = Math.ceil(kept.length / SETTLED_MOST);
  for (let n = 0; n < parts; n += 1) {
    const part = kept.slice(n * SETTLED_MOST, (n + 1) * SETTLED_MOST);
    await bookPart(run, round, partName("settled", n), part);
  }
  return parts;
}

/** How long each layer's export took the last time, where an earlier run told. */
export async function exportDurations(run: Run): Promise<Readonly<Record<string, number>>> {
  const standing = await readRecord<{ exportMs?: Readonly<Record<string, number>> }>(
    run.work,
    standingPath(run.record.profile),
  );
  return standing?.exportMs ?? {};
}

/** Everything that was listed, with what is to be done with it and why; `relations`: left out, what was read of them. */
export async function planItemsOf(run: Run, relations?: RelationFacts): Promise<readonly PlannedItem[]> {
  return planItems(await listedItems(run), {
    layout: run.profile.layout,
    views: run.profile.views,
    ...(relations ?? (await readRelationFacts(run))),
    ...(await selectContext(run)),
    ...(await changesOf(run)),
  });
}

/** Round 1 holds everything listed; the later ones what core picks from the outcomes so far. */
async function itemsOf(run: Run, round: number): Promise<readonly PlannedItem[]> {
  if (round === 1) return planItemsOf(run);
  const outcomes = [];
  for await (const kept of finalOutcomes(run)) outcomes.push(kept);
  return decideRound(round, outcomes);
}
