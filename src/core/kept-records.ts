// What remains of a run's records in `work` after its retention: what people asked for and what its report says.
import { runPaths } from "./work-paths.ts";

/** Days for which all records and the durable history of a run remain. */
export const RECORDS_DAYS = 30;

/** False for what only a running run needs, and the next one for its comparison: plan, outcomes, listing, exports, log. */
export function isKeptForGood(runId: string, path: string): boolean {
  const { run, sealed, results, summary, mail, mailSent, planText } = runPaths(runId);
  return [run, sealed, results, summary, mail, mailSent, planText].includes(path);
}

export interface RunsOfProfile {
  readonly openRun: { readonly runId: string } | null;
  readonly lastRun: string | null;
  /** Ended runs, the newest first. */
  readonly runs?: readonly { readonly id: string; readonly dryRun: boolean }[];
}

/** Runs whose records are needed however old they are: the open one, and the last two that the next one compares with. */
export function neededRuns({ openRun, lastRun, runs = [] }: RunsOfProfile): ReadonlySet<string> {
  const last = runs.filter((run) => !run.dryRun).slice(0, 2);
  return new Set(
    [openRun?.runId, lastRun ?? undefined, ...last.map(({ id }) => id)].filter((id) => id !== undefined),
  );
}
