// A sheet of parameters as text, whatever file it came from.
import { columnName } from "../../core/xml-text.ts";

export interface Sheet {
  /** Name in the workbook; empty for a CSV file. */
  readonly name: string;
  /** Cells as text; an empty cell is "", and a row may be shorter than others. */
  readonly rows: readonly (readonly string[])[];
}

/** Bytes of a file that may be one of parameters: such a sheet has some ten kilobytes. */
export const MOST_FILE_BYTES = 4 * 1024 * 1024;

/** Rows that are looked at. */
export const MOST_ROWS = 5_000;
/** Columns that are looked at. */
export const MOST_COLUMNS = 256;

/** The text of a cell; "" outside of the sheet. */
export function cellAt({ rows }: Sheet, row: number, column: number): string {
  return rows[row]?.[column] ?? "";
}

/** `B3`, as spreadsheets show it; both count from 0. */
export function addressOf(row: number, column: number): string {
  return `${columnName(column + 1)}${row + 1}`;
}
