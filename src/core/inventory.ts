// Inventory.csv: one row per item, written row by row. RFC 4180 with CRLF, UTF-8 with a byte order mark for Excel.
// Cells are made safe for a spreadsheet: one line each, and an apostrophe before what Excel would run as a formula.
import { cellText, disarmed } from "./cell-text.ts";
import { COLUMNS, type Column, type InventoryFacts } from "./inventory-columns.ts";
import type { ItemLine } from "./run.ts";
import { isoTime } from "./units.ts";

/** The byte order mark and the row of column names, with its line end. */
export function inventoryHeader(): string {
  return `\u{FEFF}${row(COLUMNS.map(({ name }) => quoted(name)))}`;
}

/** One item's row with its line end. */
export function inventoryRow(line: ItemLine, facts: InventoryFacts): string {
  return row(COLUMNS.map((column) => cell(column, line, facts)));
}

function row(cells: readonly string[]): string {
  return `${cells.join(",")}\r\n`;
}

function cell(column: Column, line: ItemLine, facts: InventoryFacts): string {
  switch (column.kind) {
    case "number": {
      const value = column.value(line, facts);
      return Number.isFinite(value) ? String(value) : "";
    }
    case "date":
      // A year of five digits, or one before year 0, is written with a sign in front.
      return disarmed(isoTime(column.value(line, facts)));
    case "text":
    case "link":
      return quoted(disarmed(cellText(column.value(line, facts))));
  }
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
