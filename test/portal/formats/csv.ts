// A hosted service as the CSV that its export gives: a plain file for one layer, a zip of them (CSV Collection) for several.
import { datasetName } from "../fgdb/of-service.ts";
import type { Layer } from "../state.ts";
import { zip, type ZipEntry } from "../zip.ts";

function cell(value: string | number | null): string {
  if (value === null) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvOf(layer: Layer, missing: number): string {
  const points = layer.geometry === "point";
  const names = ["OBJECTID", ...layer.fields.map(({ name }) => name), ...(points ? ["x", "y"] : [])];
  const lines = layer.rows.slice(0, Math.max(0, layer.rows.length - missing)).map((row) => {
    const geometry = row.geometry !== null && "x" in row.geometry ? row.geometry : { x: null, y: null };
    const values = layer.fields.map((field) => row.attributes[field.name] ?? null);
    return [row.objectId, ...values, ...(points ? [geometry.x, geometry.y] : [])].map(cell).join(",");
  });
  return [names.map(cell).join(","), ...lines, ""].join("\r\n");
}

/** Each file begins with a byte order mark. `missing` leaves so many rows out of each layer. */
export function csvExport(layers: readonly Layer[], missing = 0): Uint8Array {
  const [only] = layers;
  if (only !== undefined && layers.length === 1) return Buffer.from(`\ufeff${csvOf(only, missing)}`, "utf8");
  const taken: string[] = [];
  const entries = layers.map((layer): ZipEntry => {
    const name = datasetName(layer.name, taken);
    taken.push(name);
    return { name: `${name}.csv`, bytes: `\ufeff${csvOf(layer, missing)}` };
  });
  return zip(entries);
}
