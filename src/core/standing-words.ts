// What stands, in words: for Results.txt and for the mail. Says nothing where nothing is known.
import { printable } from "./printable.ts";
import type { RunSummary } from "./run.ts";
import type { Comparison } from "./standing-comparison.ts";
import {
  binUntil,
  type Missing,
  MISSING_LABELS,
  type MissingItem,
  type MissingLabel,
} from "./standing-missing.ts";
import type { ToldItem } from "./told-item.ts";
import { formatCount, formatOf } from "./units.ts";
import { dayIn, momentIn } from "./zone-time.ts";

/** `2nd`, `3rd`, `11th`, `21st` */
export function ordinal(n: number): string {
  const tens = n % 100;
  const end = tens >= 11 && tens <= 13 ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[n % 10] ?? "th");
  return `${formatCount(n)}${end}`;
}

/** `new`, or `3rd run in a row, since 12 May 2026`; undefined where no earlier run is known. */
export function streakWords(compared: Comparison | null, id: string, zone: string): string | undefined {
  const streak = compared?.failing[id];
  if (compared === null || compared.before === null || streak === undefined) return undefined;
  if (streak.runs === 1) return "new";
  return `${ordinal(streak.runs)} run in a row, since ${dayIn(streak.since.at, zone)}`;
}

/** `Last good copy: 11 May 2026 02:00 UTC, run ...`; undefined where no earlier run is known. */
export function lastCopyWords(compared: Comparison | null, id: string, zone: string): string | undefined {
  const streak = compared?.failing[id];
  if (compared === null || compared.before === null || streak === undefined) return undefined;
  const copy = streak.lastCopy;
  if (copy === null) return "No earlier copy is known.";
  const what = copy.withLoss ? "Last copy, with a loss" : "Last good copy";
  return `${what}: ${momentIn(copy.at, zone)} ${zone}, run ${copy.runId}`;
}

/** Items with a loss, the new ones first, each with `new` or `known since 12 May 2026`. */
export function lossesInOrder(
  compared: Comparison | null,
  shown: readonly ToldItem[],
  zone: string,
): readonly { readonly item: ToldItem; readonly words: string | undefined }[] {
  if (compared === null) return shown.map((item) => ({ item, words: undefined }));
  const isNew = new Set(compared.newLosses.shown.map(({ id }) => id));
  // Without a run before this one nothing stood that a loss could be new against.
  const fresh = compared.before === null ? undefined : "new";
  return [
    ...compared.newLosses.shown.map((item) => ({ item, words: fresh })),
    ...shown
      .filter(({ id }) => !isNew.has(id))
      .map((item) => {
        const since = compared.knownLosses[item.id];
        return { item, words: since === undefined ? undefined : `known since ${dayIn(since.at, zone)}` };
      }),
  ];
}

/** Failed items in the order to read them: what failed for the first time, then the shortest time in a row. */
export function failuresInOrder<T extends ToldItem>(
  compared: Comparison | null,
  shown: readonly T[],
): readonly T[] {
  if (compared === null) return shown;
  return shown.toSorted((a, b) => (compared.failing[a.id]?.runs ?? 0) - (compared.failing[b.id]?.runs ?? 0));
}

/** `ONLY 210 ITEMS WERE LISTED: the run of 13 May 2026 listed 412.` */
export function shrunkWords({ compared }: RunSummary, zone: string): string | undefined {
  const shrunk = compared?.shrunk ?? null;
  if (shrunk === null) return undefined;
  const { listed, usual } = shrunk;
  return (
    `ONLY ${formatOf(listed, "ITEM WAS", "ITEMS WERE")} LISTED: ` +
    `the run of ${dayIn(usual.run.at, zone)} listed ${formatCount(usual.listed)}.`
  );
}

/** Items that are still there and that this run did not list: nothing else shows that they are not in the backup. */
export function overlooked(compared: Comparison | null): number {
  return compared?.missing?.items.filter(({ label }) => label === "not listed").length ?? 0;
}

/** How many runs in a row failed, this one included, and which backup is the last; for a failed run. */
export function failedRunsWords({ compared }: RunSummary, zone: string): readonly string[] {
  if (compared === null) return [];
  const { failedRuns, lastBackup } = compared;
  return [
    ...(failedRuns === null
      ? []
      : [
          `It is the ${ordinal(failedRuns.runs + 1)} run in a row that failed, since ${dayIn(failedRuns.since.at, zone)}.`,
        ]),
    ...(lastBackup === null ? [] : [`The last backup is that of ${momentIn(lastBackup.at, zone)} ${zone}.`]),
  ];
}

/** One line for each label of what is not listed any more: how many, since when, and the first names. */
export function missingWords(missing: Missing | null, zone: string, names: number): readonly string[] {
  if (missing === null) return [];
  const unseen = missing.total - missing.items.length;
  return (Object.keys(MISSING_LABELS) as MissingLabel[]).flatMap((label) => {
    const items = missing.items.filter((item) => item.label === label);
    const count = items.length + (label === "not told" ? unseen : 0);
    return count === 0 ? [] : [`${missingLine(label, count, missing, zone)}${namesOf(items, count, names)}`];
  });
}

function missingLine(label: MissingLabel, count: number, missing: Missing, zone: string): string {
  const items = formatOf(count, "item");
  const since = `since ${dayIn(missing.since.at, zone)}`;
  switch (label) {
    case "in recycle bin":
      return `${items} deleted ${since} (in the recycle bin until ${dayIn(binUntil(missing), zone)} or later)`;
    case "deleted":
      return `${items} deleted ${since}`;
    case "not visible":
      return `${items} gone from the listing ${since}: ${MISSING_LABELS[label]}`;
    case "not listed":
      return `${items} NOT IN THIS BACKUP: ${MISSING_LABELS[label]}, as it did on ${dayIn(missing.since.at, zone)}`;
    case "not told":
      return `${items} gone from the listing ${since}: ${MISSING_LABELS[label]}`;
  }
}

function namesOf(items: readonly MissingItem[], count: number, most: number): string {
  const shown = items
    .slice(0, most)
    .map(({ title }) => (title.trim() === "" ? "(no title)" : printable(title, 40)));
  if (shown.length === 0) return "";
  const rest = count - shown.length;
  return `: ${shown.join(", ")}${rest === 0 ? "" : ` and ${formatCount(rest)} more`}`;
}
