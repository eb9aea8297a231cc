// The parts of the mail that tell of single items, and what is out of the ordinary. Bounded: the mail names the first
// of each kind and counts the rest, which Results.txt and Inventory.csv hold.
import { hanging, labelled, MAIL_WIDTH, part } from "./mail-lines.ts";
import { printable } from "./printable.ts";
import { nameOf, waitingTiles } from "./results-items.ts";
import { FAILURE_REASONS, type Failure } from "./result.ts";
import type { RunSummary } from "./run.ts";
import {
  failuresInOrder,
  lastCopyWords,
  lossesInOrder,
  missingWords,
  streakWords,
} from "./standing-words.ts";
import { totalOf, type Tally } from "./tally.ts";
import type { ToldItem } from "./told-item.ts";
import { formatCount, formatOf } from "./units.ts";
import { wrap } from "./wrap.ts";
import { dayIn } from "./zone-time.ts";

const MOST = {
  failures: 25,
  losses: 25,
  lossesOfOne: 3,
  notReached: 5,
  members: 5,
  names: 5,
  text: 600,
} as const;

/** Why the run failed as a whole, then each failed item with its streak, its last copy and what to do. */
export function failureOf(summary: RunSummary, tally: Tally, zone: string): readonly string[] {
  const { failure } = summary;
  const { failed, failedByReason } = tally;
  const shown = failuresInOrder(summary.compared, failed.shown).slice(0, MOST.failures);
  const rest = totalOf(failed) - shown.length;
  const groups = failedByReason.map(([reason, count]) => `${FAILURE_REASONS[reason]}: ${formatCount(count)}`);
  return [
    ...(failure === null ? [] : part("WHY THE RUN FAILED", failureLines(failure, "   "))),
    ...part(`FAILED (${formatCount(totalOf(failed))})`, [
      ...shown.flatMap((item, index) => failedItem(summary, item, index + 1, zone)),
      ...(rest === 0
        ? []
        : [
            ...hanging(`... and ${formatCount(rest)} more: see Results.txt and Inventory.csv.`, "   "),
            ...hanging(`All ${formatCount(totalOf(failed))} by reason: ${groups.join("; ")}.`, "   "),
          ]),
    ]),
  ];
}

function failedItem(
  { compared, portal }: RunSummary,
  item: Tally["failed"]["shown"][number],
  n: number,
  zone: string,
): string[] {
  const streak = streakWords(compared, item.id, zone);
  const copy = lastCopyWords(compared, item.id, zone);
  return [
    ...hanging(`${nameOf(item)}${streak === undefined ? "" : ` - ${streak}`}`, `${String(n)}. `.padStart(3)),
    ...failureLines(item.failure, "   ", copy),
    ...(portal === null ? [] : [`   ${printable(portal.base)}/home/item.html?id=${item.id}`]),
  ];
}

function failureLines(failure: Failure, indent: string, copy?: string): string[] {
  return [
    ...wrap(printable(failure.text, MOST.text), MAIL_WIDTH, indent),
    ...(copy === undefined ? [] : wrap(copy, MAIL_WIDTH, indent)),
    ...wrap(printable(failure.next, MOST.text), MAIL_WIDTH, `${indent}Do: `, `${indent}    `),
  ];
}

/** Items that the run ended before: nothing is wrong with them. */
export function notReachedOf({ notReached }: Tally): readonly string[] {
  const total = totalOf(notReached);
  if (total === 0) return [];
  const names = notReached.shown.slice(0, MOST.notReached).map(nameOf);
  const rest = total - names.length;
  return part(`NOT REACHED (${formatCount(total)})`, [
    ...hanging("The run ended before their turn; the next run takes them again.", "   "),
    ...hanging(`${names.join(", ")}${rest === 0 ? "" : ` and ${formatCount(rest)} more`}`, "   "),
  ]);
}

