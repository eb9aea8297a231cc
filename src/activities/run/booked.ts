// What the lanes of a run have booked, from the metadata of the done parts. Only outcomes that no later round changes are
// counted, so that no sum ever sinks: an item that is repeated counts when its last round has booked it, and what no round
// took up again when the run is sealed.
import type { Counts } from "../../core/run.ts";
import { runPaths } from "../../core/work-paths.ts";
import type { Deps } from "../../deps.ts";
import type { RoundPlan } from "../planRound.ts";
import { LAST_ROUND } from "./done.ts";
import { listRecords, readRecord } from "./records.ts";

export interface Booked {
  readonly counts: Counts;
  readonly sizeBytes: number;
  /** Items that had their turn and are not counted. */
  readonly unsettled: number;
  /** Rounds and parts (`1-d000004`) that are booked. */
  readonly parts: ReadonlySet<string>;
}

const STATES = ["saved", "unchanged", "skipped", "failed"] as const;

export async function readBooked(deps: Deps, runId: string): Promise<Booked> {
  const paths = runPaths(runId);
  const plan = await readRecord<RoundPlan>(deps.work, paths.plan(1));
  const counts = { saved: 0, unchanged: 0, skipped: 0, failed: 0 };
  const parts = new Set<string>();
  let sizeBytes = 0;
  let unsettled = 0;
  for (let round = 1; round <= LAST_ROUND; round += 1) {
    const prefix = paths.donePrefix(round);
    for await (const { path, metadata } of listRecords(deps.work, prefix)) {
      const number = (key: string) => Number(metadata[key] ?? 0);
      for (const state of STATES) counts[state] += number(state);
      sizeBytes += number("bytes");
      unsettled += number("unsettled");
      // What a later round takes up was unsettled before.
      if (round > 1) unsettled -= number("unsettled") + STATES.reduce((sum, state) => sum + number(state), 0);
      parts.add(`${round}-${path.slice(prefix.length).replace(/\.json$/, "")}`);
    }
  }
  return {
    counts: { listed: plan?.listed ?? 0, ...counts },
    sizeBytes,
    unsettled: Math.max(0, unsettled),
    parts,
  };
}
