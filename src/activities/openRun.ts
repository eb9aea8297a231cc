// Opens a run: its record, its profile as it is now, its folder, the portal. Says what stands in the way.
import { destinationName } from "../core/destination.ts";
import type { Profile } from "../core/profile.ts";
import { type Failure, type Result, failed, ok } from "../core/result.ts";
import { folderName } from "../core/run-id.ts";
import type { PortalSummary, RunRecord, StartedBy } from "../core/run.ts";
import type { Selection } from "../core/select.ts";
import { profilePath, refusedSignInPath, runPaths } from "../core/work-paths.ts";
import type { Deps } from "../deps.ts";
import type { Run } from "./run/context.ts";
import { logStep } from "./run/log.ts";
import { firstRecord, must, readRecord, writeRecord } from "./run/records.ts";

export interface OpenRunInput {
  readonly runId: string;
  readonly profile: string;
  /** Epoch milliseconds; part of the run id. */
  readonly startedAt: number;
  readonly startedBy: StartedBy;
  /** Only list and plan. */
  readonly dryRun?: true;
  /** These replace the profile's own for this run. */
  readonly select?: Selection;
  readonly exclude?: Selection;
  /** 0: everything, whenever it changed. */
  readonly changedWithinDays?: number;
}

export interface OpenedRun {
  /** True when this run was sealed before: it is left alone. */
  readonly sealed: boolean;
  readonly directLanes: number;
  readonly heavyLanes: number;
  readonly failure?: Failure;
}

export async function openRun(input: OpenRunInput, deps: Deps): Promise<OpenedRun> {
  must(await deps.work.ready());
  const paths = runPaths(input.runId);
  const profile = await profileOf(input.profile, deps);
  const record = await openRecord(input, profile.ok ? profile.value : undefined, deps);
  if (!profile.ok) return { sealed: false, directLanes: 1, heavyLanes: 1, failure: profile.failure };
  const kept = await firstRecord(deps.work, paths.profile, profile.value);
  const lanes = { directLanes: kept.lanes, heavyLanes: kept.exports.lanes };
  if ((await readRecord(deps.work, paths.sealed)) !== undefined) return { sealed: true, ...lanes };

  const run: Run = { record, profile: kept, paths, work: deps.work, deps };
  const claimed = record.dryRun === true ? ok(undefined) : await claimFolder(run);
  if (!claimed.ok) return { sealed: false, ...lanes, failure: claimed.failure };
  const connected = await connect(run);
  if (!connected.ok) return { sealed: false, ...lanes, failure: connected.failure };

  const { base, username } = connected.value;
  await logStep(run, "0-opening", [
    {
      at: deps.now(),
      level: "info",
      topic: "opening",
      text: `Run ${input.runId} of profile "${input.profile}" against ${base} as ${username}`,
    },
  ]);
  return { sealed: false, ...lanes };
}

/** The profile as people wrote it, or the default one of the app settings. */
async function profileOf(name: string, deps: Deps): Promise<Result<Profile>> {
  const stored = must(await deps.work.get(profilePath(name)));
  return deps.profile(name, stored?.bytes);
}

/** Writes run.json unless an earlier delivery did. Without a usable profile the run has no folder, only a report. */
export function openRecord(
  input: OpenRunInput,
  profile: Profile | undefined,
  deps: Deps,
): Promise<RunRecord> {
  const select = input.select ?? profile?.select;
  const exclude = input.exclude ?? profile?.exclude;
  const days = input.changedWithinDays ?? profile?.changedWithinDays ?? 0;
  return firstRecord<RunRecord>(deps.work, runPaths(input.runId).run, {
    runId: input.runId,
    profile: input.profile,
    folder:
      profile === undefined || input.dryRun === true ? "" : folderName(profile.folderPrefix, input.startedAt),
    container: profile === undefined || input.dryRun === true ? "" : destinationName(profile.destination),
    portalUrl: profile?.portal.url ?? "",
    startedAt: input.startedAt,
    openedAt: deps.now(),
    startedBy: input.startedBy,
    ...(input.dryRun && { dryRun: true }),
    ...(select !== undefined && { select }),
    ...(exclude !== undefined && { exclude }),
    ...(days > 0 && { changedWithinDays: days }),
    appVersion: deps.appVersion,
  });
}

/** Claims the run folder by a marker: two profiles may share a prefix and a second. */
async function claimFolder(run: Run): Promise<Result<void>> {
  const backups = await run.deps.backups(run.profile);
  if (!backups.ok) return backups;
  const ready = await backups.value.ready();
  if (!ready.ok) return ready;
  const first = run.record.folder;
  const mark = JSON.stringify({ runId: run.record.runId });
  for (let n = 1; n <= 20; n += 1) {
    const folder = n === 1 ? first : `${first}_${n}`;
    const claim = `${run.paths.run}.folder-${n}`;
    const put = await backups.value.put(`${folder}/run.json`, mark, { when: "absent" });
    if (!put.ok) return put;
    const mine = put.value === "written" || (await isMine(run, claim, backups.value, folder));
    if (!mine) continue;
    await firstRecord(run.work, claim, { folder });
    if (folder !== run.record.folder) await writeRecord(run.work, run.paths.run, { ...run.record, folder });
    return ok(undefined);
  }
  return failed(
    "already-exists",
    `Cannot claim a run folder "${first}": it and its 19 variants exist`,
    "Give the profile another folderPrefix, or start the run again",
  );
}

/** A marker that an earlier delivery of this step wrote. */
async function isMine(
  run: Run,
  claim: string,
  backups: { get: (path: string) => Promise<Result<{ bytes: Uint8Array } | undefined>> },
  folder: string,
): Promise<boolean> {
  if ((await readRecord(run.work, claim)) !== undefined) return true;
  const marker = await backups.get(`${folder}/run.json`);
  return marker.ok && marker.value !== undefined
    ? new TextDecoder().decode(marker.value.bytes).includes(`"${run.record.runId}"`)
    : false;
}

/** Signs in. A new run may try a password that an older one was refused with; its own refusal counts for all lanes. */
async function connect(run: Run): Promise<Result<PortalSummary>> {
  const refused = refusedSignInPath(run.record.profile);
  const earlier = await readRecord<{ runId: string }>(run.work, refused);
  if (earlier !== undefined && earlier.runId !== run.record.runId) must(await run.work.delete(refused));
  const connected = await run.deps.portal(run.profile, run.record.runId).connect();
  if (!connected.ok) return connected;
  const { id, name, base, kind, version, username, seesAllItems } = connected.value;
  const summary: PortalSummary = { id, name, base, kind, version, username, seesAllItems };
  await writeRecord(run.work, run.paths.portal, summary);
  return ok(summary);
}
