// What each rung asks the portal for and how its file is kept.
import type { Expectation } from "./formats.ts";
import { TEXT_OR_ZIP, ZIP } from "./formats.ts";
import type { Rung } from "./ladder.ts";

/** How a rung gets its data: an export job of the portal, an extract of the service, queries, or an export of tiles. */
export type Means = "item-export" | "replica" | "rows" | "tiles";

export interface RungFile {
  readonly means: Means;
  /** Distinguishes the temporary items and files of the rungs, [a-z0-9]. */
  readonly code: string;
  /** End of the file's path, behind the item's base. */
  readonly suffix: string;
  readonly expected: Expectation;
  /** What can be read back from the stored file: its tables with rows, or only that it is a whole zip. */
  readonly proof: "geodatabase" | "shapefile" | "zip" | "none";
}

export const RUNG_FILES: Readonly<Record<Rung, RungFile>> = {
  fgdb: itemExport("fgdb", "_export.gdb.zip", "geodatabase"),
  "fgdb-again": itemExport("fgdb2", "_export_2.gdb.zip", "geodatabase"),
  "fgdb-layers": itemExport("l", "_export.gdb.zip", "geodatabase"),
  replica: { means: "replica", code: "rep", suffix: "_replica.gdb.zip", expected: ZIP, proof: "geodatabase" },
  "replica-bare": {
    means: "replica",
    code: "rep2",
    suffix: "_replica_2.gdb.zip",
    expected: ZIP,
    proof: "geodatabase",
  },
  rows: { means: "rows", code: "rows", suffix: "_rows", expected: ZIP, proof: "none" },
  shapefile: itemExport("shp", "_export.shp.zip", "shapefile"),
  csv: { ...itemExport("csv", "_export.csv", "none"), expected: TEXT_OR_ZIP },
  tpkx: { means: "tiles", code: "tpkx", suffix: "_export.tpkx", expected: ZIP, proof: "zip" },
  "vtpk-item": itemExport("vtpk", "_export.vtpk", "zip"),
  vtpk: { means: "tiles", code: "vtpk2", suffix: "_export_2.vtpk", expected: ZIP, proof: "zip" },
  slpk: itemExport("slpk", "_export.slpk", "zip"),
};

/** `_export_L3.gdb.zip`, `_export_F2.tpkx`: a file of one layer carries its id, one of several its number. */
export function fileSuffix(rung: Rung, layers: readonly number[], nth: number): string {
  const { suffix } = RUNG_FILES[rung];
  const layer = rung === "fgdb-layers" ? `_L${layers.join("_")}` : "";
  return suffix.replace("_export", `_export${layer}${nth > 1 ? `_F${nth}` : ""}`);
}

/** `fgdb`, `l3`: tells the attempts of an item apart in the titles of their temporary items. */
export function attemptCode(rung: Rung, layers: readonly number[]): string {
  const { code } = RUNG_FILES[rung];
  return rung === "fgdb-layers" ? `${code}${layers.join("")}` : code;
}

function itemExport(code: string, suffix: string, proof: RungFile["proof"]): RungFile {
  return { means: "item-export", code, suffix, expected: ZIP, proof };
}
