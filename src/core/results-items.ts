// The parts of Results.txt that tell of single items: failures first, each with what to do next.
import { printable } from "./printable.ts";
import { RUNGS } from "./ladder.ts";
import { FAILURE_REASONS, type Failure } from "./result.ts";
import type { RunSummary } from "./run.ts";
import { failuresInOrder, lastCopyWords, lossesInOrder, streakWords } from "./standing-words.ts";
import { totalOf, type Capped, type Tally } from "./tally.ts";
import type { ToldItem } from "./told-item.ts";
import { formatBytes, formatCount, formatDuration } from "./units.ts";
import { wrap } from "./wrap.ts";

/** Columns of the report. */
export const WIDTH = 110;

/** A heading, its lines, an empty line; nothing at all when there are no lines. */
export function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading, ...lines, ""];
}

/** `Hydrants (Feature Service, jdoe)`, safe to print and short. */
export function nameOf(item: {
  readonly title: string;
  readonly type: string;
  readonly owner: string;
}): string {
  const title = item.title.trim() === "" ? "(no title)" : printable(item.title, 60);
  return `${title} (${printable(item.type, 30)}, ${printable(item.owner, 30)})`;
}

/** What happened, what to do, the trace id; each paragraph indented. */
export function failureLines(failure: Failure, indent: string, width = WIDTH): string[] {
  const rest = `${indent}    `;
  return [
    ...wrap(printable(failure.text), width, indent),
    ...wrap(printable(failure.next), width, `${indent}Do: `, rest),
    ...(failure.traceId === undefined ? [] : [`${indent}ArcGIS trace id ${printable(failure.traceId, 80)}`]),
  ];
}

/** Every failed item with id, reason, next step and its page, the new ones first; grouped counts when there are many. */
export function failedSection(tally: Tally, { portal, compared }: RunSummary): string[] {
  const { failed, failedByReason } = tally;
  const waiting = waitingTiles(tally);
  const groups = failedByReason.map(([reason, count]) => `${FAILURE_REASONS[reason]}: ${formatCount(count)}`);
  const lines = failuresInOrder(compared, failed.shown).flatMap((item, index) => [
    `${String(index + 1).padStart(3)}. ${nameOf(item)}${dash(streakWords(compared, item.id, "UTC"))}   ${item.id}`,
    ...failureLines(item.failure, "     "),
    ...indented(lastCopyWords(compared, item.id, "UTC")),
    ...(item.path === null ? [] : [`     Kept of it: ${kept(item.path, item.artifacts)}`]),
    ...(portal === null ? [] : [`     ${printable(portal.base)}/home/item.html?id=${item.id}`]),
  ]);
  return section(heading("FAILED", failed), [
    ...(waiting === undefined ? [] : wrap(waiting, WIDTH, "     ")),
    ...(groups.length > 1 && totalOf(failed) > 3 ? [...wrap(groups.join(" · "), WIDTH, "     ")] : []),
    ...lines,
    ...andMore(failed),
  ]);
}

/** Items that the run ended before: told apart, because nothing is wrong with them. */
export function notReachedSection({ notReached }: Tally): string[] {
  if (totalOf(notReached) === 0) return [];
  return section(heading("NOT REACHED", notReached), [
    "     The run ended before their turn; they count as failed. The next run takes them again.",
    ...notReached.shown.map((item) => `     ${nameOf(item)}   ${item.id}`),
    ...andMore(notReached),
  ]);
}

/** Every saved item that lacks something against its source, new losses first. */
export function lossSection({ withLoss }: Tally, { compared }: RunSummary): string[] {
  const told = lossesInOrder(compared, withLoss.shown, "UTC");
  return section(heading("SAVED WITH LOSS", withLoss), [
    ...told.flatMap(({ item, words }) => [
      `     ${nameOf(item)}${dash(words)}   ${item.id}`,
      ...item.loss.flatMap(({ text }) => wrap(printable(text), WIDTH, "       - ", "         ")),
      ...(item.lossRest === 0 ? [] : [`       - and ${formatCount(item.lossRest)} more, see items.jsonl`]),
      ...(item.path === null ? [] : [`       Saved: ${kept(item.path, item.artifacts)}`]),
    ]),
    ...andMore({ shown: told, rest: Math.max(0, totalOf(withLoss) - told.length) }),
  ]);
}

/** Every hosted layer that the first way to its data did not give. */
export function fallbackSection({ fallbacks }: Tally): string[] {
  return section(heading("FALLBACK EXPORTS", fallbacks), [
    ...fallbacks.shown.flatMap((item) => [
      `     ${nameOf(item)}   ${item.id}`,
      `       Saved by: ${RUNGS[item.rung]}`,
    ]),
    ...andMore(fallbacks),
  ]);
}

/** How many tile layers wait for an option of the profile; undefined = none. */
export function waitingTiles({ failedByReason }: Tally): string | undefined {
  const [, count] = failedByReason.find(([reason]) => reason === "export-switched-off") ?? [];
  if (count === undefined) return undefined;
  const layers = count === 1 ? "1 tile layer waits" : `${formatCount(count)} tile layers wait`;
  return `${layers} for an option: the export of tiles is off at the layer, and tiles.switchExportOn of the profile is false.`;
}

/** Odd things that are neither loss nor failure. */
export function notesSection({ withNotes }: Tally): string[] {
  return section(heading("NOTES", withNotes), [
    ...withNotes.shown.flatMap((item) => [
      `     ${nameOf(item)}   ${item.id}`,
      ...item.notes.flatMap((note) => wrap(printable(note), WIDTH, "       - ", "         ")),
    ]),
    ...andMore(withNotes),
  ]);
}

/** The five that weigh and the five that last most. */
export function extremesSection({ largest, slowest }: Tally): string[] {
  const rows = (items: readonly ToldItem[], measure: (item: ToldItem) => string): string[] =>
    items.map((item) => `     ${measure(item).padStart(10)}   ${nameOf(item)}`);
  return [
    ...section(
      "LARGEST",
      rows(largest, ({ sizeBytes }) => formatBytes(sizeBytes)),
    ),
    ...section(
      "SLOWEST",
      rows(slowest, ({ tookMs }) => formatDuration(tookMs)),
    ),
  ];
}

function heading(text: string, list: Capped<unknown>): string {
  return `${text} (${formatCount(totalOf(list))})`;
}

function dash(words: string | undefined): string {
  return words === undefined ? "" : ` - ${words}`;
}

function indented(words: string | undefined): string[] {
  return words === undefined ? [] : [`     ${words}`];
}

function kept(path: string, artifacts: number): string {
  return `${printable(path)}${artifacts > 1 ? ` and ${formatCount(artifacts - 1)} more` : ""}`;
}

function andMore({ rest }: Capped<unknown>): string[] {
  return rest === 0 ? [] : [`     ... and ${formatCount(rest)} more: see Inventory.csv`];
}
