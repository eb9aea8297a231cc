// Starting a run: one at a time per profile, whoever asks. The claim is a record that is changed under its ETag.
import type { OpenRunInput } from "../activities/openRun.ts";
import { RecordError, changeRecord, must } from "../activities/run/records.ts";
import type { ProfileState } from "../activities/run/state.ts";
import type { Failure } from "../core/result.ts";
import { runId } from "../core/run-id.ts";
import { profilePath, statePath } from "../core/work-paths.ts";
import type { Deps } from "../deps.ts";
import type { Orchestrations } from "./orchestrations.ts";

/** What is asked for; `startedAt` (epoch ms) becomes part of the run's id. */
export type Ask = Omit<OpenRunInput, "runId">;

export type Started =
  | { readonly ok: true; readonly id: string }
  /** The profile has an open run. */
  | { readonly ok: false; readonly open: string }
  | { readonly ok: false; readonly failure: Failure };

/** Starts a run unless the profile has one that is open. Throws a RecordError when the app's storage refuses. */
export async function startRun(deps: Deps, orchestrations: Orchestrations, ask: Ask): Promise<Started> {
  must(await deps.work.ready());
  const profile = await profileOf(deps, ask.profile);
  if (!profile.ok) return { ok: false, failure: profile.failure };
  const input: OpenRunInput = { ...ask, runId: runId(ask.profile, ask.startedAt) };
  const open = await claimProfile(deps, orchestrations, input);
  if (open !== undefined) return { ok: false, open };
  await orchestrations.start("backup", input.runId, input);
  return { ok: true, id: input.runId };
}

async function profileOf(deps: Deps, name: string): Promise<ReturnType<Deps["profile"]>> {
  const stored = must(await deps.work.get(profilePath(name)));
  return deps.profile(name, stored?.bytes);
}

/** Makes `input` the profile's open run, or answers with the id of the one that is open already. */
async function claimProfile(
  deps: Deps,
  orchestrations: Orchestrations,
  input: OpenRunInput,
): Promise<string | undefined> {
  const path = statePath(input.profile);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    let open: OpenRunInput | undefined;
    const changed = await changeRecord<ProfileState>(deps.work, path, (state) => {
      open = state?.openRun ?? undefined;
      return open === undefined ? { ...state, openRun: input, lastRun: state?.lastRun ?? null } : undefined;
    });
    if (changed !== undefined) return undefined;
    if (open === undefined) continue;
    const state = await orchestrations.state(open.runId);
    // Claimed and not started: its starter died in between, or is about to. Starting it twice starts it once.
    if (state === "absent") await orchestrations.start("backup", open.runId, open);
    if (state !== "ended") return open.runId;
    // Its instance ended without sealing: the profile is free again.
    const { runId: dead } = open;
    await changeRecord<ProfileState>(deps.work, path, (current) =>
      current?.openRun?.runId === dead ? { ...current, openRun: null, lastRun: dead } : undefined,
    );
  }
  throw new RecordError(`Cannot claim the profile "${input.profile}": other starters came between 10 times`);
}
