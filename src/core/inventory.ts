// Inventory.csv: one row per item, written row by row. RFC 4180 with CRLF, UTF-8 with a byte order mark for Excel.
// Cells are made safe for a spreadsheet: one line each, and an apostrophe before what Excel would run as a formula.
import type { UsesCells } from "./dependency-text.ts";
import type { Outcome } from "./outcome.ts";
import { printable } from "./printable.ts";
import type { ItemLine } from "./run.ts";
import { isoTime } from "./units.ts";

const COLUMNS = [
  ["Item ID", ({ item }: ItemLine) => item.id],
  ["Title", ({ item }) => item.title],
  ["Type", ({ item }) => item.type],
  ["Owner", ({ item }) => item.owner],
  ["Folder", ({ item }) => item.folder ?? ""],
  ["Access", ({ item }) => item.access],
  ["Created", ({ item }) => isoTime(item.created)],
  ["Modified", ({ item }) => isoTime(item.modified)],
  ["Strategy", ({ outcome }) => outcome.strategy],
  ["Why", ({ outcome }) => outcome.why],
  ["Outcome", ({ outcome }) => outcome.state],
  ["Cause or reason", ({ outcome }) => causeOf(outcome)],
  ["What happened", ({ outcome }) => (outcome.state === "failed" ? outcome.failure.text : "")],
  ["What to do", ({ outcome }) => (outcome.state === "failed" ? outcome.failure.next : "")],
  [
    "Loss",
    ({ outcome }) => (outcome.state === "saved" ? outcome.loss.map(({ text }) => text).join("; ") : ""),
  ],
  ["Notes", ({ outcome }) => outcome.notes.join("; ")],
  ["Artifacts", ({ outcome }) => outcome.artifacts.length],
  ["Bytes", ({ outcome }) => outcome.sizeBytes],
  ["Where", ({ outcome }) => outcome.artifacts[0]?.path ?? ""],
  ["Seconds", ({ outcome }) => Math.round(outcome.tookMs / 1000)],
  ["Covered by", ({ outcome }) => (outcome.state === "skipped" ? outcome.coveredBy.join("; ") : "")],
  ["URL", ({ item }) => item.url ?? ""],
  ["Tags", ({ item }) => item.tags.join("; ")],
  ["Found by", ({ item }) => item.found],
  ["ArcGIS trace ID", ({ outcome }) => (outcome.state === "failed" ? (outcome.failure.traceId ?? "") : "")],
] as const satisfies readonly (readonly [string, (line: ItemLine) => string | number])[];

/** Behind all others, and only where the profile asks which items use which. */
const USES_COLUMNS = ["Uses", "Used by"] as const;

/** Excel takes at most 32,767 characters a cell and calls a file with more damaged. */
const MOST_CHARACTERS = 32_000;
// Also the full-width forms, which some spreadsheets read as the plain ones.
const FORMULA = /^[=+\-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}]/u;

/** The byte order mark and the row of column names, with its line end. */
export function inventoryHeader(withUses = false): string {
  return `\u{FEFF}${row([...COLUMNS.map(([name]) => name), ...(withUses ? USES_COLUMNS : [])])}`;
}

/** One item's row with its line end. */
export function inventoryRow(line: ItemLine, cells?: UsesCells): string {
  const uses = cells === undefined ? [] : [cells.uses, cells.usedBy];
  return row([...COLUMNS.map(([, value]) => value(line)), ...uses]);
}

function causeOf(outcome: Outcome): string {
  switch (outcome.state) {
    case "saved":
      return outcome.loss.length > 0 ? "with loss" : "";
    case "unchanged":
      return `since ${outcome.since}`;
    case "skipped":
      return outcome.cause;
    case "failed":
      return outcome.failure.reason;
  }
}

function row(cells: readonly (string | number)[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const shown = printable(value, MOST_CHARACTERS);
  const safe = FORMULA.test(shown) ? `'${shown}` : shown;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
