// Writes what one round saves: its batches for the direct lanes and its pieces for the heavy ones.
import { batches, heavyOrder, planItems } from "../core/plan.ts";
import type { PlannedItem } from "../core/item.ts";
import { planRound as decideRound } from "../core/rounds.ts";
import { partName } from "../core/work-paths.ts";
import type { Deps } from "../deps.ts";
import { type Run, readRun } from "./run/context.ts";
import { finalOutcomes } from "./run/done.ts";
import { listedItems } from "./run/listing.ts";
import { logStep } from "./run/log.ts";
import { firstRecord, readRecord, writeRecord } from "./run/records.ts";

/** `plan/{round}/plan.json`: written last, so that a plan that is there is whole. */
export interface RoundPlan {
  readonly batches: number;
  /** Items in each batch but the last. */
  readonly batchSize: number;
  readonly pieces: number;
  /** Batched items and pieces together. */
  readonly items: number;
}

export async function planRound(
  input: { readonly runId: string; readonly round: number },
  deps: Deps,
): Promise<RoundPlan> {
  const run = await readRun(deps, input.runId);
  const earlier = await readRecord<RoundPlan>(run.work, run.paths.plan(input.round));
  if (earlier !== undefined) return earlier;

  const planned = await itemsOf(run, input.round);
  const direct = batches(
    planned.filter((entry) => entry.lane === "direct"),
    run.profile.lanes,
  );
  const heavy = heavyOrder(planned.filter((entry) => entry.lane === "heavy"));
  for (const [n, batch] of direct.entries()) {
    await writeRecord(run.work, run.paths.part(input.round, partName("direct", n)), batch);
  }
  for (const [n, piece] of heavy.entries()) {
    await writeRecord(run.work, run.paths.part(input.round, partName("heavy", n)), [piece]);
  }
  const plan = {
    batches: direct.length,
    batchSize: direct[0]?.length ?? 0,
    pieces: heavy.length,
    items: planned.length,
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

/** Round 1 holds everything listed; the later ones what core picks from the outcomes so far. */
async function itemsOf(run: Run, round: number): Promise<readonly PlannedItem[]> {
  if (round === 1) {
    return planItems(await listedItems(run), { layout: run.profile.layout, offlinePackageIds: new Set() });
  }
  const outcomes = [];
  for await (const kept of finalOutcomes(run)) outcomes.push(kept);
  return decideRound(round, outcomes);
}
