// `state/{profile}.json`: what the app remembers of a profile between its runs.
import type { Counts, RunSummary, StartedBy, Verdict } from "../../core/run.ts";
import type { Schedule } from "../../core/schedule.ts";
import type { OpenRunInput } from "../openRun.ts";

export interface ProfileState {
  /** The run that holds the profile; null when the next one may start. Enough to start it, should its starter have died. */
  readonly openRun: OpenRunInput | null;
  readonly lastRun: string | null;
  /** When the app first saw `schedule`, epoch ms: it counts from here. Absent until the first tick that saw one. */
  readonly since?: number;
  /** What `since` was taken for: another schedule counts from the tick that sees it. */
  readonly schedule?: Schedule;
  /** The newest occurrence of the schedule that was started, epoch ms. */
  readonly lastOccurrence?: number;
  /** How often closing a dead run was begun; counts for that run only. */
  readonly closing?: { readonly runId: string; readonly count: number };
  /** Ended runs, the newest first, at most RUNS_KEPT. */
  readonly runs?: readonly RunOutline[];
}

export const RUNS_KEPT = 100;

/** An ended run in a list of runs. */
export interface RunOutline {
  readonly id: string;
  readonly verdict: Verdict;
  readonly startedBy: StartedBy;
  readonly dryRun: boolean;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly counts: Counts;
  readonly sizeBytes: number;
  readonly container: string;
  readonly folder: string;
}

/** The outline of a sealed run. */
export function outlineOf({ run, verdict, finishedAt, counts, sizeBytes }: RunSummary): RunOutline {
  return {
    id: run.runId,
    verdict,
    startedBy: run.startedBy,
    dryRun: run.dryRun === true,
    startedAt: run.openedAt,
    finishedAt,
    counts,
    sizeBytes,
    container: run.container,
    folder: run.folder,
  };
}

/** The state with one more ended run; adding the same one again changes nothing, and the oldest ones go. */
export function addOutline(state: ProfileState, outline: RunOutline): ProfileState {
  const others = (state.runs ?? []).filter(({ id }) => id !== outline.id);
  const runs = [outline, ...others].sort((a, b) => b.startedAt - a.startedAt).slice(0, RUNS_KEPT);
  return { ...state, runs };
}
