import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planTiles, tileServiceOf } from "../../src/core/tile-plan.ts";

const service = {
  tileInfo: {
    rows: 256,
    cols: 256,
    lods: [
      { level: 0, resolution: 100 },
      { level: 1, resolution: 50 },
      { level: 2, resolution: 25 },
    ],
  },
  fullExtent: { xmin: 0, ymin: 0, xmax: 51_200, ymax: 25_600 },
  exportTilesAllowed: true,
  maxExportTilesCount: 50,
};
const options = { switchExportOn: false, most: 500_000 };

describe("tileServiceOf()", () => {
  test("counts the tiles of every level over the full extent", () => {
    // 2 x 1, 4 x 2, 8 x 4
    expect(tileServiceOf(service)).toEqual({
      levels: "0-2",
      tiles: 42,
      exportTilesAllowed: true,
      maxExportTilesCount: 50,
    });
  });

  test("keeps to the levels that the cache holds", () => {
    expect(tileServiceOf({ ...service, minLOD: 1, maxLOD: 1 })).toMatchObject({ levels: "1-1", tiles: 8 });
    const lods = service.tileInfo.lods.filter(({ level }) => level !== 1);
    expect(tileServiceOf({ ...service, tileInfo: { ...service.tileInfo, lods } }).levels).toBe("0,2");
  });

  test("leaves out levels that tell no resolution", () => {
    const lods = [
      ...service.tileInfo.lods,
      { level: 3 },
      { level: "4", resolution: 1 },
      { level: 5, resolution: 0 },
    ];
    expect(tileServiceOf({ ...service, tileInfo: { ...service.tileInfo, lods } }).levels).toBe("0-2");
  });

  test("survives any description", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(service), "minLOD"), fc.jsonValue()),
        (json) => {
          const told = tileServiceOf(json);
          expect(told.tiles === undefined || told.tiles >= 0).toBe(true);
        },
      ),
    );
    expect(tileServiceOf({})).toEqual({
      levels: undefined,
      tiles: undefined,
      exportTilesAllowed: false,
      maxExportTilesCount: 100_000,
    });
  });
});

describe("planTiles()", () => {
  const told = tileServiceOf(service);

  test("exports what is within both limits", () => {
    expect(planTiles("Base map", told, options)).toEqual({ do: "export", levels: "0-2", switchOn: false });
  });

  test("above the smaller limit it says which, and what to do", () => {
    const own = planTiles("Base map", { ...told, maxExportTilesCount: 41 }, options);
    expect(own).toMatchObject({ do: "fail", failure: { reason: "too-many-tiles" } });
    expect(JSON.stringify(own)).toContain("about 42 tiles, more than the 41 of maxExportTilesCount");
    expect(JSON.stringify(planTiles("Base map", told, { ...options, most: 10 }))).toContain(
      "the 10 of tiles.most of the profile",
    );
  });

  test("fails where the service tells no levels", () => {
    const bare = tileServiceOf({ exportTilesAllowed: true });
    expect(planTiles("Base map", bare, options)).toMatchObject({
      do: "fail",
      failure: {
        reason: "export-failed",
        text: 'Cannot export the tiles of "Base map": its service tells no levels of tiles',
      },
    });
  });

  test("switches the export on only where the profile allows it", () => {
    const off = { ...told, exportTilesAllowed: false };
    expect(planTiles("Base map", off, options)).toMatchObject({ failure: { reason: "export-switched-off" } });
    expect(planTiles("Base map", off, { ...options, switchExportOn: true })).toMatchObject({
      switchOn: true,
    });
    const large = planTiles(
      "Base map",
      { ...off, maxExportTilesCount: 1 },
      { ...options, switchExportOn: true },
    );
    expect(large).toMatchObject({ failure: { reason: "too-many-tiles" } });
  });
});
