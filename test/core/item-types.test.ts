import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ITEM_TYPES, itemTypeOf } from "../../src/core/item-types.ts";
import type { ListedItem } from "../../src/core/item.ts";
import { planItem } from "../../src/core/plan.ts";
import { anItem } from "./arbitrary.ts";

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

/** What the note of a type says of items with and without these keywords, where it differs from the list's strategy. */
const CONDITIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "Feature Service": { "Hosted Service, View Service": "skip-reference" },
  "Map Service": {
    "Hosted Service, Spatiotemporal": "skip-reference",
    "Hosted Service, Relational": "skip-reference",
    "Hosted Service, Tiled": "export-tiles",
  },
  "Vector Tile Service": {
    "Vector Tile Style Editor": "json+resources",
    "Hosted Service, Vector Tile Style Editor": "json+resources",
  },
  "Image Service": {
    "Hosted Service, Tiled Imagery": "export-tiles",
    "Hosted Service, Elevation 3D Layer": "export-tiles",
    "Hosted Service, Dynamic Imagery Layer": "skip-reference",
  },
};

describe("planItem() for every type of the list", () => {
  const CONTEXT = { layout: "flat", offlinePackageIds: new Set<string>() } as const;
  const plan = (type: string, keywords: string, more: Partial<ListedItem> = {}) =>
    planItem(anItem({ type, typeKeywords: keywords.split(", "), name: "a.bin", ...more }), CONTEXT);

  test.each(rows)("$type: as the list says, hosted or not", ({ type, strategy }) => {
    const isService = strategy.startsWith("export-") || strategy === "skip-reference";
    const hosted = plan(type, "Hosted Service");
    expect(hosted.strategy).toBe(strategy);
    const other = plan(type, "Data");
    expect(other.strategy).toBe(isService ? "skip-reference" : strategy);
    for (const entry of [hosted, other]) {
      expect(entry.knownType).toBe(true);
      expect(entry.cause !== undefined).toBe(entry.strategy.startsWith("skip-"));
    }
    for (const [keywords, expected] of Object.entries(CONDITIONS[type] ?? {}))
      expect([keywords, plan(type, keywords).strategy]).toEqual([keywords, expected]);
    for (const keyword of ["Service Proxy", "Requires Subscription", "Requires Credits"]) {
      if (strategy.startsWith("export-"))
        expect(plan(type, `Hosted Service, ${keyword}`).cause).toBe("external-service");
    }
    if (strategy === "download-file" && BY_ADDRESS.has(type))
      expect(plan(type, "Data", { name: null, url: "https://a.example/x" }).strategy).toBe("json+resources");
  });
});

test.each(["SQLite Geodatabase", "Tile Package", "Compact Tile Package", "Vector Tile Package"])(
  "planItem() leaves a %s of an offline area, and saves any other",
  (type) => {
    const item = anItem({ type, name: "a.bin" });
    const plan = (ids: readonly string[]) =>
      planItem(item, { layout: "flat", offlinePackageIds: new Set(ids) });
    expect(plan([item.id])).toMatchObject({ strategy: "skip-no-value", cause: "offline-area-package" });
    expect(plan([]).strategy).toBe("download-file");
  },
);

test.each(["CSV", "File Geodatabase", "GeoJson", "KML", "Shapefile"])(
  "planItem() knows a cached Hub download and a temporary export of type %s",
  (type) => {
    const plan = (more: Partial<ListedItem>) =>
      planItem(anItem({ type, name: "a.bin", ...more }), { layout: "flat", offlinePackageIds: new Set() });
    expect(plan({ typeKeywords: [`exportItem:${"a".repeat(32)}`] }).cause).toBe("cached-hub-download");
    for (const title of ["TEMP_FOR_BACKUP_20240102030405", "TEMP_FOR_EXPORT_7"])
      expect(plan({ title }).cause).toBe("foreign-temporary-export");
  },
);

/** Their note says: "may be a URL item". */
const BY_ADDRESS = new Set(["KML", "CSV", "GeoJson", "Image", "PDF"]);

describe("itemTypeOf()", () => {
  test("does not mind letter case, which portals write differently", () => {
    expect(itemTypeOf("GeoJSON")?.type).toBe("GeoJson");
    expect(itemTypeOf("Hologram")).toBeUndefined();
    expect(itemTypeOf("constructor")).toBeUndefined();
  });
});
