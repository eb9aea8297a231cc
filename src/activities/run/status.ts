// How a run stands, from its records: what is booked so far while it goes on, the sealed summary afterwards.
import { parseRunId } from "../../core/run-id.ts";
import type { Counts, ExportAtWork, Phase, RunRecord, RunStatus, RunSummary } from "../../core/run.ts";
import { runPaths } from "../../core/work-paths.ts";
import type { Deps } from "../../deps.ts";
import { LAST_ROUND } from "./done.ts";
import { listRecords, readRecord } from "./records.ts";
import type { RoundPlan } from "../planRound.ts";

/** undefined: no such run. `phase` is what the orchestration told; a run just asked for has no record yet. */
export async function readStatus(
  deps: Deps,
  runId: string,
  phase: Phase | undefined,
): Promise<RunStatus | undefined> {
  const named = parseRunId(runId);
  if (named === undefined) return undefined;
  const paths = runPaths(runId);
  const sealed = await readRecord<RunSummary>(deps.work, paths.sealed);
  if (sealed !== undefined) return ofSealed(sealed);
  const record = await readRecord<RunRecord>(deps.work, paths.run);
  if (record === undefined && phase === undefined) return undefined;
  const booked = await readBooked(deps, runId);
  return {
    id: runId,
    profile: record?.profile ?? named.name,
    phase: phase === undefined || phase === "sealed" ? "opening" : phase,
    verdict: null,
    startedAt: record?.openedAt ?? named.at,
    startedBy: record?.startedBy ?? "http",
    dryRun: record?.dryRun === true,
    finishedAt: null,
    counts: booked.counts,
    sizeBytes: booked.sizeBytes,
    cancelRequested: (await readRecord(deps.work, paths.cancel)) !== undefined,
    itemsAtWork: [],
    exportsAtWork: await readExports(deps, runId),
    itemsPerMinute: null,
    expectedEnd: null,
    folder: record?.folder ?? "",
    container: record?.container ?? "",
    failure: null,
  };
}

function ofSealed(summary: RunSummary): RunStatus {
  const { run, verdict, finishedAt, counts, sizeBytes, failure } = summary;
  return {
    id: run.runId,
    profile: run.profile,
    phase: "sealed",
    verdict,
    startedAt: run.openedAt,
    startedBy: run.startedBy,
    dryRun: run.dryRun === true,
    finishedAt,
    counts,
    sizeBytes,
    cancelRequested: verdict === "canceled",
    itemsAtWork: [],
    exportsAtWork: [],
    itemsPerMinute: null,
    expectedEnd: null,
    folder: run.folder,
    container: run.container,
    failure,
  };
}

/**
 * What the lanes have booked. A repeated item counts as its first round ended until a later round books it, so that the
 * sums never exceed the listing; sealing tells the final ones.
 */
async function readBooked(deps: Deps, runId: string): Promise<{ counts: Counts; sizeBytes: number }> {
  const paths = runPaths(runId);
  const plan = await readRecord<RoundPlan>(deps.work, paths.plan(1));
  const sums = { saved: 0, unchanged: 0, skipped: 0, failed: 0, bytes: 0 };
  for await (const blob of listRecords(deps.work, paths.donePrefix(1))) {
    for (const key of Object.keys(sums) as (keyof typeof sums)[]) {
      sums[key] += Number(blob.metadata[key] ?? 0);
    }
  }
  for (let round = 2; round <= LAST_ROUND; round += 1) {
    for await (const blob of listRecords(deps.work, paths.donePrefix(round))) {
      sums.bytes += Number(blob.metadata["bytes"] ?? 0);
    }
  }
  const { bytes, ...states } = sums;
  return { counts: { listed: plan?.listed ?? 0, ...states }, sizeBytes: bytes };
}

async function readExports(deps: Deps, runId: string): Promise<readonly ExportAtWork[]> {
  const exports: ExportAtWork[] = [];
  for await (const { metadata } of listRecords(deps.work, runPaths(runId).exports)) {
    if (metadata["state"] !== "running") continue;
    exports.push({
      itemId: metadata["item"] ?? "",
      title: decodeURIComponent(metadata["title"] ?? ""),
      sinceMs: Number(metadata["since"] ?? 0),
      parked: metadata["parked"] === "true",
    });
  }
  return exports;
}
