// The restore points of a destination as a table: a line each, the newest first.
import { columns } from "../../core/columns.ts";
import { printable } from "../../core/printable.ts";
import { formatBytes, formatCount, isoTime } from "../../core/units.ts";
import type { RunFolder } from "../restore-point/find.ts";

const HEAD = ["VERDICT", "STARTED (UTC)", "SAVED", "FAILED", "SIZE", "FOLDER"] as const;
/** Columns of numbers. */
const RIGHT: ReadonlySet<number> = new Set([2, 3, 4]);

type Row = readonly string[];

/** The table, and below it what is to be said of folders that are no restore points. */
export function runsText(runs: readonly RunFolder[]): string {
  const rows: readonly Row[] = [HEAD, ...runs.map(rowOf)];
  const widths = HEAD.map((_, at) => Math.max(...rows.map((row) => columns(row[at] ?? ""))));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => {
        const room = " ".repeat(Math.max(0, (widths[at] ?? 0) - columns(cell)));
        return RIGHT.has(at) ? `${room}${cell}` : `${cell}${room}`;
      })
      .join("  ")
      .trimEnd(),
  );
  const incomplete = runs.some(({ point }) => point.ok && point.value === undefined);
  const unreadable = runs.flatMap(({ folder, point }) =>
    point.ok ? [] : [`${folder}: ${printable(point.failure.text)}`],
  );
  const notes = [
    ...(incomplete ? ["INCOMPLETE: no manifest. The run goes on still, or it died: this is no backup."] : []),
    ...unreadable,
  ];
  return [...lines, ...(notes.length === 0 ? [] : ["", ...notes])].join("\n");
}

function rowOf({ folder, at, point }: RunFolder): Row {
  const when = isoTime(at).slice(0, 16).replace("T", " ");
  if (!point.ok) return ["UNREADABLE", when, "", "", "", printable(folder)];
  if (point.value === undefined) return ["INCOMPLETE", when, "", "", "", printable(folder)];
  const { verdict, counts, sizeBytes, run } = point.value.manifest;
  return [
    verdict.toUpperCase(),
    run.startedAt.slice(0, 16).replace("T", " "),
    `${formatCount(counts.saved + counts.unchanged)}/${formatCount(counts.listed)}`,
    formatCount(counts.failed),
    formatBytes(sizeBytes),
    printable(folder),
  ];
}
