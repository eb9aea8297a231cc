// Starting a run: one at a time per profile, whoever asks. The claim is a record that is changed under its ETag.
import type { OpenRunInput } from "../activities/openRun.ts";
import { RecordError, changeRecord, must } from "../activities/run/records.ts";
import type { ProfileState } from "../activities/run/state.ts";
import type { Failure } from "../core/result.ts";
import { runId } from "../core/run-id.ts";
import { profilePath, runPaths, statePath } from "../core/work-paths.ts";
import type { Deps } from "../deps.ts";
import type { Orchestrations } from "./orchestrations.ts";
import { tendRun } from "./tending.ts";

/** What is asked for; `startedAt` (epoch ms) becomes part of the run's id. For a timer it is the occurrence. */
export type Ask = Omit<OpenRunInput, "runId">;

export type Started =
  | { readonly ok: true; readonly id: string }
  /** The profile has an open run, or this occurrence was started before. */
  | { readonly ok: false; readonly open: string }
  /** The profile's run is dead and is being closed. */
  | { readonly ok: false; readonly closing: string }
  | { readonly ok: false; readonly failure: Failure };

/** Starts a run unless the profile has one that is open. Throws a RecordError when the app's storage refuses. */
export async function startRun(deps: Deps, orchestrations: Orchestrations, ask: Ask): Promise<Started> {
  must(await deps.work.ready());
  const profile = await profileOf(deps, ask.profile);
  if (!profile.ok) return { ok: false, failure: profile.failure };
  const input = await inputOf(deps, ask);
  const held = await claimProfile(deps, orchestrations, ask, input);
  if (held !== undefined) return held;
  await orchestrations.start("backup", input.runId, input);
  return { ok: true, id: input.runId };
}

/** The profile as people wrote it, or the default one of the app settings. */
export async function profileOf(deps: Deps, name: string): Promise<ReturnType<Deps["profile"]>> {
  const stored = must(await deps.work.get(profilePath(name)));
  return deps.profile(name, stored?.bytes);
}

/** An id that no run has yet: a nightly run and one that was asked for may begin in the same second. */
async function inputOf(deps: Deps, ask: Ask): Promise<OpenRunInput> {
  for (let seconds = 0; seconds < 60; seconds += 1) {
    const startedAt = ask.startedAt + seconds * 1000;
    const id = runId(ask.profile, startedAt);
    if (must(await deps.work.info(runPaths(id).run)) === undefined) return { ...ask, startedAt, runId: id };
  }
  throw new RecordError(`Cannot find a free run id for the profile "${ask.profile}"`);
}

/**
 * Makes `input` the profile's open run, or answers with what holds the profile. A timer's occurrence is noted in the same
 * write, so that it is started once by however many ticks, and is not lost when this one dies right after.
 */
async function claimProfile(
  deps: Deps,
  orchestrations: Orchestrations,
  ask: Ask,
  input: OpenRunInput,
): Promise<Started | undefined> {
  const occurrence = ask.startedBy === "timer" ? ask.startedAt : undefined;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    let open: OpenRunInput | undefined;
    let wasStarted = false;
    const changed = await changeRecord<ProfileState>(deps.work, statePath(input.profile), (state) => {
      wasStarted = occurrence !== undefined && (state?.lastOccurrence ?? -Infinity) >= occurrence;
      open = state?.openRun ?? undefined;
      if (open !== undefined || wasStarted) return undefined;
      return {
        ...state,
        openRun: input,
        lastRun: state?.lastRun ?? null,
        ...(occurrence !== undefined && { lastOccurrence: occurrence }),
      };
    });
    if (changed !== undefined) return undefined;
    if (wasStarted) return { ok: false, open: input.runId };
    if (open === undefined) continue;
    const tended = await tendRun(deps, orchestrations, open, { mayGiveUp: false });
    if (tended === "running") return { ok: false, open: open.runId };
    if (tended === "closing") return { ok: false, closing: open.runId };
  }
  throw new RecordError(`Cannot claim the profile "${input.profile}": other starters came between 10 times`);
}
