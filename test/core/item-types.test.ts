import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ITEM_TYPES, itemTypeOf } from "../../src/core/item-types.ts";

/** The published list of types with the strategy for each; no quoted field before the sixth. */
const rows = readFileSync(new URL("fixtures/item-types.csv", import.meta.url), "utf8")
  .trim()
  .split(/\r?\n/)
  .slice(1)
  .map((line) => {
    const [type = "", , , strategy = "", , extension = ""] = line.split(",");
    return { type, strategy, extension };
  });

describe("ITEM_TYPES", () => {
  test("holds every type of the list with its strategy and extension, and no other", () => {
    const byType = (a: { type: string }, b: { type: string }) => (a.type < b.type ? -1 : 1);
    expect(rows).toHaveLength(227);
    expect(ITEM_TYPES.toSorted(byType)).toEqual(rows.toSorted(byType));
  });
});

describe("itemTypeOf()", () => {
  test("does not mind letter case, which portals write differently", () => {
    expect(itemTypeOf("GeoJSON")?.type).toBe("GeoJson");
    expect(itemTypeOf("Hologram")).toBeUndefined();
    expect(itemTypeOf("constructor")).toBeUndefined();
  });
});
