// Finds the labels of a sheet and the value of each: labels below each other with their values to the right, or labels in a
// header row with their values below. Where on the sheet they stand does not matter.
import { type Field, fieldOf, isHeading, isValueHeading } from "./labels.ts";
import { type Sheet, addressOf, cellAt } from "./sheet.ts";

export interface Labelled {
  /** As written. */
  readonly label: string;
  /** undefined: not known. */
  readonly field: Field | undefined;
  /** As written; "" = no value. */
  readonly value: string;
  /** Of the value, or of the label where there is none: `B3`. */
  readonly place: string;
}

export interface Arranged {
  readonly sheet: Sheet;
  /** From top to bottom, or from left to right. */
  readonly found: readonly Labelled[];
  /** Further rows of values below the first one of a header row. */
  readonly furtherRows: number;
}

interface Spot {
  readonly row: number;
  readonly column: number;
}

/** The sheet with the most known labels, read; undefined when no sheet has any. */
export function arranged(sheets: readonly Sheet[]): Arranged | undefined {
  const ranked = sheets
    .map((sheet) => ({ sheet, spots: spotsOf(sheet) }))
    .toSorted((a, b) => b.spots.length - a.spots.length);
  const [best] = ranked;
  if (best === undefined || best.spots.length === 0) return undefined;
  const { sheet, spots } = best;
  const [row, inRow] = most(spots.map((spot) => spot.row));
  const [, inColumn] = most(spots.map((spot) => spot.column));
  return inRow > inColumn ? acrossOf(sheet, row) : downOf(sheet, spots);
}

function spotsOf({ rows }: Sheet): readonly Spot[] {
  return rows.flatMap((cells, row) =>
    cells.flatMap((text, column) => (text !== "" && fieldOf(text) !== undefined ? [{ row, column }] : [])),
  );
}

/** The number that occurs most, the first of equals, and how often. */
function most(numbers: readonly number[]): readonly [number, number] {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0] ?? [0, 0];
}

/** A header row: the values are in the first row below that has any. */
function acrossOf(sheet: Sheet, header: number): Arranged {
  const columns = (sheet.rows[header] ?? []).flatMap((text, column) => (text.trim() === "" ? [] : [column]));
  const below = sheet.rows.flatMap((_, row) =>
    row > header && columns.some((column) => cellAt(sheet, row, column).trim() !== "") ? [row] : [],
  );
  const row = below[0] ?? header + 1;
  const found = columns.map((column) => labelled(sheet, { row: header, column }, { row, column }));
  return { sheet, found: found.filter(isTold), furtherRows: Math.max(0, below.length - 1) };
}

/** Columns of labels; side by side there may be several. */
function downOf(sheet: Sheet, spots: readonly Spot[]): Arranged {
  const [first, count] = most(spots.map(({ column }) => column));
  // A value may be a word that is a label elsewhere, such as "Owner": a column of labels has more than one.
  const isLabels = (column: number): boolean =>
    column === first ||
    spots.filter((spot) => spot.column === column).length >= Math.max(2, Math.ceil(count / 3));
  const columns = [...new Set(spots.map(({ column }) => column).filter(isLabels))].toSorted((a, b) => a - b);
  const found = columns.flatMap((column, nth) => {
    const next = columns[nth + 1] ?? Infinity;
    const values = valueColumns(
      sheet,
      spots.filter((spot) => spot.column === column),
      next,
    );
    return sheet.rows.flatMap((_, row) => {
      if (cellAt(sheet, row, column).trim() === "") return [];
      const value = values.find((each) => cellAt(sheet, row, each).trim() !== "");
      return [labelled(sheet, { row, column }, { row, column: value ?? -1 })];
    });
  });
  return { sheet, found: found.filter(isTold), furtherRows: 0 };
}

/**
 * Columns in which the values of a column of labels may stand, the nearest first. A column that is filled beside most values
 * describes them.
 */
function valueColumns(sheet: Sheet, labels: readonly Spot[], before: number): readonly number[] {
  const [from] = labels;
  if (from === undefined) return [];
  const width = Math.min(before, Math.max(...sheet.rows.map((cells) => cells.length)));
  const columns = Array.from(
    { length: Math.max(0, width - from.column - 1) },
    (_, at) => from.column + 1 + at,
  );
  const headed = columns.find((column) => sheet.rows.some((cells) => isValueHeading(cells[column] ?? "")));
  if (headed !== undefined) return [headed];
  const filled = (column: number): readonly Spot[] =>
    labels.filter(({ row }) => cellAt(sheet, row, column).trim() !== "");
  const nearest = columns.find((column) => filled(column).length > 0);
  if (nearest === undefined) return [];
  const beside = filled(nearest);
  return columns.filter(
    (column) =>
      column <= nearest ||
      beside.filter(({ row }) => cellAt(sheet, row, column).trim() !== "").length * 2 < beside.length,
  );
}

function labelled(sheet: Sheet, label: Spot, value: Spot): Labelled {
  const text = cellAt(sheet, label.row, label.column);
  const field = fieldOf(text);
  const found = cellAt(sheet, value.row, value.column);
  // A password may begin or end with a blank.
  const read = field === "password" && found.trim() !== "" ? found : found.trim();
  const place = read === "" ? label : value;
  return { label: text.trim(), field, value: read, place: addressOf(place.row, place.column) };
}

/** Titles above the labels have no value, and headings mean nothing. */
function isTold({ label, field, value }: Labelled): boolean {
  return field !== undefined || (value !== "" && !isHeading(label));
}
