// Reads what exports of services hold, far enough to count: readers of their own, which share nothing with the writers.
import { zipEntries } from "./fgdb/read.ts";

/** Rows of each shapefile or lone table: as the .dbf tells them, and the .shx where there is one. */
export function readShapefiles(bytes: Uint8Array): { readonly name: string; readonly rows: number }[] {
  const entries = zipEntries(Buffer.from(bytes));
  return [...entries].flatMap(([name, read]) => {
    if (!name.endsWith(".dbf")) return [];
    const base = name.slice(0, -4);
    const dbf = read();
    const rows = dbf.readUInt32LE(4);
    const length = dbf.readUInt16LE(8) + rows * dbf.readUInt16LE(10) + 1;
    if (length !== dbf.length) throw new Error(`${name}: ${dbf.length} bytes where ${length} are told`);
    const shx = entries.get(`${base}.shx`)?.();
    if (shx !== undefined && (shx.length - 100) / 8 !== rows)
      throw new Error(`${base}: .shx and .dbf differ`);
    const shp = entries.get(`${base}.shp`)?.();
    if (shp !== undefined && shp.readInt32BE(24) * 2 !== shp.length)
      throw new Error(`${base}.shp: wrong length`);
    return [{ name: base, rows }];
  });
}

export function entryNames(bytes: Uint8Array): string[] {
  return [...zipEntries(Buffer.from(bytes)).keys()];
}
