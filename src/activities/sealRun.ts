// Seals a run: the items, the inventory, the log, the results, and the manifest last. Writes the same bytes when repeated.
import { verdict } from "../core/counts.ts";
import type { Failure } from "../core/result.ts";
import type { Books, PortalSummary, RunRecord, RunSummary, Verdict } from "../core/run.ts";
import { screenSummary } from "../core/screen-summary.ts";
import { type Tally, addLine, startTally } from "../core/tally.ts";
import { runPaths, statePath } from "../core/work-paths.ts";
import type { Profile } from "../core/profile.ts";
import { resultsText } from "../core/results.ts";
import type { Deps } from "../deps.ts";
import type { RoundPlan } from "./planRound.ts";
import { cancelRequest } from "./run/cancel.ts";
import type { Run } from "./run/context.ts";
import { finalOutcomes } from "./run/done.ts";
import { itemLine } from "./run/items.ts";
import { changeRecord, firstRecord, must, readRecord, requireRecord, writeRecord } from "./run/records.ts";
import { requestsOf, tellRequests } from "./run/requests.ts";
import { writeRunFiles } from "./run/run-files.ts";
import { type ProfileState, addOutline, outlineOf } from "./run/state.ts";
import type { Swept } from "./sweepExports.ts";

export interface SealRunInput {
  readonly runId: string;
  /** What ended the run early. */
  readonly failure?: Failure;
}

/** Facts that are decided once, so that a repeated seal tells the same. */
export interface Sealing {
  readonly finishedAt: number;
  readonly failure: Failure | null;
  readonly canceled: boolean;
}

export async function sealRun(input: SealRunInput, deps: Deps): Promise<{ readonly verdict: Verdict }> {
  const paths = runPaths(input.runId);
  const earlier = await readRecord<RunSummary>(deps.work, paths.sealed);
  if (earlier !== undefined) {
    await closeRun(deps, earlier);
    return { verdict: earlier.verdict };
  }

  const record = await requireRecord<RunRecord>(deps.work, paths.run);
  const profile = await readRecord<Profile>(deps.work, paths.profile);
  await tellRequests({ record, paths, work: deps.work, deps });
  const sealing = await firstRecord<Sealing>(deps.work, paths.sealing, {
    finishedAt: deps.now(),
    failure: input.failure ?? null,
    canceled: (await cancelRequest(deps.work, input.runId)) !== undefined,
  });

  const tally =
    record.dryRun === true
      ? await listedOnly({ work: deps.work, paths })
      : await tallied({ work: deps.work, paths });
  const summary = await summarise(deps, record, profile, sealing, tally);
  const sealed =
    profile === undefined || record.dryRun === true
      ? await inWorkOnly(deps, summary, tally)
      : await inRunFolder({ record, profile, paths, work: deps.work, deps }, summary, tally);

  await writeRecord(deps.work, paths.sealed, sealed);
  await closeRun(deps, sealed);
  return { verdict: sealed.verdict };
}

async function tallied(run: Pick<Run, "work" | "paths">): Promise<Tally> {
  let tally = startTally();
  for await (const kept of finalOutcomes(run)) tally = addLine(tally, itemLine(kept));
  return tally;
}

/** A dry run's items have no outcomes: it tells how many there are. */
async function listedOnly(run: Pick<Run, "work" | "paths">): Promise<Tally> {
  const plan = await readRecord<RoundPlan>(run.work, run.paths.plan(1));
  const none = startTally();
  return { ...none, counts: { ...none.counts, listed: plan?.listed ?? 0 } };
}

async function summarise(
  deps: Deps,
  record: RunRecord,
  profile: Profile | undefined,
  sealing: Sealing,
  tally: Tally,
): Promise<RunSummary> {
  const paths = runPaths(record.runId);
  const portal = (await readRecord<PortalSummary>(deps.work, paths.portal)) ?? null;
  const books = (await readRecord<Books>(deps.work, paths.books)) ?? null;
  const swept = await readRecord<Swept>(deps.work, paths.leftBehind);
  return {
    run: record,
    organisation: profile?.organisation ?? portal?.name ?? record.profile,
    portal,
    verdict: verdict({
      // What a dry run has listed is not missing.
      counts: record.dryRun === true ? startTally().counts : tally.counts,
      // A member whose content could not be listed in full is a loss of the whole run.
      losses: tally.withLoss.shown.length + (books?.unlisted.length ?? 0),
      failure: sealing.failure,
      canceled: sealing.canceled,
    }),
    finishedAt: sealing.finishedAt,
    counts: tally.counts,
    books,
    leftBehind: swept?.left ?? [],
    sweptExports: swept?.removed.length ?? 0,
    failure: sealing.failure,
    sizeBytes: tally.sizeBytes,
    portalRequests: await requestsOf(deps, record.runId),
  };
}

/** The report beside the backup; where the destination refuses it, in `work`, and the run has failed. */
async function inRunFolder(run: Run, summary: RunSummary, tally: Tally): Promise<RunSummary> {
  const written = await writeRunFiles(run, summary, tally);
  if (!written.ok) {
    const failure = summary.failure ?? written.failure;
    return inWorkOnly(run.deps, { ...summary, verdict: "failed", failure }, tally);
  }
  await keepTexts(run.deps, summary, resultsText(summary, tally), screenSummary(summary, tally));
  return summary;
}

async function inWorkOnly(deps: Deps, summary: RunSummary, tally: Tally): Promise<RunSummary> {
  const place = { container: deps.work.name, folder: `runs/${summary.run.runId}` };
  await keepTexts(deps, summary, resultsText(summary, tally, place), screenSummary(summary, tally, place));
  return summary;
}

/** Results and the one-screen summary in `work`, where the status address reads them. */
async function keepTexts(deps: Deps, summary: RunSummary, results: string, screen: string): Promise<void> {
  const paths = runPaths(summary.run.runId);
  must(await deps.work.put(paths.results, results, { contentType: "text/plain; charset=utf-8" }));
  must(await deps.work.put(paths.summary, screen, { contentType: "text/plain; charset=utf-8" }));
}

/** Frees the profile for its next run. */
async function closeRun(deps: Deps, summary: RunSummary): Promise<void> {
  const { run } = summary;
  await changeRecord<ProfileState>(deps.work, statePath(run.profile), (state) =>
    state?.openRun?.runId === run.runId
      ? addOutline({ ...state, openRun: null, lastRun: run.runId }, outlineOf(summary))
      : undefined,
  );
}
