// Proves an export by its rows: each table against the counts that the layer gave before and after the export. Fewer rows
// than both is a proven shortfall; a number between them means that somebody edited meanwhile.
import type { LayerGot } from "./ladder.ts";
import { type CountedLayer, type CountedTable, judgeLayer, least } from "./layer-counts.ts";
import type { ExportTable } from "./outcome.ts";
import { matchTables } from "./table-names.ts";

export type { CountedLayer, CountedTable } from "./layer-counts.ts";

export interface Comparison {
  /** Every table of the export that is no system table, with its layer's counts where it was compared. */
  readonly tables: readonly ExportTable[];
  /** What the export has of each layer. */
  readonly got: readonly LayerGot[];
  readonly notes: readonly string[];
}

const ATTACH = /__ATTACH$/i;
const SYSTEM = /^GDB_|__ATTACHREL$/i;

/** Compares the tables of an exported geodatabase with the layers that it was to hold. */
export function compareCounts(
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
  return {
    tables: tables.map((table) => withLayer(table, compared)),
    got: [
      ...compared.map(({ layer, rowsLacking, attachmentsLacking }) => ({
        id: layer.id,
        state: rowsLacking + attachmentsLacking === 0 ? ("whole" as const) : ("short" as const),
        rowsLacking,
        attachmentsLacking,
      })),
      ...left.got,
    ],
    notes: [
      ...(layers.length === 0 ? ["Rows not compared: the layers of the service could not be counted"] : []),
      ...compared.flatMap((entry) => entry.notes),
      ...left.notes,
    ],
  };
}

/**
 * Layers and tables that could not be paired: together the tables must at least have room for the layers' rows. Where they
 * have not, nothing tells which of the layers is there, and none counts as had.
 */
function judgeRest(
  layers: readonly CountedLayer[],
  tables: readonly CountedTable[],
): Pick<Comparison, "got" | "notes"> {
  const counted = layers.filter((layer) => least(layer) > 0);
  const needed = counted.reduce((sum, layer) => sum + least(layer), 0);
  const held = tables.reduce((sum, table) => sum + table.rows, 0);
  const isShort = held < needed;
  const got = layers.map((layer) => {
    const lacks = isShort && least(layer) > 0;
    const state = lacks ? ("none" as const) : ("whole" as const);
    return { id: layer.id, state, rowsLacking: lacks ? least(layer) : 0, attachmentsLacking: 0 };
  });
  if (isShort) {
    const names = counted.map((layer) => `${layer.id} "${layer.name}"`).join(", ");
    const where = tables.length === 0 ? "no table" : `only ${held} rows in tables that could be theirs`;
    return { got, notes: [`Layers ${names}: ${needed} rows, and ${where}`] };
  }
  const unknown = layers.filter((layer) => layer.before === null || layer.after === null || least(layer) > 0);
  return {
    got,
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
