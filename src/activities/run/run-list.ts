// The runs of all profiles or of one, the newest first: open ones and the ended ones that the profiles' states remember.
import { STATES_PREFIX, statePath } from "../../core/work-paths.ts";
import type { Deps } from "../../deps.ts";
import { listRecords, readRecord } from "./records.ts";
import type { ProfileState, RunOutline } from "./state.ts";

/** A run in the list: `verdict` and what follows it are null while it is open. */
export type ListedRun = Pick<RunOutline, "id" | "startedBy" | "dryRun" | "startedAt"> & {
  readonly profile: string;
} & {
  readonly [K in "verdict" | "finishedAt" | "counts" | "sizeBytes" | "container" | "folder"]:
    RunOutline[K] | null;
};

/** Where a page ended: its last run. */
export type RunMark = Pick<ListedRun, "startedAt" | "id">;

export interface RunPage {
  readonly runs: readonly ListedRun[];
  /** undefined: the end of the list. */
  readonly next: RunMark | undefined;
}

export interface RunQuery {
  /** undefined = all. */
  readonly profile: string | undefined;
  readonly top: number;
  /** The page begins after it. */
  readonly after: RunMark | undefined;
}

/** One page of at most `top` runs. Holds no more than that and one profile's runs in memory. */
export async function listRuns(deps: Deps, { profile, top, after }: RunQuery): Promise<RunPage> {
  let runs: readonly ListedRun[] = [];
  for await (const name of profile === undefined ? profilesWithState(deps) : [profile]) {
    const state = await readRecord<ProfileState>(deps.work, statePath(name));
    if (state === undefined) continue;
    const further = runsOf(name, state).filter((run) => after === undefined || byTime(run, after) > 0);
    runs = [...runs, ...further].sort(byTime).slice(0, top + 1);
  }
  const shown = runs.slice(0, top);
  const last = shown.at(-1);
  const next =
    runs.length > top && last !== undefined ? { startedAt: last.startedAt, id: last.id } : undefined;
  return { runs: shown, next };
}

async function* profilesWithState(deps: Deps): AsyncGenerator<string> {
  for await (const { path } of listRecords(deps.work, STATES_PREFIX)) {
    // Beside `{profile}.json` lie other records of the profile, with a dot in their names.
    const name = /^[a-z0-9-]+(?=\.json$)/.exec(path.slice(STATES_PREFIX.length))?.[0];
    if (name !== undefined) yield name;
  }
}

function runsOf(profile: string, { openRun, runs = [] }: ProfileState): readonly ListedRun[] {
  const ended = runs.map((run) => ({ ...run, profile }));
  if (openRun === null || ended.some(({ id }) => id === openRun.runId)) return ended;
  const { runId, startedBy, dryRun, startedAt } = openRun;
  const open: ListedRun = {
    ...{ id: runId, profile, startedBy, dryRun: dryRun === true, startedAt },
    ...{ verdict: null, finishedAt: null, counts: null, sizeBytes: null, container: null, folder: null },
  };
  return [open, ...ended];
}

/** The newest first; ids tell runs of the same moment apart. */
function byTime(a: RunMark, b: RunMark): number {
  return b.startedAt - a.startedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}
