// One tick: looks after each profile's open run, starts the profiles that are due, cleans up. Everything is decided from
// records, so that a tick may come twice, late, or die in the middle.
import { changeRecord, listRecords, must, readRecord } from "../activities/run/records.ts";
import type { ProfileState } from "../activities/run/state.ts";
import { dueOccurrence } from "../core/due.ts";
import { printable } from "../core/printable.ts";
import { PROFILE_SCHEMA } from "../core/profile-schema.ts";
import type { Schedule } from "../core/schedule.ts";
import { PROFILES_PREFIX, STATES_PREFIX, profilePath, statePath } from "../core/work-paths.ts";
import type { Deps } from "../deps.ts";
import type { Orchestrations } from "./orchestrations.ts";
import { cleanUp } from "./purging.ts";
import { startRun } from "./starting.ts";
import { CLOSINGS_MOST, type Tended, tendRun } from "./tending.ts";

export interface TickLog {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

/** Throws only when the app's storage cannot be read at all; what goes wrong with one profile does not stop the others. */
export async function tick(deps: Deps, orchestrations: Orchestrations, log: TickLog): Promise<void> {
  must(await deps.work.ready());
  const names = await profileNames(deps, log);
  for (const name of names) {
    await guarded(log, `Profile "${name}"`, () => tickProfile(deps, orchestrations, log, name));
  }
  await guarded(log, "Cleaning up", () => cleanUp(deps, orchestrations, names, log));
}

async function guarded(log: TickLog, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    log.error(`${what}: the tick failed and is repeated with the next one: ${printable(text, 2000)}`);
  }
}

/** Every profile there is, and those that were deleted and may have a run still. */
async function profileNames(deps: Deps, log: TickLog): Promise<readonly string[]> {
  const names = new Set<string>();
  if (deps.defaultProfile !== undefined) names.add(deps.defaultProfile.name);
  for await (const { path } of listRecords(deps.work, PROFILES_PREFIX)) {
    const name = path.slice(PROFILES_PREFIX.length).replace(/\.json$/, "");
    if (isProfileName(name) && path === profilePath(name)) names.add(name);
    else log.warn(`"${printable(path, 200)}" is no profile: its name must be a profile's name and .json`);
  }
  for await (const { path } of listRecords(deps.work, STATES_PREFIX)) {
    const name = path.slice(STATES_PREFIX.length).replace(/\.json$/, "");
    if (isProfileName(name)) names.add(name);
  }
  return [...names].sort();
}

function isProfileName(name: string): boolean {
  return PROFILE_SCHEMA.shape.name.safeParse(name).success;
}

async function tickProfile(
  deps: Deps,
  orchestrations: Orchestrations,
  log: TickLog,
  name: string,
): Promise<void> {
  const state = await readRecord<ProfileState>(deps.work, statePath(name));
  const open = state?.openRun ?? undefined;
  const tended = open === undefined ? "free" : await tendRun(deps, orchestrations, open, { mayGiveUp: true });
  if (open !== undefined) tellTended(log, name, open.runId, tended);

  const found = await scheduleOf(deps, name);
  if (!found.ok) return log.error(`Profile "${name}" is not run: ${printable(found.text, 2000)}`);
  const counted = isSame(state?.schedule, found.schedule)
    ? state
    : await countFromNow(deps, name, found.schedule);
  if (found.schedule === undefined || counted?.since === undefined) return;
  const { since, lastOccurrence } = counted;
  const due = dueOccurrence({ schedule: found.schedule, since, lastOccurrence, now: deps.now() });
  if (due === undefined) return;
  const told = `Profile "${name}": ${due.text}`;
  const started = await startRun(deps, orchestrations, {
    profile: name,
    startedAt: due.at,
    startedBy: "timer",
  });
  if (started.ok) log.info(`${told}; run ${started.id} has started`);
  else if ("open" in started) log.info(`${told}, and waits: run ${started.open} has not finished`);
  else if ("closing" in started)
    log.warn(`${told}, and waits: the dead run ${started.closing} is closed first`);
  else log.error(`${told}, and cannot start: ${printable(started.failure.text, 2000)}`);
}

function tellTended(log: TickLog, name: string, runId: string, tended: Tended): void {
  const run = `Profile "${name}": run ${runId} ended without sealing`;
  if (tended === "closing") log.warn(`${run}; it is being closed`);
  if (tended === "given-up") {
    log.error(
      `${run}, and closing it failed ${CLOSINGS_MOST} times; the profile is free, the run has no report`,
    );
  }
}

type FoundSchedule =
  | { readonly ok: true; readonly schedule: Schedule | undefined }
  | { readonly ok: false; readonly text: string };

/** The schedule as the profile has it now; none for a profile that was deleted. */
async function scheduleOf(deps: Deps, name: string): Promise<FoundSchedule> {
  const stored = must(await deps.work.get(profilePath(name)));
  if (stored === undefined && deps.defaultProfile?.name !== name) return { ok: true, schedule: undefined };
  const profile = deps.profile(name, stored?.bytes);
  if (!profile.ok) return { ok: false, text: profile.failure.text };
  if (profile.value.name === name) return { ok: true, schedule: profile.value.schedule };
  return { ok: false, text: `its blob holds a profile that is called "${profile.value.name}"` };
}

/**
 * A schedule that the app sees first, or changed, counts from now; one that is gone is forgotten, so that it counts anew
 * should it come back. Returns the state as it is then.
 */
async function countFromNow(
  deps: Deps,
  name: string,
  schedule: Schedule | undefined,
): Promise<ProfileState | undefined> {
  let current: ProfileState | undefined;
  const changed = await changeRecord<ProfileState>(deps.work, statePath(name), (state) => {
    current = state;
    // A tick at the same time was faster.
    if (isSame(state?.schedule, schedule)) return undefined;
    if (schedule !== undefined) return { ...FRESH, ...state, since: deps.now(), schedule };
    const { since: _since, schedule: _schedule, ...rest } = state ?? FRESH;
    return rest;
  });
  return changed ?? current;
}

function isSame(one: Schedule | undefined, other: Schedule | undefined): boolean {
  return one?.cron === other?.cron && one?.zone === other?.zone;
}

const FRESH: ProfileState = { openRun: null, lastRun: null };
