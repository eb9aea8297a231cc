// How a run stands, from its records: what is booked so far while it goes on, the sealed summary afterwards. It never goes
// backwards: records are only added, and what the orchestration tells of itself may lag behind them.
import { estimate } from "../../core/progress.ts";
import type { Failure } from "../../core/result.ts";
import { parseRunId } from "../../core/run-id.ts";
import { PHASES, type Phase, type RunRecord, type RunStatus, type RunSummary } from "../../core/run.ts";
import { type RunPaths, runPaths, statePath } from "../../core/work-paths.ts";
import type { Deps } from "../../deps.ts";
import type { OpenRunInput } from "../openRun.ts";
import { readExportsAtWork, readItemsAtWork } from "./at-work.ts";
import { readBooked } from "./booked.ts";
import { cancelRequest } from "./cancel.ts";
import { must, readRecord } from "./records.ts";
import { requestsOf } from "./requests.ts";
import type { ProfileState } from "./state.ts";

/** A run by what is known of it at its start: its record, or what was asked for where it has none yet. */
export type KnownRun =
  | { readonly opened: true; readonly record: RunRecord }
  | { readonly opened: false; readonly asked: OpenRunInput };

/** undefined: no run has this id. */
export async function findRun(deps: Deps, runId: string): Promise<KnownRun | undefined> {
  const named = parseRunId(runId);
  if (named === undefined) return undefined;
  const record = await readRecord<RunRecord>(deps.work, runPaths(runId).run);
  if (record !== undefined) return { opened: true, record };
  const state = await readRecord<ProfileState>(deps.work, statePath(named.name));
  const asked = state?.openRun;
  return asked?.runId === runId ? { opened: false, asked } : undefined;
}

/** undefined: no such run. `told` is the phase that the orchestration told last, where there is one to ask. */
export async function readStatus(
  deps: Deps,
  runId: string,
  told: Phase | undefined,
): Promise<RunStatus | undefined> {
  if (parseRunId(runId) === undefined) return undefined;
  const paths = runPaths(runId);
  const sealed = await readRecord<RunSummary>(deps.work, paths.sealed);
  if (sealed !== undefined) return ofSealed(sealed, await mailTrouble(deps, paths));
  const run = await findRun(deps, runId);
  if (run === undefined) return undefined;
  const [recorded, canceled, items, exports] = await Promise.all([
    recordedPhase(deps, paths, describe(run).dryRun),
    cancelRequest(deps.work, runId),
    readItemsAtWork(deps, runId),
    readExportsAtWork(deps, runId),
  ]);
  // After the items: one whose part is booked by now has had its turn.
  const { parts, ...booked } = await readBooked(deps, runId);
  const pace = { ...booked, phase: latest(told, recorded), startedAt: startOf(run), exportsAtWork: exports };
  return {
    ...pace,
    ...estimate(pace, deps.now()),
    ...describe(run),
    id: runId,
    verdict: null,
    finishedAt: null,
    // What closes a dead run sets the same flag.
    cancelRequested: canceled !== undefined && canceled.by !== "closing",
    itemsAtWork: items.filter(({ part }) => !parts.has(part)).map(({ part: _, ...item }) => item),
    portalRequests: await requestsOf(deps, runId),
    failure: null,
    mailTrouble: null,
  };
}

function describe(run: KnownRun) {
  const { profile, startedBy, dryRun } = run.opened ? run.record : run.asked;
  const { folder, container } = run.opened ? run.record : { folder: "", container: "" };
  return { profile, startedBy, dryRun: dryRun === true, folder, container };
}

function startOf(run: KnownRun): number {
  return run.opened ? run.record.openedAt : run.asked.startedAt;
}

function ofSealed(summary: RunSummary, trouble: Failure | null): RunStatus {
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
    unsettled: 0,
    sizeBytes,
    cancelRequested: verdict === "canceled",
    itemsAtWork: [],
    exportsAtWork: [],
    portalRequests: summary.portalRequests,
    itemsPerMinute: null,
    expectedEnd: null,
    folder: run.folder,
    container: run.container,
    failure,
    mailTrouble: trouble,
  };
}

/** The phase that the records prove: each of these is written at the end of the phase before. */
async function recordedPhase(deps: Deps, paths: RunPaths, dryRun: boolean): Promise<Phase> {
  const proofs: readonly (readonly [Phase, string])[] = [
    ["sealing", paths.sealing],
    [dryRun ? "planning" : "saving", paths.plan(1)],
    ["planning", paths.books],
    ["listing", paths.portal],
  ];
  const there = await Promise.all(proofs.map(async ([, path]) => must(await deps.work.info(path))));
  return proofs[there.findIndex((info) => info !== undefined)]?.[0] ?? "opening";
}

/** The later one. A run is sealed by its record alone. */
function latest(told: Phase | undefined, recorded: Phase): Phase {
  if (told === undefined || told === "sealed") return recorded;
  return PHASES.indexOf(told) > PHASES.indexOf(recorded) ? told : recorded;
}

/** What the record of the mail holds when it could not be sent. */
async function mailTrouble(deps: Deps, paths: RunPaths): Promise<Failure | null> {
  return (await readRecord<{ readonly failure?: Failure }>(deps.work, paths.mailSent))?.failure ?? null;
}
