// The tiling scheme of the sample's caches, and how many tiles levels have. Every service covers the same part of the world.
import type { TileService } from "./state.ts";

const WORLD = 20_037_508.342787;
const MERCATOR = { wkid: 102100, latestWkid: 3857 };

export const FULL_EXTENT = {
  xmin: -10_000_000,
  ymin: 4_000_000,
  xmax: -9_000_000,
  ymax: 5_000_000,
  spatialReference: MERCATOR,
};

const SIDE: Record<TileService["type"], number> = {
  MapServer: 256,
  ImageServer: 256,
  VectorTileServer: 512,
  SceneServer: 256,
};

export function levelsOf(service: TileService): readonly number[] {
  return Array.from({ length: service.maxLevel + 1 }, (_, level) => level);
}

const resolutionOf = (service: TileService, level: number): number =>
  (2 * WORLD) / SIDE[service.type] / 2 ** level;

export function tileInfo(service: TileService): object {
  const side = SIDE[service.type];
  return {
    rows: side,
    cols: side,
    dpi: 96,
    format: service.type === "VectorTileServer" ? "pbf" : "PNG32",
    origin: { x: -WORLD, y: WORLD },
    spatialReference: MERCATOR,
    lods: levelsOf(service).map((level) => {
      const resolution = resolutionOf(service, level);
      return { level, resolution, scale: (resolution * 96) / 0.0254 };
    }),
  };
}

/** Tiles that these levels need to cover the full extent. */
export function tileCount(service: TileService, levels: readonly number[]): number {
  const { xmin, ymin, xmax, ymax } = FULL_EXTENT;
  return levels.reduce((sum, level) => {
    const side = resolutionOf(service, level) * SIDE[service.type];
    return sum + Math.ceil((xmax - xmin) / side) * Math.ceil((ymax - ymin) / side);
  }, 0);
}
