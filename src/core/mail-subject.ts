// The subject of the mail: verdict, organisation, what needs somebody, profile and day. Often all that is read.
import { columns, cut } from "./columns.ts";
import { printable } from "./printable.ts";
import type { RunSummary } from "./run.ts";
import { ordinal, overlooked } from "./standing-words.ts";
import { totalOf, type Tally } from "./tally.ts";
import { formatCount, formatOf } from "./units.ts";
import { dayIn } from "./zone-time.ts";

const MOST = 120;
/** Stacked accents take no columns; so many code units hold any honest name of 40 columns. */
const NAME_UNITS = 80;

/** `PARTIAL - City of Acme: 3 of 412 items not backed up, 1 new loss (nightly, 14 May 2026)`, one line. */
export function subjectOf(summary: RunSummary, tally: Tally, zone: string): string {
  const { verdict, organisation, run } = summary;
  const name = printable(organisation, 40).slice(0, NAME_UNITS).toWellFormed();
  const end = ` (${run.profile}, ${dayIn(run.openedAt, zone)})`;
  const head = `${verdict.toUpperCase()} - ${name}: ${what(summary, tally)}`;
  return `${cut(head, MOST - columns(end))}${end}`;
}

function what(summary: RunSummary, tally: Tally): string {
  const { verdict, counts } = summary;
  const listed = formatCount(counts.listed);
  if (verdict === "failed") return failed(summary);
  if (verdict === "canceled") {
    return counts.listed === 0
      ? "nothing was listed"
      : `${formatCount(totalOf(tally.notReached))} of ${listed} items not reached`;
  }
  const bad = troubles(summary, tally);
  if (bad.length > 0) return bad.join(", ");
  if (counts.listed === 0) return "NO ITEM FOUND";
  if (counts.saved + counts.unchanged === 0) return `all ${formatOf(counts.listed, "item")} skipped`;
  const losses = totalOf(tally.withLoss);
  return `${formatOf(counts.listed, "item")} accounted for${losses === 0 ? "" : `, ${formatCount(losses)} with a known loss`}`;
}

function failed({ counts, compared }: RunSummary): string {
  const text = counts.saved === 0 ? "nothing was backed up" : "this backup is not complete";
  const failedRuns = compared?.failedRuns ?? null;
  return failedRuns === null ? text : `${text}, ${ordinal(failedRuns.runs + 1)} run in a row`;
}

/** What keeps a run from being well, the worst first. */
function troubles(summary: RunSummary, tally: Tally): readonly string[] {
  const { counts, books, compared } = summary;
  const listed = formatCount(counts.listed);
  const unseen = overlooked(summary.compared);
  const shrunk = compared?.shrunk ?? null;
  const losses = totalOf(compared?.newLosses ?? tally.withLoss);
  const isFirst = (compared?.before ?? null) === null;
  const unlisted = books?.unlisted.length ?? 0;
  return [
    ...(shrunk === null
      ? []
      : [`ONLY ${formatCount(shrunk.listed)} ITEMS LISTED, ${formatCount(shrunk.usual.listed)} before`]),
    ...(counts.failed === 0 ? [] : [`${formatCount(counts.failed)} of ${listed} items not backed up`]),
    ...(losses === 0
      ? []
      : [isFirst ? formatOf(losses, "loss", "losses") : formatOf(losses, "new loss", "new losses")]),
    ...(unseen === 0 ? [] : [`${formatOf(unseen, "item")} not listed`]),
    ...(unlisted === 0
      ? []
      : [
          books?.search === "quick"
            ? "not every item found"
            : `${formatOf(unlisted, "member")} not listed in full`,
        ]),
    ...((summary.organisationKept?.problems.length ?? 0) === 0
      ? []
      : ["members and groups not saved in full"]),
  ];
}
