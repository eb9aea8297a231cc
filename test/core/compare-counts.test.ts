import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CountedLayer, compareCounts } from "../../src/core/compare-counts.ts";
import { matchTables } from "../../src/core/table-names.ts";

function layer(id: number, name: string, before: number | null, after: number | null = before): CountedLayer {
  return { id, name, before, after };
}

function compare(layers: readonly CountedLayer[], tables: Readonly<Record<string, number>>) {
  return compareCounts(
    "Parcels",
    layers,
    Object.entries(tables).map(([name, rows]) => ({ name, rows })),
  );
}

describe("compareCounts()", () => {
  test("says nothing of an export that holds every row, and keeps the counts beside each table", () => {
    const result = compare([layer(0, "Street Lights (2024)", 10), layer(3, "Empty", 0)], {
      Street_Lights__2024_: 10,
      GDB_ServiceItems: 3,
    });
    expect(result).toEqual({
      tables: [{ name: "Street_Lights__2024_", rows: 10, layerId: 0, rowsBefore: 10, rowsAfter: 10 }],
      loss: [],
      notes: [],
      failure: null,
    });
  });

  test("fails an export that holds fewer rows than the layer had before and after", () => {
    const { failure } = compare([layer(0, "Roads", 10, 12)], { Roads: 9 });
    expect(failure).toMatchObject({ reason: "rows-missing" });
    expect(failure?.text).toContain('Layer 0 "Roads": 9 rows of 10');
  });

  test("fails an export without any table for a layer that has rows", () => {
    expect(compare([layer(0, "Roads", 10), layer(1, "Trees", 4)], { Roads: 10 }).failure?.text).toContain(
      '1 "Trees": 4 rows, and no table',
    );
  });

  test("notes what was edited meanwhile", () => {
    for (const rows of [10, 11, 12]) {
      const result = compare([layer(0, "Roads", 10, 12)], { Roads: rows });
      expect(result.failure).toBeNull();
      expect(result.notes).toEqual([
        expect.stringContaining("edited during the export: 10 rows before, 12 after"),
      ]);
    }
  });

  test("does not compare what it cannot pair for certain, and says so", () => {
    const twins = [layer(0, "Points", 5), layer(1, "Points", 7)];
    const result = compare(twins, { Points: 5, Points_1: 7 });
    expect(result.failure).toBeNull();
    expect(result.notes).toHaveLength(2);
    expect(result.tables.every((table) => table.layerId === undefined)).toBe(true);
  });

  test("still fails when unpaired tables cannot hold the rows of the unpaired layers together", () => {
    const twins = [layer(0, "Points", 5), layer(1, "Points", 7)];
    expect(compare(twins, { Points: 5, Points_1: 6 }).failure?.text).toContain("12 rows, and only 11 rows");
  });

  test("proves nothing by a count that could not be asked", () => {
    const result = compare([layer(0, "Roads", null, 12)], { Roads: 9 });
    expect(result.failure).toBeNull();
    expect(result.notes).toEqual([expect.stringContaining("not compared")]);
    expect(compare([], { Roads: 9 }).notes).toEqual([expect.stringContaining("not compared")]);
  });

  test("tells attachments that are not in the export as a loss", () => {
    const photos = { ...layer(0, "Signs", 3), attachmentsBefore: 8, attachmentsAfter: 8 };
    expect(compare([photos], { Signs: 3, Signs__ATTACH: 8 })).toMatchObject({
      loss: [],
      notes: [],
      failure: null,
    });
    const text = 'Layer 0 "Signs": 2 of 8 attachments are not in the export';
    expect(compare([photos], { Signs: 3, Signs__ATTACH: 6 }).loss).toEqual([
      { kind: "attachments-missing", text },
    ]);
    expect(compare([photos], { Signs: 3 }).loss[0]?.text).toContain("8 of 8");
    expect(compare([layer(0, "Signs", 3)], { Signs: 3, Signs__ATTACH: 6 }).notes).toHaveLength(1);
  });

  test("never fails an export that holds at least what the layers counted, and always one that holds less", () => {
    const rows = fc.uniqueArray(
      fc.record({ name: fc.stringMatching(/^[A-Za-z ]{3,30}$/), rows: fc.nat(50) }),
      {
        selector: ({ name }) => name.toLowerCase().replaceAll(/\W/g, ""),
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(rows, fc.nat(5), fc.integer({ min: -3, max: 3 }), (list, at, change) => {
        const layers = list.map(({ name, rows: count }, id) => layer(id, name, count));
        const changed = at % list.length;
        const tables = list.map(({ name, rows: count }, id) => ({
          name: name.replaceAll(" ", "_"),
          rows: Math.max(0, count + (id === changed ? change : 0)),
        }));
        const isShort = (tables[changed]?.rows ?? 0) < (list[changed]?.rows ?? 0);
        expect(compareCounts("x", layers, tables).failure !== null).toBe(isShort);
      }),
    );
  });
});

describe("matchTables()", () => {
  const names = (list: readonly string[]) => list.map((name) => ({ name }));

  test.each([
    ["Straßen", "straßen"],
    ["道路 2024", "道路_2024"],
    ["2024 Roads", "_2024_Roads"],
    ["A very long layer name that goes on and on", "A_very_long_layer_name_that_goes"],
  ])("knows %s as %s", (layerName, tableName) => {
    expect(matchTables(names([layerName, "Other"]), names(["Other", tableName])).get(0)).toBe(1);
  });

  test("pairs nothing when two layers fit one table", () => {
    expect(matchTables(names(["A B", "A-B"]), names(["A_B"])).size).toBe(0);
    expect(
      matchTables(
        names(["A very long layer name, part one", "A very long layer name, part two"]),
        names(["A_very_long_layer_name_part"]),
      ).size,
    ).toBe(0);
  });
});
