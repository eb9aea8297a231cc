// What every activity of a run works with: its record, its profile as it was when the run opened, and the clients.
import type { Portal } from "../../clients/portal/portal.ts";
import type { Store } from "../../clients/store/store.ts";
import type { Profile } from "../../core/profile.ts";
import { type Result, ok } from "../../core/result.ts";
import type { PortalSummary, RunRecord } from "../../core/run.ts";
import { type RunPaths, runPaths } from "../../core/work-paths.ts";
import type { Deps } from "../../deps.ts";
import { requireFixed } from "./records.ts";

export interface Run {
  readonly record: RunRecord;
  readonly profile: Profile;
  readonly paths: RunPaths;
  readonly work: Store;
  readonly deps: Deps;
}

/** A run that reaches its portal and its destination. */
export interface RunAtWork extends Run {
  readonly portal: Portal;
  readonly backups: Store;
  readonly self: PortalSummary;
}

/** Reads the records of an opened run; they do not change any more. */
export async function readRun(deps: Deps, runId: string): Promise<Run> {
  const paths = runPaths(runId);
  const [record, profile] = await Promise.all([
    requireFixed<RunRecord>(deps.work, paths.run),
    requireFixed<Profile>(deps.work, paths.profile),
  ]);
  return { record, profile, paths, work: deps.work, deps };
}

/** As readRun, with the portal (which signs in once per process and run, when first asked) and the destination. */
export async function readRunAtWork(deps: Deps, runId: string): Promise<Result<RunAtWork>> {
  const run = await readRun(deps, runId);
  const backups = await deps.backups(run.profile);
  if (!backups.ok) return backups;
  const self = await requireFixed<PortalSummary>(deps.work, run.paths.portal);
  return ok({ ...run, portal: deps.portal(run.profile, runId), backups: backups.value, self });
}
