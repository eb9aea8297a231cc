// A hosted service as the shapefiles that its export gives: .shp, .shx, .dbf and .prj per layer, a table as its .dbf alone.
// Attachments, long names and times of day are lost, as they are in real ones.
import { datasetName } from "../fgdb/of-service.ts";
import { WKT, type Geometry, type GeometryKind } from "../fgdb/geometry.ts";
import type { Layer, LayerField, LayerRow } from "../state.ts";
import { zip, type ZipEntry } from "../zip.ts";

const SHAPE: Record<GeometryKind, number> = { point: 1, polyline: 3, polygon: 5 };

function partsOf(geometry: Geometry): readonly (readonly (readonly [number, number])[])[] {
  if ("x" in geometry) return [[[geometry.x, geometry.y]]];
  return "paths" in geometry ? geometry.paths : geometry.rings;
}

/** Content of one record; a null shape where the row has no geometry. */
function record(kind: GeometryKind, geometry: Geometry | null): Buffer {
  if (geometry === null) return Buffer.alloc(4);
  const parts = partsOf(geometry);
  const points = parts.flat();
  const numbers = Buffer.alloc(points.length * 16);
  points.forEach(([x, y], index) => {
    numbers.writeDoubleLE(x, index * 16);
    numbers.writeDoubleLE(y, index * 16 + 8);
  });
  const head = Buffer.alloc(kind === "point" ? 4 : 44 + parts.length * 4);
  head.writeInt32LE(SHAPE[kind], 0);
  if (kind === "point") return Buffer.concat([head, numbers]);
  boxOf(points).forEach((value, index) => head.writeDoubleLE(value, 4 + index * 8));
  head.writeInt32LE(parts.length, 36);
  head.writeInt32LE(points.length, 40);
  let start = 0;
  parts.forEach((part, index) => {
    head.writeInt32LE(start, 44 + index * 4);
    start += part.length;
  });
  return Buffer.concat([head, numbers]);
}

function boxOf(points: readonly (readonly [number, number])[]): number[] {
  if (points.length === 0) return [0, 0, 0, 0];
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function fileHead(kind: GeometryKind, bytes: number, box: readonly number[]): Buffer {
  const head = Buffer.alloc(100);
  head.writeInt32BE(9994, 0);
  head.writeInt32BE(bytes / 2, 24);
  head.writeInt32LE(1000, 28);
  head.writeInt32LE(SHAPE[kind], 32);
  box.forEach((value, index) => head.writeDoubleLE(value, 36 + index * 8));
  return head;
}

function shapes(kind: GeometryKind, rows: readonly LayerRow[]): { shp: Buffer; shx: Buffer } {
  const records = rows.map((row) => record(kind, row.geometry));
  const box = boxOf(rows.flatMap((row) => (row.geometry === null ? [] : partsOf(row.geometry).flat())));
  const body: Buffer[] = [];
  const index = Buffer.alloc(records.length * 8);
  let at = 100;
  records.forEach((content, n) => {
    const head = Buffer.alloc(8);
    head.writeInt32BE(n + 1, 0);
    head.writeInt32BE(content.length / 2, 4);
    index.writeInt32BE(at / 2, n * 8);
    index.writeInt32BE(content.length / 2, n * 8 + 4);
    body.push(head, content);
    at += 8 + content.length;
  });
  return {
    shp: Buffer.concat([fileHead(kind, at, box), ...body]),
    shx: Buffer.concat([fileHead(kind, 100 + index.length, box), index]),
  };
}

const WIDTH: Record<LayerField["type"], readonly [type: string, width: number, decimals: number]> = {
  String: ["C", 80, 0],
  GUID: ["C", 38, 0],
  GlobalID: ["C", 38, 0],
  Integer: ["N", 10, 0],
  Double: ["F", 19, 6],
  Date: ["D", 8, 0],
};

function cell(field: LayerField, value: string | number | null): string {
  const [, width, decimals] = WIDTH[field.type];
  if (value === null) return " ".repeat(width);
  if (typeof value === "string") return value;
  if (field.type === "Date") return new Date(value).toISOString().slice(0, 10).replaceAll("-", "");
  return value.toFixed(decimals).padStart(width);
}

/** In whole characters, so that none is cut in two. */
function fitted(text: string, width: number): Buffer {
  let fits = text;
  while (Buffer.byteLength(fits) > width) fits = [...fits].slice(0, -1).join("");
  return Buffer.concat([Buffer.from(fits), Buffer.alloc(width, 0x20)]).subarray(0, width);
}

function dbf(fields: readonly LayerField[], rows: readonly LayerRow[]): Buffer {
  const head = Buffer.alloc(32 + fields.length * 32 + 1);
  head.set([3, 124, 1, 1]);
  head.writeUInt32LE(rows.length, 4);
  head.writeUInt16LE(head.length, 8);
  head.writeUInt16LE(1 + fields.reduce((sum, field) => sum + WIDTH[field.type][1], 0), 10);
  fields.forEach((field, index) => {
    const [type, width, decimals] = WIDTH[field.type];
    const at = 32 + index * 32;
    fitted(field.name, 10).copy(head, at);
    head.write(type, at + 11, "latin1");
    head.set([width, decimals], at + 16);
  });
  head[head.length - 1] = 0x0d;
  const records = rows.map((row) =>
    Buffer.concat([
      Buffer.from(" "),
      ...fields.map((field) => fitted(cell(field, row.attributes[field.name] ?? null), WIDTH[field.type][1])),
    ]),
  );
  return Buffer.concat([head, ...records, Buffer.from([0x1a])]);
}

/** The zip of an export of these layers; `missing` leaves so many rows out of each. */
export function shapefileExport(layers: readonly Layer[], missing = 0): Uint8Array {
  const entries: ZipEntry[] = [];
  const taken: string[] = [];
  for (const layer of layers) {
    const name = datasetName(layer.name, taken);
    taken.push(name);
    const rows = layer.rows.slice(0, Math.max(0, layer.rows.length - missing));
    if (layer.geometry !== undefined) {
      const { shp, shx } = shapes(layer.geometry, rows);
      entries.push(
        { name: `${name}.shp`, bytes: shp },
        { name: `${name}.shx`, bytes: shx },
        { name: `${name}.prj`, bytes: WKT },
      );
    }
    entries.push(
      { name: `${name}.dbf`, bytes: dbf(layer.fields, rows) },
      { name: `${name}.cpg`, bytes: "UTF-8" },
    );
  }
  return zip(entries);
}
