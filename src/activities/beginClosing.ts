// Begins to close a dead run (one whose orchestration ended without sealing): what is left of it is told to stop, and a
// run that died before it had a record gets one, so that it can be sealed.
import { runPaths } from "../core/work-paths.ts";
import type { Deps } from "../deps.ts";
import { type OpenRunInput, openRecord } from "./openRun.ts";
import { requestCancel } from "./run/cancel.ts";
import { must, readRecord } from "./run/records.ts";

export interface BegunClosing {
  /** It was sealed after all: only the profile is held still. */
  readonly sealed: boolean;
  /** It signed in: there may be temporary exports of it. */
  readonly reachedPortal: boolean;
}

export async function beginClosing(input: OpenRunInput, deps: Deps): Promise<BegunClosing> {
  must(await deps.work.ready());
  const paths = runPaths(input.runId);
  if ((await readRecord(deps.work, paths.sealed)) !== undefined)
    return { sealed: true, reachedPortal: false };
  await requestCancel(deps.work, input.runId, { at: deps.now(), by: "closing" });
  // Without a profile: the record is made only where opening did not come so far.
  await openRecord(input, undefined, deps);
  return { sealed: false, reachedPortal: (await readRecord(deps.work, paths.portal)) !== undefined };
}
