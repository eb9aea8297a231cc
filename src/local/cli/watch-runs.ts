// Tells each run's start and end as it happens, whoever started it, from what the app remembers of its profiles.
import type { RunStatus } from "../../core/run.ts";
import type { ProfileRuns } from "./profile-states.ts";

export interface WatchPorts {
  /** undefined = no answer to be had right now. */
  readonly states: () => Promise<readonly ProfileRuns[] | undefined>;
  readonly status: (runId: string) => Promise<RunStatus | undefined>;
  readonly started: (status: RunStatus) => void;
  readonly ended: (status: RunStatus) => Promise<void>;
}

interface Seen {
  readonly open: Set<string>;
  /** The last run of a profile when it was looked at before. */
  readonly last: Map<string, string | null>;
}

/** Returns a function that looks once and tells what is new; the first look tells what is open already. */
export function watchRuns(ports: WatchPorts): () => Promise<void> {
  const seen: Seen = { open: new Set(), last: new Map() };
  let first = true;
  return async () => {
    const states = await ports.states();
    if (states === undefined) return;
    for (const state of states) await look(state, seen, first, ports);
    first = false;
  };
}

async function look(
  { profile, openRun, lastRun }: ProfileRuns,
  seen: Seen,
  first: boolean,
  ports: WatchPorts,
): Promise<void> {
  const ended = [...seen.open].filter((id) => id !== openRun && id.startsWith(`${profile}-`));
  // One that began and ended between two looks.
  if (lastRun !== null && !first && seen.last.get(profile) !== lastRun && !ended.includes(lastRun)) {
    ended.push(lastRun);
  }
  for (const id of ended) {
    const status = await ports.status(id);
    if (status === undefined || status.verdict === null) continue;
    if (!seen.open.delete(id)) ports.started(status);
    await ports.ended(status);
  }
  seen.last.set(profile, lastRun);
  if (openRun === null || seen.open.has(openRun)) return;
  const status = await ports.status(openRun);
  if (status === undefined || status.verdict !== null) return;
  seen.open.add(openRun);
  ports.started(status);
}
