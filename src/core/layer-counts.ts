// One layer against its one table: what the rows and attachments in an export say about the counts before and after it.
/** A layer or table of the service with its counts; null = could not be asked. Group layers have none and stay out. */
export interface CountedLayer {
  readonly id: number;
  readonly name: string;
  readonly before: number | null;
  readonly after: number | null;
  /** Absent or null = no attachments or not told. */
  readonly attachmentsBefore?: number | null;
  readonly attachmentsAfter?: number | null;
}

export interface CountedTable {
  readonly name: string;
  readonly rows: number;
}

/** What is proven to be missing of a layer, and what else is worth telling. */
export interface Judged {
  readonly rowsLacking: number;
  readonly attachmentsLacking: number;
  readonly notes: readonly string[];
}

/** The verdict on a layer and the table that is certainly its own; `tables` holds the attachment tables. */
export function judgeLayer(
  layer: CountedLayer,
  table: CountedTable,
  tables: readonly CountedTable[],
): Judged {
  const rows = judge(table.rows, layer.before, layer.after);
  const label = `Layer ${layer.id} "${layer.name}"`;
  const { attachmentsLacking, notes } = judgeAttachments(layer, label, table, tables);
  const judged = { rowsLacking: 0, attachmentsLacking, notes };
  switch (rows) {
    case "short":
      return { ...judged, rowsLacking: least(layer) - table.rows };
    case "between":
      return {
        ...judged,
        notes: [
          `${label} was edited during the export: ${layer.before} rows before, ${layer.after} after, ${table.rows} exported`,
          ...notes,
        ],
      };
    case "unknown":
      return { ...judged, notes: [`${label} not compared: its row count is not known`, ...notes] };
    case "more":
      return {
        ...judged,
        notes: [
          `${label}: ${table.rows} rows exported, more than the ${layer.after} that it counts`,
          ...notes,
        ],
      };
    case "equal":
      return judged;
  }
}

function judgeAttachments(
  layer: CountedLayer,
  label: string,
  table: CountedTable,
  tables: readonly CountedTable[],
): Pick<Judged, "attachmentsLacking" | "notes"> {
  const before = layer.attachmentsBefore ?? null;
  const after = layer.attachmentsAfter ?? null;
  const attached = tables.find(({ name }) => name.toLowerCase() === `${table.name}__ATTACH`.toLowerCase());
  // No counts and no table: a layer without attachments.
  if (before === null && after === null && attached === undefined)
    return { attachmentsLacking: 0, notes: [] };
  const rows = attached?.rows ?? 0;
  const result = judge(rows, before, after);
  if (result === "short") {
    return { attachmentsLacking: least({ before, after }) - rows, notes: [] };
  }
  if (result === "between") {
    return {
      attachmentsLacking: 0,
      notes: [
        `${label}: attachments changed during the export, ${before} before, ${after} after, ${rows} exported`,
      ],
    };
  }
  return {
    attachmentsLacking: 0,
    notes: result === "unknown" ? [`${label}: attachments not compared, their count is not known`] : [],
  };
}

/** Where `rows` lies against the two counts. One count alone proves that all is there, never that something is missing. */
function judge(
  rows: number,
  before: number | null,
  after: number | null,
): "equal" | "between" | "short" | "more" | "unknown" {
  if (before === null || after === null) {
    const known = before ?? after;
    return known !== null && rows === known ? "equal" : "unknown";
  }
  if (rows < Math.min(before, after)) return "short";
  if (rows > Math.max(before, after)) return "more";
  return before === after ? "equal" : "between";
}

/** What was there at every moment of the export, as far as it is known; 0 when it is not. */
export function least({ before, after }: Pick<CountedLayer, "before" | "after">): number {
  return before === null || after === null ? 0 : Math.min(before, after);
}
