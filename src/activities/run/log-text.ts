// Full_log.log of a sealed run, where it can be read; and the events that are recorded so far, which need the app's own storage
// alone.
import type { Store } from "../../clients/store/store.ts";
import { type LogEvent, logLine } from "../../core/log-line.ts";
import type { Profile } from "../../core/profile.ts";
import type { RunRecord } from "../../core/run.ts";
import { runPaths } from "../../core/work-paths.ts";
import type { Deps } from "../../deps.ts";
import { LAST_ROUND } from "./done.ts";
import { type KeptOutcome, itemEvent } from "./items.ts";
import { listRecords, readRecord } from "./records.ts";

export interface LogFile {
  readonly store: Store;
  readonly path: string;
  readonly sizeBytes: number;
}

/** undefined where the run folder has none or may not be read: a destination may take writes alone. */
export async function sealedLog(deps: Deps, run: RunRecord): Promise<LogFile | undefined> {
  const profile = await readRecord<Profile>(deps.work, runPaths(run.runId).profile);
  const backups = profile === undefined ? undefined : await deps.backups(profile);
  if (backups?.ok !== true) return undefined;
  const path = `${run.folder}/Full_log.log`;
  const info = await backups.value.info(path);
  if (!info.ok || info.value === undefined) return undefined;
  return { store: backups.value, path, sizeBytes: info.value.sizeBytes };
}

/** Batches of some 20 items: what is read for one answer is some 20,000 lines. */
const MOST_RECORDS = 1000;
const AT_A_TIME = 8;

/** Lines of the steps and of the booked items by time; the first line says so when there are more. Empty: none are kept. */
export async function logSoFar(deps: Deps, runId: string): Promise<string> {
  const paths = runPaths(runId);
  const events: LogEvent[] = [];
  let left = MOST_RECORDS;
  const more = async (prefix: string, eventsOf: (record: readonly unknown[]) => readonly LogEvent[]) => {
    const names: string[] = [];
    for await (const { path } of listRecords(deps.work, prefix)) {
      if (names.length > left) break;
      names.push(path);
    }
    const taken = names.slice(0, left);
    for (let at = 0; at < taken.length; at += AT_A_TIME) {
      const group = taken.slice(at, at + AT_A_TIME);
      const records = await Promise.all(group.map((path) => readRecord<readonly unknown[]>(deps.work, path)));
      for (const record of records) events.push(...eventsOf(record ?? []));
    }
    left -= taken.length;
    return names.length > taken.length;
  };
  let cut = await more(paths.log, (record) => record as readonly LogEvent[]);
  for (let round = 1; round <= LAST_ROUND; round += 1) {
    const kept = (record: readonly unknown[]) => (record as readonly KeptOutcome[]).map(itemEvent);
    cut = (await more(paths.donePrefix(round), kept)) || cut;
  }
  const lines = events.sort((a, b) => a.at - b.at).map(logLine);
  const note = "# More is recorded than is shown here: the whole log is written when the run is sealed";
  return [...(cut ? [note] : []), ...lines].map((line) => `${line}\n`).join("");
}
