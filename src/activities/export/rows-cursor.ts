// How far the queries of a service have come. One step stores a bundle of at most 16 MiB; where it ends is fixed in the record
// before it is stored, so that a repeated step makes the same one.

/** A position before which everything is stored: layer after layer, of each the rows, then the attachments of its rows. */
export interface RowsPlace {
  /** Index of the layer in the attempt. */
  readonly layer: number;
  readonly phase: "rows" | "attachments";
  /** Index of the next object id in the layer's list. */
  readonly at: number;
  /** Attachments of that object id that are done. */
  readonly within: number;
}

export interface LayerRows {
  readonly id: number;
  readonly rows: number;
  readonly rowsUnreadable: number;
  readonly attachments: number;
  readonly attachmentsUnreadable: number;
}

export interface RowsCursor {
  readonly place: RowsPlace;
  /** Object ids that the next query asks for: fewer after one that failed. */
  readonly width: number;
  /** Number of the next bundle. */
  readonly bundle: number;
  /** Where the next bundle ends, when an earlier step has fixed it. */
  readonly until?: RowsPlace;
  /** What was read up to `place`. */
  readonly done: readonly LayerRows[];
  /** Queries for one single row that failed one after another. */
  readonly inVain: number;
}

export const WIDEST = 500;

export const ROWS_BEGIN: RowsCursor = {
  place: { layer: 0, phase: "rows", at: 0, within: 0 },
  width: WIDEST,
  bundle: 1,
  done: [],
  inVain: 0,
};

/** True when a lies before b. */
export function isBefore(a: RowsPlace, b: RowsPlace): boolean {
  const phases = orderOf(a) - orderOf(b);
  return (a.layer - b.layer || phases || a.at - b.at || a.within - b.within) < 0;
}

function orderOf({ phase }: RowsPlace): number {
  return phase === "rows" ? 0 : 1;
}

/** What was read of a layer so far, with the changes added. */
export function counting(
  done: readonly LayerRows[],
  id: number,
  add: Partial<Omit<LayerRows, "id">>,
): readonly LayerRows[] {
  const before = done.find((each) => each.id === id) ?? {
    id,
    rows: 0,
    rowsUnreadable: 0,
    attachments: 0,
    attachmentsUnreadable: 0,
  };
  const after: LayerRows = {
    id,
    rows: before.rows + (add.rows ?? 0),
    rowsUnreadable: before.rowsUnreadable + (add.rowsUnreadable ?? 0),
    attachments: before.attachments + (add.attachments ?? 0),
    attachmentsUnreadable: before.attachmentsUnreadable + (add.attachmentsUnreadable ?? 0),
  };
  return [...done.filter((each) => each.id !== id), after];
}
