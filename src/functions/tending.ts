// Looks after the run that holds a profile: one that was claimed and not started is started, a dead one is closed.
import type { OpenRunInput } from "../activities/openRun.ts";
import { changeRecord, must, readRecord } from "../activities/run/records.ts";
import type { ProfileState } from "../activities/run/state.ts";
import { runPaths, statePath } from "../core/work-paths.ts";
import type { Deps } from "../deps.ts";
import type { Orchestrations } from "./orchestrations.ts";

/** `closing`: it is dead and being closed. `given-up`: closing failed each time; the profile is free, the run unsealed. */
export type Tended = "running" | "closing" | "free" | "given-up";

/** Closings of one run; sealing may be the very thing that fails. */
export const CLOSINGS_MOST = 3;

/**
 * Safe to call at any time and twice at once. `open` is what the profile's state holds. `mayGiveUp`: the caller can tell
 * an administrator of a run that cannot be closed; another caller leaves it `closing`.
 */
export async function tendRun(
  deps: Deps,
  orchestrations: Orchestrations,
  open: OpenRunInput,
  { mayGiveUp }: { readonly mayGiveUp: boolean },
): Promise<Tended> {
  const state = await orchestrations.state(open.runId);
  if (state === "running") return "running";
  if (state === "absent" && must(await deps.work.info(runPaths(open.runId).run)) === undefined) {
    // Its starter died after the claim, or is about to start it: starting it twice starts it once.
    await orchestrations.start("backup", open.runId, open);
    return "running";
  }
  return close(deps, orchestrations, open, mayGiveUp);
}

async function close(
  deps: Deps,
  orchestrations: Orchestrations,
  open: OpenRunInput,
  mayGiveUp: boolean,
): Promise<Tended> {
  const { runId } = open;
  const path = statePath(open.profile);
  const begun = closings(await readRecord<ProfileState>(deps.work, path), runId);
  if (begun === undefined) return "free";
  const closingId = `${runId}-close`;
  if ((await orchestrations.state(closingId)) === "running") return "closing";
  if (begun >= CLOSINGS_MOST && !mayGiveUp) return "closing";
  let ours = false;
  let count: number | undefined;
  await changeRecord<ProfileState>(deps.work, path, (state) => {
    count = closings(state, runId);
    // Whoever counted between our look and now begins this closing.
    ours = state !== undefined && count === begun;
    if (!ours || state === undefined) return undefined;
    if (begun >= CLOSINGS_MOST) return { ...state, openRun: null, lastRun: runId };
    return { ...state, closing: { runId, count: begun + 1 } };
  });
  if (count === undefined) return "free";
  if (!ours) return "closing";
  if (begun >= CLOSINGS_MOST) return "given-up";
  await orchestrations.start("closeRun", closingId, open);
  return "closing";
}

/** How often closing was begun; undefined when the run does not hold the profile any more. */
function closings(state: ProfileState | undefined, runId: string): number | undefined {
  if (state?.openRun?.runId !== runId) return undefined;
  return state.closing?.runId === runId ? state.closing.count : 0;
}
