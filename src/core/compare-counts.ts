// Proves an export by its rows: each table against the counts that the layer gave before and after the export. Fewer rows
// than both is a proven shortfall; a number between them means that somebody edited meanwhile.
import { type CountedLayer, type CountedTable, type Judged, judgeLayer, least } from "./layer-counts.ts";
import type { ExportTable, Loss } from "./outcome.ts";
import { type Failure, failed } from "./result.ts";
import { matchTables } from "./table-names.ts";

export type { CountedLayer, CountedTable } from "./layer-counts.ts";

export interface Comparison {
  /** Every table of the export that is no system table, with its layer's counts where it was compared. */
  readonly tables: readonly ExportTable[];
  readonly loss: readonly Loss[];
  readonly notes: readonly string[];
  /** rows-missing: some layer's rows are provably not all there. */
  readonly failure: Failure | null;
}

const ATTACH = /__ATTACH$/i;
const SYSTEM = /^GDB_|__ATTACHREL$/i;

/** Compares the tables of an exported geodatabase with the layers of `title`'s service. */
export function compareCounts(
  title: string,
  layers: readonly CountedLayer[],
  allTables: readonly CountedTable[],
): Comparison {
  const tables = allTables.filter(({ name }) => !SYSTEM.test(name));
  const main = tables.filter(({ name }) => !ATTACH.test(name));
  const pairs = matchTables(layers, main);
  const verdicts = layers.map((layer, at) => {
    const table = main[pairs.get(at) ?? -1];
    return table === undefined ? undefined : { layer, table, ...judgeLayer(layer, table, tables) };
  });
  const compared = verdicts.filter((entry) => entry !== undefined);
  const left = judgeRest(
    layers.filter((_, at) => verdicts[at] === undefined),
    main.filter((table) => !compared.some((entry) => entry.table === table)),
  );
  const missing = [...compared.flatMap((entry) => entry.missing), ...left.missing];
  return {
    tables: tables.map((table) => withLayer(table, compared)),
    loss: compared.flatMap((entry) => entry.loss),
    notes: [
      ...(layers.length === 0 ? ["Rows not compared: the layers of the service could not be counted"] : []),
      ...compared.flatMap((entry) => entry.notes),
      ...left.notes,
    ],
    failure: missing.length === 0 ? null : rowsMissing(title, missing),
  };
}

/** Layers and tables that could not be paired: together the tables must at least have room for the layers' rows. */
function judgeRest(
  layers: readonly CountedLayer[],
  tables: readonly CountedTable[],
): Pick<Judged, "missing" | "notes"> {
  const counted = layers.filter((layer) => least(layer) > 0);
  const needed = counted.reduce((sum, layer) => sum + least(layer), 0);
  const held = tables.reduce((sum, table) => sum + table.rows, 0);
  const names = counted.map((layer) => `${layer.id} "${layer.name}"`).join(", ");
  if (held < needed) {
    const where = tables.length === 0 ? "no table" : `only ${held} rows in tables that could be theirs`;
    return { missing: [`Layers ${names}: ${needed} rows, and ${where}`], notes: [] };
  }
  const unknown = layers.filter((layer) => layer.before === null || layer.after === null || least(layer) > 0);
  return {
    missing: [],
    notes: unknown.map(
      (layer) =>
        `Layer ${layer.id} "${layer.name}" not compared: no table of the export is certainly its own`,
    ),
  };
}

function withLayer(
  table: CountedTable,
  compared: readonly { readonly layer: CountedLayer; readonly table: CountedTable }[],
): ExportTable {
  const layer = compared.find((entry) => entry.table === table)?.layer;
  if (layer === undefined || (layer.before === null && layer.after === null)) {
    return { name: table.name, rows: table.rows };
  }
  return {
    name: table.name,
    rows: table.rows,
    layerId: layer.id,
    ...(layer.before === null ? {} : { rowsBefore: layer.before }),
    ...(layer.after === null ? {} : { rowsAfter: layer.after }),
  };
}

function rowsMissing(title: string, missing: readonly string[]): Failure {
  const told = missing.slice(0, 5).join("; ");
  const more = missing.length > 5 ? `; and ${missing.length - 5} more` : "";
  return failed(
    "rows-missing",
    `The export of ${JSON.stringify(title)} is not complete: ${told}${more}`,
    "Run the backup again; if rows are still missing, export the layer from its item page and compare, then ask Esri support",
  ).failure;
}
