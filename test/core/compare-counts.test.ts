import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Comparison, type CountedLayer, compareCounts } from "../../src/core/compare-counts.ts";
import { matchTables } from "../../src/core/table-names.ts";

function layer(id: number, name: string, before: number | null, after: number | null = before): CountedLayer {
  return { id, name, before, after };
}

/** What is proven to be missing, by layer. */
function lacking(result: Comparison) {
  return result.got.filter(({ state }) => state !== "whole");
}

function compare(layers: readonly CountedLayer[], tables: Readonly<Record<string, number>>) {
  return compareCounts(
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
      got: [
        { id: 0, state: "whole", rowsLacking: 0, attachmentsLacking: 0 },
        { id: 3, state: "whole", rowsLacking: 0, attachmentsLacking: 0 },
      ],
      notes: [],
    });
  });

  test("tells how many rows an export lacks that holds fewer than the layer had before and after", () => {
    expect(lacking(compare([layer(0, "Roads", 10, 12)], { Roads: 9 }))).toEqual([
      { id: 0, state: "short", rowsLacking: 1, attachmentsLacking: 0 },
    ]);
  });

  test("has nothing of a layer with rows that no table is for", () => {
    const result = compare([layer(0, "Roads", 10), layer(1, "Trees", 4)], { Roads: 10 });
    expect(lacking(result)).toEqual([{ id: 1, state: "none", rowsLacking: 4, attachmentsLacking: 0 }]);
    expect(result.notes).toEqual([expect.stringContaining('1 "Trees": 4 rows, and no table')]);
  });

  test("notes what was edited meanwhile", () => {
    for (const rows of [10, 11, 12]) {
      const result = compare([layer(0, "Roads", 10, 12)], { Roads: rows });
      expect(lacking(result)).toEqual([]);
      expect(result.notes).toEqual([
        expect.stringContaining("edited during the export: 10 rows before, 12 after"),
      ]);
    }
  });

  test("does not compare what it cannot pair for certain, and says so", () => {
    const twins = [layer(0, "Points", 5), layer(1, "Points", 7)];
    const result = compare(twins, { Points: 5, Points_1: 7 });
    expect(lacking(result)).toEqual([]);
    expect(result.notes).toHaveLength(2);
    expect(result.tables.every((table) => table.layerId === undefined)).toBe(true);
  });

  test("has none of the unpaired layers when the unpaired tables cannot hold their rows together", () => {
    const twins = [layer(0, "Points", 5), layer(1, "Points", 7)];
    const result = compare(twins, { Points: 5, Points_1: 6 });
    expect(lacking(result).map(({ state }) => state)).toEqual(["none", "none"]);
    expect(result.notes).toEqual([expect.stringContaining("12 rows, and only 11 rows")]);
  });

  test("proves nothing by a count that could not be asked", () => {
    const result = compare([layer(0, "Roads", null, 12)], { Roads: 9 });
    expect(lacking(result)).toEqual([]);
    expect(result.notes).toEqual([expect.stringContaining("not compared")]);
    expect(compare([], { Roads: 9 }).notes).toEqual([expect.stringContaining("not compared")]);
    const later = compare([layer(0, "Roads", 12, null)], { Roads: 9 });
    expect(later.tables).toEqual([{ name: "Roads", rows: 9, layerId: 0, rowsBefore: 12 }]);
    expect(compare([layer(0, "Roads", null)], {}).got).toMatchObject([{ state: "whole", rowsLacking: 0 }]);
  });

  test("takes one count for enough where the export has exactly that many rows", () => {
    expect(compare([layer(0, "Roads", null, 9)], { Roads: 9 }).notes).toEqual([]);
  });

  test("tells how many attachments are not in the export", () => {
    const photos = { ...layer(0, "Signs", 3), attachmentsBefore: 8, attachmentsAfter: 8 };
    const whole = compare([photos], { Signs: 3, Signs__ATTACH: 8 });
    expect([lacking(whole), whole.notes]).toEqual([[], []]);
    expect(lacking(compare([photos], { Signs: 3, Signs__ATTACH: 6 }))).toEqual([
      { id: 0, state: "short", rowsLacking: 0, attachmentsLacking: 2 },
    ]);
    expect(lacking(compare([photos], { Signs: 3 }))[0]?.attachmentsLacking).toBe(8);
    expect(compare([layer(0, "Signs", 3)], { Signs: 3, Signs__ATTACH: 6 }).notes).toHaveLength(1);
    const edited = compare([{ ...photos, attachmentsAfter: 9 }], { Signs: 3, Signs__ATTACH: 8 });
    expect([lacking(edited), edited.notes]).toEqual([
      [],
      ['Layer 0 "Signs": attachments changed during the export, 8 before, 9 after, 8 exported'],
    ]);
  });

  test("finds nothing lacking in an export that holds at least what the layers counted, and always one that holds less", () => {
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
        expect(lacking(compareCounts(layers, tables)).length > 0).toBe(isShort);
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
