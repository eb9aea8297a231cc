// The daily clean-up: durable history, and the records of old runs that only a running run needs.
import { listRecords, must, readRecord, writeRecord } from "../activities/run/records.ts";
import type { ProfileState } from "../activities/run/state.ts";
import { RECORDS_DAYS, isKeptForGood, neededRuns } from "../core/kept-records.ts";
import { stamp } from "../core/run-id.ts";
import { UPKEEP_PATH, statePath } from "../core/work-paths.ts";
import type { Deps } from "../deps.ts";
import type { Orchestrations } from "./orchestrations.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
// A run of 5,000 items leaves some 15,000 records: a day's runs are gone within the day, a tick lasts seconds.
const DELETED_A_TICK = 2_000;
const DELETED_AT_ONCE = 20;
const DAYS_A_TICK = 31;

/** What is done; both repeat without harm when a tick dies before it is written. */
interface Upkeep {
  /** When durable history was purged last, epoch ms. */
  readonly historyAt: number;
  /** Runs that began before this midnight (UTC, epoch ms) have been looked at. */
  readonly through: number;
  /** Old runs that were needed still when they were looked at. */
  readonly passedOver: readonly string[];
}

/** Does what is due, bounded; called by each tick. `profiles`: names of all that may have runs. */
export async function cleanUp(
  deps: Deps,
  orchestrations: Orchestrations,
  profiles: readonly string[],
  log: { info(text: string): void },
): Promise<void> {
  const now = deps.now();
  const before = await readRecord<Upkeep>(deps.work, UPKEEP_PATH);
  const limit = Math.floor(now / DAY_MS - RECORDS_DAYS) * DAY_MS;
  if (before === undefined || now - before.historyAt >= DAY_MS) {
    const count = await orchestrations.purge(now - RECORDS_DAYS * DAY_MS);
    if (count > 0) log.info(`Deleted the history of ${count} orchestrations older than ${RECORDS_DAYS} days`);
    // The first tick of an app: nothing is older than the app itself.
    await writeRecord(deps.work, UPKEEP_PATH, {
      ...(before ?? { through: limit, passedOver: [] }),
      historyAt: now,
    });
    return;
  }
  if (before.through >= limit) return;
  await purgeRecords(deps, profiles, before, limit);
}

/** Day by day from where the last tick stopped. */
async function purgeRecords(
  deps: Deps,
  profiles: readonly string[],
  before: Upkeep,
  limit: number,
): Promise<void> {
  const needed = new Set<string>();
  for (const profile of profiles) {
    const state = await readRecord<ProfileState>(deps.work, statePath(profile));
    if (state !== undefined) for (const id of neededRuns(state)) needed.add(id);
  }
  const budget = { left: DELETED_A_TICK };
  const passedOver = new Set<string>();
  for (const id of before.passedOver) {
    if (needed.has(id)) passedOver.add(id);
    else if (!(await purgeBelow(deps, `runs/${id}/`, needed, passedOver, budget))) return;
  }
  let { through } = before;
  for (let days = 0; days < DAYS_A_TICK && through < limit; days += 1) {
    const day = stamp(through).slice(0, "yyyyMMddT".length);
    for (const profile of profiles) {
      if (!(await purgeBelow(deps, `runs/${profile}-${day}`, needed, passedOver, budget))) return;
    }
    through += DAY_MS;
  }
  await writeRecord(deps.work, UPKEEP_PATH, { ...before, through, passedOver: [...passedOver].sort() });
}

/** Deletes below a prefix what is not kept; false when the tick has deleted enough and the next one goes on here. */
async function purgeBelow(
  deps: Deps,
  prefix: string,
  needed: ReadonlySet<string>,
  passedOver: Set<string>,
  budget: { left: number },
): Promise<boolean> {
  let batch: string[] = [];
  const flush = async (): Promise<void> => {
    for (const deleted of await Promise.all(batch.map((path) => deps.work.delete(path)))) must(deleted);
    batch = [];
  };
  for await (const { path } of listRecords(deps.work, prefix)) {
    const runId = path.split("/")[1] ?? "";
    if (needed.has(runId)) {
      passedOver.add(runId);
      continue;
    }
    if (isKeptForGood(runId, path)) continue;
    if (budget.left === 0) {
      await flush();
      return false;
    }
    budget.left -= 1;
    batch.push(path);
    if (batch.length === DELETED_AT_ONCE) await flush();
  }
  await flush();
  return true;
}