/** Saved items that lack something, new losses first. */
export function lossesOf(
  { compared, counts }: RunSummary,
  { withLoss }: Tally,
  zone: string,
): readonly string[] {
  const total = totalOf(withLoss);
  const told = lossesInOrder(compared, withLoss.shown, zone).slice(0, MOST.losses);
  return part(`SAVED WITH LOSS (${formatCount(total)} of the ${formatCount(counts.saved)})`, [
    ...told.flatMap(({ item, words }) => [
      ...hanging(`${nameOf(item)}${words === undefined ? "" : ` - ${words}`}`, "- "),
      ...item.loss
        .slice(0, MOST.lossesOfOne)
        .flatMap(({ text }) => hanging(printable(text, MOST.text), "  ")),
      ...moreLosses(item),
    ]),
    ...(total <= told.length ? [] : [`  ... and ${formatCount(total - told.length)} more: see Results.txt`]),
  ]);
}

function moreLosses({ loss, lossRest }: ToldItem): string[] {
  const rest = Math.max(0, loss.length - MOST.lossesOfOne) + lossRest;
  return rest === 0 ? [] : [`  and ${formatCount(rest)} more: see items.jsonl`];
}

/** Deletions and everything else that an administrator would want to know of, one entry each. */
export function deletedAndOdd(summary: RunSummary, tally: Tally, zone: string): readonly string[] {
  const entries = [
    ...missingWords(summary.compared?.missing ?? null, zone, MOST.names),
    ...listingOdds(summary),
    ...runOdds(summary, zone),
    ...optional(waitingTiles(tally)),
    ...optional(fallbackWords(tally)),
    ...tally.unknownTypes
      .slice(0, MOST.names)
      .map(
        ([type, count]) =>
          `${formatOf(count, "item")} of a type that this version does not know: ${printable(type, 40)}`,
      ),
  ];
  const [only, ...others] = entries;
  if (only !== undefined && others.length === 0) return [...labelled("UNUSUAL", only), ""];
  return part(
    "UNUSUAL",
    entries.flatMap((entry) => hanging(entry, "- ")),
  );
}

function optional(words: string | undefined): readonly string[] {
  return words === undefined ? [] : [words];
}

function fallbackWords({ fallbacks }: Tally): string | undefined {
  const total = totalOf(fallbacks);
  if (total === 0) return undefined;
  const names = fallbacks.shown.slice(0, MOST.names).map(nameOf).join(", ");
  const rest = total - Math.min(total, MOST.names);
  return `Saved by another way than the first: ${names}${rest === 0 ? "" : ` and ${formatCount(rest)} more`}: see Results.txt`;
}

function listingOdds({ books, portal }: RunSummary): readonly string[] {
  const unlisted = books?.unlisted ?? [];
  const more = unlisted.length - MOST.members;
  return [
    ...unlisted
      .slice(0, MOST.members)
      .map(
        ({ username, text }) =>
          `Not listed in full: ${printable(username, 40)}: ${printable(text, MOST.text)}`,
      ),
    ...(more <= 0 ? [] : [`Not listed in full: ${formatOf(more, "more member")}, see Results.txt`]),
    ...(portal?.seesAllItems === false
      ? [
          `The account "${printable(portal.username, 40)}" does not see every item: give it a role with the` +
            " administrative privileges Members > View and Content > View",
        ]
      : []),
    ...(books !== null && books.searchTotal === null
      ? ["ArcGIS search did not answer: the listing could not be compared with it"]
      : []),
  ];
}

function runOdds({ compared, verdict }: RunSummary, zone: string): readonly string[] {
  if (compared === null) return [];
  const { failedRuns, mail } = compared;
  return [
    ...(failedRuns === null || verdict === "failed"
      ? []
      : [
          `${failedRuns.runs === 1 ? "The run before this one" : `The ${formatCount(failedRuns.runs)} runs before this one`} failed, since ${dayIn(failedRuns.since.at, zone)}`,
        ]),
    ...(mail === null
      ? []
      : [
          `${mail.mails === 1 ? "The mail of an earlier run was" : `The mails of ${formatCount(mail.mails)} earlier runs were`} not sent, since ` +
            `${dayIn(mail.since.at, zone)}: ${printable(mail.text, MOST.text)}. Do: ${printable(mail.next, MOST.text)}`,
        ]),
  ];
}
