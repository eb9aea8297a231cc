import { describe, expect, it } from "vitest";
import { zip } from "../zip.ts";
import { geodatabaseZip, type Dataset } from "./geodatabase.ts";
import { datasetName } from "./of-service.ts";
import { readGdbZip } from "./read.ts";

const points = (rows: number, version: 3 | 4, deleteEvery = Infinity): Dataset => ({
  name: "Points",
  geometry: "point",
  version,
  fields: [{ name: "Name", kind: "string" }],
  rows: Array.from({ length: rows }, (_, n) =>
    (n + 1) % deleteEvery === 0
      ? null
      : { values: { Name: n % 3 === 0 ? null : `Zoë ${n}` }, geometry: { x: n, y: -n } },
  ),
});

describe("file geodatabases of the sample portal", () => {
  // 1,024 rows are one block of the offsets file.
  it.each([
    [0, 3],
    [1, 3],
    [1024, 3],
    [1025, 3],
    [0, 4],
    [2500, 4],
  ] as const)(
    "hold %i rows in version %i for a reader that shares nothing with the writer",
    (rows, version) => {
      expect(readGdbZip(geodatabaseZip("a", [points(rows, version)]))).toEqual([{ table: "Points", rows }]);
    },
  );

  it.each([3, 4] as const)("do not count deleted rows in version %i", (version) => {
    expect(readGdbZip(geodatabaseZip("a", [points(100, version, 10)]))).toEqual([
      { table: "Points", rows: 90 },
    ]);
  });

  it("keep the order and the names of their tables, Unicode included", () => {
    const tables = ["Straßen", "道路", "Straßen__ATTACH"].map((name) => ({ ...points(2, 3), name }));
    expect(readGdbZip(geodatabaseZip("a", tables)).map(({ table }) => table)).toEqual([
      "Straßen",
      "道路",
      "Straßen__ATTACH",
    ]);
  });

  it("give equal bytes for equal content", () => {
    expect(geodatabaseZip("a", [points(9, 3)])).toEqual(geodatabaseZip("a", [points(9, 3)]));
  });

  it("are told apart from other zips and from half a zip", () => {
    expect(() => readGdbZip(zip([{ name: "a.txt", bytes: "x" }]))).toThrow("No file geodatabase");
    const whole = geodatabaseZip("a", [points(50, 3)]);
    expect(() => readGdbZip(whole.subarray(0, whole.length / 2))).toThrow("Not a zip");
  });
});

describe("datasetName", () => {
  it("makes legal names that are unique whatever the letter case", () => {
    const names: string[] = [];
    for (const layer of ["Straßen/Wege 🚲", "1st layer (old)", "1st layer [old]", "ROADS", "roads"]) {
      names.push(datasetName(layer, names));
    }
    expect(names).toEqual(["Straßen_Wege_", "T1st_layer_old_", "T1st_layer_old__1", "ROADS", "roads_1"]);
  });
});
