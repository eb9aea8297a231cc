// Holds a run against what stood before it, and lets it stand for the next one. The comparison is decided once and kept
// with the run: after the standing has moved on, a repeated seal could not find it again.
import type { LogEvent } from "../../core/log-line.ts";
import type { Profile } from "../../core/profile.ts";
import { listedCount } from "../../core/listing.ts";
import type { Books, PortalSummary, RunRecord, RunSummary } from "../../core/run.ts";
import { takesSame } from "../../core/select.ts";
import { portalKey, type RunRef, type Standing, standingFor } from "../../core/standing.ts";
import { addNewLoss, compare, type Comparison, type MailTrouble } from "../../core/standing-comparison.ts";
import { type Fact, factOf } from "../../core/standing-facts.ts";
import { nextStanding } from "../../core/standing-next.ts";
import type { Missing } from "../../core/standing-missing.ts";
import { missingWords } from "../../core/standing-words.ts";
import { addLine, type Capped, startTally, type Tally } from "../../core/tally.ts";
import type { ToldItem } from "../../core/told-item.ts";
import { mailTroublePath, runPaths, standingPath } from "../../core/work-paths.ts";
import type { Deps } from "../../deps.ts";
import { finalOutcomes } from "./done.ts";
import { itemLine } from "./items.ts";
import { logStep } from "./log.ts";
import { changeRecord, firstRecord, readRecord } from "./records.ts";

/** A run's items, and what they mean against the runs before. */
export interface Stock {
  readonly tally: Tally;
  readonly facts: readonly Fact[];
  /** null for a dry run: it saves nothing, so nothing stands after it. */
  readonly compared: Comparison | null;
  readonly portal: string | null;
  readonly listed: number | null;
}

/** Reads every item's outcome once: the tally, and the run against what stood. */
export async function takeStock(deps: Deps, record: RunRecord): Promise<Stock> {
  const paths = runPaths(record.runId);
  const self = await readRecord<PortalSummary>(deps.work, paths.portal);
  const books = await readRecord<Books>(deps.work, paths.books);
  const portal = self === undefined ? null : portalKey(self);
  const listed = books === undefined ? null : listedCount(books);
  const standing = standingFor(await readRecord<Standing>(deps.work, standingPath(record.profile)), portal);
  let tally = startTally();
  let newLosses: Capped<ToldItem> = { shown: [], rest: 0 };
  const facts: Fact[] = [];
  for await (const kept of finalOutcomes({ work: deps.work, paths })) {
    const line = itemLine(kept);
    const fact = factOf(line);
    tally = addLine(tally, line);
    newLosses = addNewLoss(newLosses, line, fact, standing);
    facts.push(fact);
  }
  const compared = await firstRecord<Comparison>(
    deps.work,
    paths.comparison,
    compare(standing, {
      run: refOf(record),
      tally,
      newLosses,
      listed,
      missing: (await readRecord<Missing>(deps.work, paths.missing)) ?? null,
      mail: (await readRecord<MailTrouble>(deps.work, mailTroublePath(record.profile))) ?? null,
    }),
  );
  await logStep({ work: deps.work, paths }, "8-standing", events(deps.now(), compared));
  return { tally, facts, compared, portal, listed };
}

/** Lets a sealed run stand: failures in a row, known losses, copies, durations. Changes nothing when repeated. */
export async function stand(
  deps: Deps,
  summary: RunSummary,
  profile: Profile | undefined,
  stock: Stock,
): Promise<void> {
  const { run, verdict } = summary;
  if (stock.compared === null) return;
  const sealed = {
    run: refOf(run),
    verdict,
    portal: stock.portal,
    listed: stock.listed,
    whole: takesAll(run, profile),
  };
  await changeRecord<Standing>(deps.work, standingPath(run.profile), (standing) =>
    nextStanding(standing, sealed, stock.facts),
  );
}

/** A run of everything that the profile takes: no other lists, and no shorter time than its own. */
function takesAll(run: RunRecord, profile: Profile | undefined): boolean {
  const { changedWithinDays } = run;
  const inTime = changedWithinDays === undefined || changedWithinDays === profile?.changedWithinDays;
  return inTime && takesSame(run, profile ?? {});
}

function refOf({ runId, openedAt }: RunRecord): RunRef {
  return { runId, at: openedAt };
}

function events(at: number, { missing, shrunk, mail }: Comparison): readonly LogEvent[] {
  const line = (level: LogEvent["level"], text: string): LogEvent => ({ at, level, topic: "standing", text });
  return [
    ...(shrunk === null
      ? []
      : [
          line(
            "warn",
            `Only ${shrunk.listed} items listed; run ${shrunk.usual.run.runId} listed ${shrunk.usual.listed}`,
          ),
        ]),
    ...missingWords(missing, "UTC", 0).map((text) => line("warn", text)),
    ...(missing?.items ?? []).map((item) => ({
      ...line("info", `Not listed any more: "${item.title}" (${item.type}, ${item.owner}): ${item.label}`),
      itemId: item.id,
    })),
    ...(mail === null
      ? []
      : [line("error", `Mails not sent: ${mail.mails}, since run ${mail.since.runId}: ${mail.text}`)]),
  ];
}
