// Geometry as a file geodatabase row holds it: integers on a grid, relative to the origin of the spatial reference.
import { float64, int16, int32, uint8, varint, varuint } from "./binary.ts";

export type GeometryKind = "point" | "polyline" | "polygon";

/** Esri JSON geometry in longitude and latitude. */
export type Geometry =
  | { readonly x: number; readonly y: number }
  | { readonly paths: readonly (readonly (readonly [number, number])[])[] }
  | { readonly rings: readonly (readonly (readonly [number, number])[])[] };

export const GEOMETRY_CODE: Record<GeometryKind, number> = { point: 1, polyline: 3, polygon: 4 };

export const WKT =
  'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],' +
  'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]';

const ORIGIN = -400;
const SCALE = 1e9;

const onGrid = (value: number): number => Math.round((value - ORIGIN) * SCALE);

/** What follows name, alias and type in the description of the geometry field. */
export function geometryField(): Buffer {
  const wkt = Buffer.from(WKT, "utf16le");
  const world = [-180, -90, 180, 90];
  return Buffer.concat([
    Buffer.from([0, 7]),
    int16(wkt.length),
    wkt,
    uint8(7),
    ...[ORIGIN, ORIGIN, SCALE, -100_000, 10_000, -100_000, 10_000, 8.98e-9, 0.001, 0.001, ...world].map(
      float64,
    ),
    uint8(0),
    int32(1),
    float64(1),
  ]);
}

function parts(type: number, lists: readonly (readonly (readonly [number, number])[])[]): Buffer {
  const points = lists.flat().map(([x, y]) => [onGrid(x), onGrid(y)] as const);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, bottom] = [Math.min(...xs), Math.min(...ys)];
  const out = [
    varuint(type),
    varuint(points.length),
    varuint(lists.length),
    varuint(left),
    varuint(bottom),
    varuint(Math.max(...xs) - left),
    varuint(Math.max(...ys) - bottom),
    ...lists.slice(0, -1).map((list) => varuint(list.length)),
  ];
  // The first point is relative to the grid's origin, each other one to the point before it.
  let [x, y] = [0, 0];
  for (const [nextX, nextY] of points) {
    out.push(varint(nextX - x), varint(nextY - y));
    [x, y] = [nextX, nextY];
  }
  return Buffer.concat(out);
}

export function geometryBytes(geometry: Geometry): Buffer {
  if ("x" in geometry) {
    return Buffer.concat([varuint(1), varuint(onGrid(geometry.x) + 1), varuint(onGrid(geometry.y) + 1)]);
  }
  return "paths" in geometry ? parts(3, geometry.paths) : parts(5, geometry.rings);
}
