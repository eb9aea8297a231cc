// Seals a run: the items, the inventory, the log, the results, and the manifest last. Writes the same bytes when repeated.
import { verdict } from "../core/counts.ts";
import { NOTHING_KEPT, type OrganisationKept } from "../core/organisation.ts";
import type { Failure } from "../core/result.ts";
import type { Books, PortalSummary, RunRecord, RunSummary, Verdict } from "../core/run.ts";
import { overlooked } from "../core/standing-words.ts";
import { screenSummary } from "../core/screen-summary.ts";
import { type Tally, startTally, totalOf } from "../core/tally.ts";
import { runPaths, statePath } from "../core/work-paths.ts";
import type { Profile } from "../core/profile.ts";
import { type Place, resultsText } from "../core/results.ts";
import type { Deps } from "../deps.ts";
import type { RoundPlan } from "./planRound.ts";
import { cancelRequest } from "./run/cancel.ts";
import type { Run } from "./run/context.ts";
import { readGraph } from "./run/dependencies.ts";
import { composeMail } from "./run/mail.ts";
import { changeRecord, firstRecord, must, readRecord, requireRecord, writeRecord } from "./run/records.ts";
import { requestsOf, tellRequests } from "./run/requests.ts";
import { writeRunFiles } from "./run/run-files.ts";
import { type Stock, stand, takeStock } from "./run/standing.ts";
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
  readonly portalRequests: number;
}

interface Sealed {
  readonly sealed: RunSummary;
  /** Where the report lies, when not in the run's own folder. */
  readonly instead?: Place;
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
    portalRequests: await requestsOf(deps, input.runId),
  });

  const stock = record.dryRun === true ? await stockOfPlan(deps, record) : await takeStock(deps, record);
  const { tally } = stock;
  const summary = await summarise(deps, record, profile, sealing, stock);
  const { sealed, instead } =
    profile === undefined || record.dryRun === true
      ? await inWorkOnly(deps, summary, tally)
      : await inRunFolder({ record, profile, paths, work: deps.work, deps }, summary, tally);

  await stand(deps, sealed, profile, stock);
  await composeMail(deps, sealed, profile, tally, instead);
  await writeRecord(deps.work, paths.sealed, sealed);
  await closeRun(deps, sealed);
  return { verdict: sealed.verdict };
}

/** A dry run's items have no outcomes: it tells how many there are. */
async function stockOfPlan(deps: Deps, { runId }: RunRecord): Promise<Stock> {
  const plan = await readRecord<RoundPlan>(deps.work, runPaths(runId).plan(1));
  const none = startTally();
  const tally = { ...none, counts: { ...none.counts, listed: plan?.listed ?? 0 } };
  return { tally, facts: [], compared: null, portal: null, listed: null };
}

async function summarise(
  deps: Deps,
  record: RunRecord,
  profile: Profile | undefined,
  sealing: Sealing,
  { tally, compared }: Stock,
): Promise<RunSummary> {
  const paths = runPaths(record.runId);
  const portal = (await readRecord<PortalSummary>(deps.work, paths.portal)) ?? null;
  const books = (await readRecord<Books>(deps.work, paths.books)) ?? null;
  const swept = await readRecord<Swept>(deps.work, paths.leftBehind);
  const kept = await readRecord<OrganisationKept>(deps.work, paths.organisation);
  // A run that went on past its listing and has no word of the organisation lost it.
  const isLost = books !== null && record.dryRun !== true && sealing.failure === null && !sealing.canceled;
  const organisationKept = kept ?? (isLost ? NOTHING_KEPT : undefined);
  return {
    run: record,
    organisation: profile?.organisation ?? portal?.name ?? record.profile,
    portal,
    verdict: verdict({
      // What a dry run has listed is not missing.
      counts: record.dryRun === true ? startTally().counts : tally.counts,
      // A member whose content could not be listed in full is a loss of the whole run, and so is an item that is there
      // and was not listed, and a part of the organisation that is not saved.
      losses:
        totalOf(compared?.newLosses ?? tally.withLoss) +
        (books?.unlisted.length ?? 0) +
        (organisationKept?.problems.length ?? 0) +
        overlooked(compared),
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
    portalRequests: sealing.portalRequests,
    compared,
    ...(organisationKept !== undefined && { organisationKept }),
  };
}

/** The report beside the backup; where the destination refuses it, in `work`, and the run has failed. */
async function inRunFolder(run: Run, told: RunSummary, tally: Tally): Promise<Sealed> {
  const graph = await readGraph(run, told.books !== null);
  const summary = graph === undefined ? told : { ...told, dependencies: graph.counts };
  const written = await writeRunFiles(run, summary, tally, graph);
  if (!written.ok) {
    const failure = summary.failure ?? written.failure;
    return inWorkOnly(run.deps, { ...summary, verdict: "failed", failure }, tally);
  }
  await keepTexts(run.deps, summary, resultsText(summary, tally), screenSummary(summary, tally));
  return { sealed: summary };
}

async function inWorkOnly(deps: Deps, summary: RunSummary, tally: Tally): Promise<Sealed> {
  const place = { container: deps.work.name, folder: `runs/${summary.run.runId}` };
  await keepTexts(deps, summary, resultsText(summary, tally, place), screenSummary(summary, tally, place));
  return { sealed: summary, instead: place };
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
