// The first lines of everything that tells of a run: the verdict, whether it needs anybody, the counts that add up.
import { changedSince } from "./changes.ts";
import { balance } from "./counts.ts";
import { printable } from "./printable.ts";
import type { Counts, RunSummary, Verdict } from "./run.ts";
import { failedRunsWords, overlooked, shrunkWords } from "./standing-words.ts";
import { totalOf, type Tally } from "./tally.ts";
import { formatBytes, formatCount, formatDuration, formatOf, formatSpan } from "./units.ts";
import { momentIn } from "./zone-time.ts";

const COUNTED = ["saved", "unchanged", "skipped", "failed"] as const;

/** `PARTIAL   City of Acme   14 May 2026 02:00-04:14 UTC   profile nightly` */
export function headline({ verdict, organisation, run, finishedAt }: RunSummary): string {
  return [
    verdict.toUpperCase(),
    printable(organisation, 40),
    formatSpan(run.openedAt, finishedAt),
    `profile ${run.profile}`,
  ].join("   ");
}

/** What the verdict means for the reader: a few short sentences, what needs somebody first; days are those of the zone. */
export function meaning(summary: RunSummary, tally: Tally, zone = "UTC"): readonly string[] {
  const { counts, leftBehind } = summary;
  const unremoved = leftBehind.filter(({ ours }) => ours).length;
  const unlisted = summary.books?.unlisted.length ?? 0;
  const wrong = contradictions(counts, tally);
  const shrunk = shrunkWords(summary, zone);
  const unseen = overlooked(summary.compared);
  const sentences = [
    ...wrong,
    // A backup that looks fine and holds too little is the worst that can happen.
    ...(shrunk === undefined ? [] : [shrunk]),
    // Records that contradict each other prove nothing: no good word then.
    ...(wrong.length > 0 && summary.verdict === "succeeded" ? [] : leading(summary, tally, zone)),
    ...changedOnly(summary, zone),
    ...(unlisted === 0
      ? []
      : [
          summary.books?.search === "quick"
            ? "ArcGIS search did not show every item."
            : `The content of ${formatOf(unlisted, "member")} could not be listed in full.`,
        ]),
    ...((summary.organisationKept?.problems.length ?? 0) === 0
      ? []
      : ["Members, groups and roles of the organisation are not saved in full."]),
    ...(unseen === 0
      ? []
      : [
          `${formatOf(unseen, "item is", "items are")} not in this backup, as ArcGIS did not list ${unseen === 1 ? "it" : "them"}.`,
        ]),
    ...lossSentences(summary, tally),
    ...(summary.portal?.seesAllItems === false ? ["The account cannot see every item."] : []),
    ...(unremoved === 0
      ? []
      : [`${formatOf(unremoved, "temporary export")} could not be removed from ArcGIS.`]),
  ];
  return sentences.length === 0 ? ["Not everything went as it should: see below."] : sentences;
}

/** A differential backup is no whole one, and nobody should look in it for what it does not hold. */
function changedOnly({ run, counts }: RunSummary, zone: string): readonly string[] {
  const since = changedSince(run);
  if (since === undefined || counts.listed === 0) return [];
  return [
    `This backup holds only what changed since ${momentIn(since, zone)} ${zone}: everything else is in earlier restore points.`,
  ];
}

/** New losses apart from those that stood before. */
function lossSentences({ compared }: RunSummary, { withLoss }: Tally): readonly string[] {
  const all = totalOf(withLoss);
  // Without a run before this one nothing stood that a loss could be new against.
  const before = compared?.before ?? null;
  const fresh = compared === null || before === null ? 0 : totalOf(compared.newLosses);
  const told = before === null ? "a loss" : "a loss that is known";
  return [
    ...(fresh === 0 ? [] : [`${formatOf(fresh, "item was", "items were")} saved with a new loss.`]),
    ...(all <= fresh ? [] : [`${formatOf(all - fresh, "item was", "items were")} saved with ${told}.`]),
  ];
}

function leading(summary: RunSummary, tally: Tally, zone: string): readonly string[] {
  const { verdict, counts } = summary;
  const notReached = totalOf(tally.notReached);
  const tried = counts.failed - notReached;
  const failures = [
    ...(tried <= 0 ? [] : [`${formatOf(tried, "item")} failed and ${tried === 1 ? "needs" : "need"} you.`]),
    ...(notReached === 0 ? [] : [`${formatOf(notReached, "item was", "items were")} not reached.`]),
  ];
  const byVerdict: Record<Verdict, readonly string[]> = {
    succeeded: [succeeded(summary, totalOf(tally.withLoss))],
    partial: failures,
    failed: [
      failedAsWhole(counts),
      "Earlier backups are not touched by it.",
      ...failedRunsWords(summary, zone),
      ...failures,
    ],
    canceled: [`The run was canceled before its end: ${soFar(counts)}`, ...failures],
  };
  return byVerdict[verdict];
}

function succeeded(summary: RunSummary, losses: number): string {
  const { listed, saved, unchanged } = summary.counts;
  const doubtful =
    losses > 0 || overlooked(summary.compared) > 0 || (summary.compared?.shrunk ?? null) !== null;
  if (listed === 0)
    return "No item was found, so nothing was backed up: check which items the account can see.";
  if (saved + unchanged === 0) return "No item failed, but none was saved: every listed item was skipped.";
  return doubtful
    ? "No item failed."
    : "Every item that was to be backed up is saved and proved. Nothing failed.";
}

function failedAsWhole(counts: Counts): string {
  return counts.saved === 0
    ? "The run failed. Nothing was saved."
    : `The run failed, and this backup is not complete: ${soFar(counts)}`;
}

function soFar({ saved }: Counts): string {
  return saved === 0
    ? "nothing was saved."
    : `${formatOf(saved, "item was", "items were")} saved until then.`;
}

/** `412 listed = 316 saved + 0 unchanged + 93 skipped + 3 failed`, or "is not" where it does not add up. */
export function equation(counts: Counts, notReached = 0): string {
  if (COUNTED.every((state) => counts[state] === 0) && counts.listed === 0) return "No item was listed.";
  const sum = COUNTED.map((state) => `${formatCount(counts[state])} ${state}`).join(" + ");
  const text = `${formatCount(counts.listed)} listed ${balance(counts).balanced ? "=" : "is not"} ${sum}`;
  return notReached === 0 ? text : `${text} (${formatCount(notReached)} of them not reached)`;
}

/** `2 h 14 min · 48.2 GB` */
export function effort({ run, finishedAt, sizeBytes }: RunSummary): string {
  return `${formatDuration(finishedAt - run.openedAt)} · ${formatBytes(sizeBytes)}`;
}

/** What must not stay unnoticed, whatever verdict somebody gave. */
function contradictions(counts: Counts, tally: Tally): readonly string[] {
  const { balanced, missing } = balance(counts);
  const gap =
    missing > 0
      ? `${formatOf(missing, "listed item has", "listed items have")} no outcome`
      : `there are ${formatOf(-missing, "outcome")} more than listed items`;
  const agree = COUNTED.every((state) => counts[state] === tally.counts[state]);
  return [
    ...(balanced ? [] : [`THE COUNTS DO NOT ADD UP: ${gap}.`]),
    ...(agree ? [] : ["THE RECORDS DIFFER: items.jsonl does not hold what was counted."]),
  ];
}
