// What an export of a tile layer would take: its levels, how many tiles that is, and whether it may be asked for.
import { type Fields, fieldsOf, isFields, listOf, numberOf } from "./fields.ts";
import type { TileOptions } from "./options.ts";
import { type Failure, failed } from "./result.ts";
import { formatCount } from "./units.ts";

/** What the layer's service tells of itself (rest-api.md 11.1). */
export interface TileService {
  /** `0-12` or `0,2,4`: the levels that its cache holds; undefined = not told. */
  readonly levels: string | undefined;
  /** Tiles of all levels over its full extent, at most; undefined = cannot be told. */
  readonly tiles: number | undefined;
  readonly exportTilesAllowed: boolean;
  /** The service's own limit; what it does not tell is ArcGIS's default. */
  readonly maxExportTilesCount: number;
}

/** What ArcGIS takes where a service does not tell its own limit. */
const DEFAULT_MOST = 100_000;
const LEVELS_MOST = 60;

/** Reads the description of a MapServer, ImageServer or VectorTileServer; every field may be missing or odd. */
export function tileServiceOf(json: Fields): TileService {
  const info = fieldsOf(json, "tileInfo");
  const lods = (listOf(info, "lods") ?? [])
    .filter(isFields)
    .flatMap(({ level, resolution }) =>
      typeof level === "number" && typeof resolution === "number" && resolution > 0
        ? [{ level, resolution }]
        : [],
    )
    .filter(({ level }) => level >= number(json, "minLOD", 0) && level <= number(json, "maxLOD", Infinity))
    .slice(0, LEVELS_MOST);
  const extent = fieldsOf(json, "fullExtent");
  const width = number(extent, "xmax", NaN) - number(extent, "xmin", NaN);
  const height = number(extent, "ymax", NaN) - number(extent, "ymin", NaN);
  const [rows, cols] = [number(info, "rows", NaN), number(info, "cols", NaN)];
  const tiles = lods.reduce(
    (sum, { resolution }) => sum + across(width, resolution * cols) * across(height, resolution * rows),
    0,
  );
  return {
    levels: lods.length === 0 ? undefined : levelsText(lods.map(({ level }) => level)),
    tiles: lods.length > 0 && Number.isFinite(tiles) ? tiles : undefined,
    exportTilesAllowed: json["exportTilesAllowed"] === true,
    maxExportTilesCount: number(json, "maxExportTilesCount", DEFAULT_MOST),
  };
}

export type TilePlan =
  | { readonly do: "export"; readonly levels: string; readonly switchOn: boolean }
  | { readonly do: "fail"; readonly failure: Failure };

/** Whether the tiles of `title` are exported: within both limits, and only where the export is allowed or may be switched on. */
export function planTiles(title: string, service: TileService, options: TileOptions): TilePlan {
  const name = JSON.stringify(title);
  const most = Math.min(service.maxExportTilesCount, options.most);
  if (service.tiles !== undefined && service.tiles > most) {
    const whose =
      most === options.most ? "tiles.most of the profile" : "maxExportTilesCount of the layer's service";
    const text = `Cannot export the tiles of ${name}: about ${formatCount(service.tiles)} tiles, more than the ${formatCount(most)} of ${whose}`;
    const next = `Raise ${whose}, or keep the tile package that the layer was published from as an item`;
    return { do: "fail", ...failed("too-many-tiles", text, next) };
  }
  if (!service.exportTilesAllowed && !options.switchExportOn) {
    const text = `Cannot export the tiles of ${name}: the layer does not allow the export of its tiles`;
    const next =
      "Allow the export on the layer's settings page, or set tiles.switchExportOn of the profile to true";
    return { do: "fail", ...failed("export-switched-off", text, next) };
  }
  if (service.levels === undefined) {
    const text = `Cannot export the tiles of ${name}: its service tells no levels of tiles`;
    const next = "Open the layer once in a map; if it shows nothing, publish it again";
    return { do: "fail", ...failed("export-failed", text, next) };
  }
  return { do: "export", levels: service.levels, switchOn: !service.exportTilesAllowed };
}

/** Tiles side by side over a length; the least is one. */
function across(length: number, tile: number): number {
  return Math.max(1, Math.ceil(length / tile));
}

/** `0-12` for levels without a gap, else each of them. */
function levelsText(levels: readonly number[]): string {
  const sorted = [...new Set(levels)].sort((a, b) => a - b);
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
  return last - first + 1 === sorted.length ? `${first}-${last}` : sorted.join(",");
}

function number(value: Fields, name: string, otherwise: number): number {
  return numberOf(value, name) ?? otherwise;
}
