import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EXPORT_TAG, exportTitle } from "../../src/core/export-title.ts";
import { ITEM_TYPES } from "../../src/core/item-types.ts";
import {
  type ListedItem,
  SKIP_CAUSES,
  STRATEGIES,
  type SkipCause,
  type Strategy,
} from "../../src/core/item.ts";
import { batches, heavyOrder, isSettled, planItem, planItems } from "../../src/core/plan.ts";
import { anItem, listedItem } from "./arbitrary.ts";

const PACKAGE = "c".repeat(32);
const context = { layout: "owner-folder", offlinePackageIds: new Set([PACKAGE]) } as const;
const ours = exportTitle({ itemId: PACKAGE, attempt: "fgdb-1", at: 0 });
const hosted = (...more: string[]) => ({ typeKeywords: ["Hosted Service", ...more] });

type Row = readonly [what: string, item: Partial<ListedItem>, strategy: Strategy, cause?: SkipCause];

const ROWS: readonly Row[] = [
  ["web map", { type: "Web Map" }, "json+resources"],
  ["file", { type: "Shapefile", name: "a.zip" }, "download-file"],
  ["file without a name", { type: "Form" }, "download-file"],
  ["app file with a URL", { type: "Form", url: "https://survey123.arcgis.com/x" }, "download-file"],
  ["file by URL", { type: "CSV", url: "https://example.com/a.csv" }, "json+resources"],
  [
    "file with a URL and a name",
    { type: "CSV", url: "https://example.com/a.csv", name: "a.csv" },
    "download-file",
  ],
  ["unknown type", { type: "Hologram" }, "json+resources"],
  ["hosted feature layer", { type: "Feature Service", ...hosted() }, "export-fgdb"],
  ["keywords in another case", { type: "feature service", typeKeywords: ["hosted service"] }, "export-fgdb"],
  ["view", { type: "Feature Service", ...hosted("View Service") }, "skip-reference", "view-of-saved-layer"],
  ["layer by URL", { type: "Feature Service" }, "skip-reference", "external-service"],
  [
    "copy of a view",
    { type: "Feature Service", typeKeywords: ["View Service"] },
    "skip-reference",
    "external-service",
  ],
  ["proxy", { type: "Feature Service", ...hosted("Service Proxy") }, "skip-reference", "external-service"],
  [
    "premium",
    { type: "Map Service", ...hosted("Requires Subscription") },
    "skip-reference",
    "external-service",
  ],
  ["tile layer", { type: "Map Service", ...hosted() }, "export-tiles"],
  ["map image layer", { type: "Map Service", ...hosted("Relational") }, "skip-reference", "external-service"],
  ["map service by URL", { type: "Map Service" }, "skip-reference", "external-service"],
  ["vector tile layer", { type: "Vector Tile Service", ...hosted() }, "export-vector-tiles"],
  [
    "tile style",
    { type: "Vector Tile Service", typeKeywords: ["Vector Tile Style Editor"] },
    "json+resources",
  ],
  ["vector tiles by URL", { type: "Vector Tile Service" }, "skip-reference", "external-service"],
  ["scene layer", { type: "Scene Service", ...hosted() }, "export-scene-package"],
  ["scene by URL", { type: "Scene Service" }, "skip-reference", "external-service"],
  ["imagery by URL", { type: "Image Service" }, "skip-reference", "external-service"],
  ["tiled imagery", { type: "Image Service", ...hosted("Tiled Imagery") }, "export-tiles"],
  ["dynamic imagery", { type: "Image Service", ...hosted() }, "skip-reference", "not-exportable"],
  ["hosted WFS", { type: "WFS", ...hosted() }, "skip-reference", "external-service"],
  ["knowledge graph", { type: "Knowledge Graph" }, "skip-reference", "not-exportable"],
  [
    "map image layer of a big data store",
    { type: "Map Service", ...hosted("Spatiotemporal") },
    "skip-reference",
    "external-service",
  ],
  ["elevation", { type: "Image Service", ...hosted("Elevation 3D Layer") }, "export-tiles"],
  [
    "3D tiles without their package",
    { type: "3DTiles Service", ...hosted() },
    "skip-reference",
    "not-exportable",
  ],
  ["item of others", { isForeign: true }, "skip-no-value", "other-organisation"],
  ["code", { type: "Code Attachment" }, "skip-no-value", "code-attachment"],
  ["replication", { type: "Replication Package" }, "skip-no-value", "replication-package"],
  ["API key", { type: "API Key" }, "skip-no-value", "developer-credential"],
  ["licence", { type: "User License Type Extension" }, "skip-no-value", "developer-credential"],
  ["featured items", { type: "Featured Items" }, "skip-no-value", "no-content"],
  ["system content", { owner: "esri_nav" }, "skip-no-value", "system-content"],
  [
    "own export",
    { type: "File Geodatabase", title: ours, tags: [EXPORT_TAG] },
    "skip-no-value",
    "own-temporary-export",
  ],
  [
    "export without our tag",
    { type: "File Geodatabase", title: ours },
    "skip-no-value",
    "foreign-temporary-export",
  ],
  ["other export", { type: "CSV", title: "TEMP_FOR_BACKUP_9" }, "skip-no-value", "foreign-temporary-export"],
  ["a map with such a title", { title: "TEMP_FOR_EXPORT of my own" }, "json+resources"],
  [
    "a file with our tag only",
    { type: "File Geodatabase", name: "a.zip", tags: [EXPORT_TAG] },
    "download-file",
  ],
  [
    "Hub download",
    { type: "CSV", typeKeywords: [`exportItem:${PACKAGE}`], name: "a.csv" },
    "skip-no-value",
    "cached-hub-download",
  ],
  ["area package", { id: PACKAGE, type: "Tile Package" }, "skip-no-value", "offline-area-package"],
  ["tile package", { type: "Tile Package", name: "a.tpk" }, "download-file"],
];

describe("planItem()", () => {
  test.each(ROWS.map(([what, item, ...expected]) => ({ what, item, expected })))(
    "knows what to do with: $what",
    ({ item, expected }) => {
      const { strategy, cause } = planItem(anItem(item), context);
      expect(cause === undefined ? [strategy] : [strategy, cause]).toEqual(expected);
    },
  );

  test("exports the data of views where the profile asks for them", () => {
    const view = anItem({ type: "Feature Service", ...hosted("View Service") });
    expect(planItem(view, { ...context, views: "data" })).toMatchObject({
      strategy: "export-fgdb",
      lane: "heavy",
    });
    const copy = anItem({ type: "Feature Service", typeKeywords: ["View Service"] });
    expect(planItem(copy, { ...context, views: "data" }).strategy).toBe("skip-reference");
  });

  test("says of each type of the table that it is known, and of no other", () => {
    for (const { type } of ITEM_TYPES) expect(planItem(anItem({ type }), context).knownType).toBe(true);
    expect(planItem(anItem({ type: "Hologram" }), context).knownType).toBe(false);
  });

  test("sends exports and files over 64 MiB to the heavy lanes", () => {
    const lane = (over: Partial<ListedItem>) => planItem(anItem(over), context).lane;
    expect(lane({ type: "Feature Service", ...hosted(), size: 1 })).toBe("heavy");
    expect(lane({ type: "Shapefile", size: 2 ** 26 })).toBe("direct");
    expect(lane({ type: "Shapefile", size: 2 ** 26 + 1 })).toBe("heavy");
    expect(lane({ type: "StoryMap", size: 2 ** 30 })).toBe("direct");
  });
});

describe("planItems()", () => {
  test("has exactly one whole entry for each listed item, in order, whatever is listed", () => {
    fc.assert(
      fc.property(fc.array(listedItem, { maxLength: 20 }), (items) => {
        const plan = planItems(items, context);
        expect(plan.map(({ item }) => item)).toEqual(items);
        for (const entry of plan) {
          expect(STRATEGIES).toContain(entry.strategy);
          expect(entry.why.length).toBeGreaterThan(10);
          expect(entry.cause === undefined ? undefined : SKIP_CAUSES[entry.cause]).not.toBe("");
          expect(entry.strategy.startsWith("skip-")).toBe(entry.cause !== undefined);
        }
      }),
    );
  });
});

test("isSettled() is true of what is neither read nor stored", () => {
  const settled = (item: Partial<ListedItem>) => isSettled(planItem(anItem(item), context));
  expect(settled({ type: "API Key" })).toBe(true);
  expect(settled({ type: "Web Map" })).toBe(false);
  // Its definition is stored, and a skip without a cause is for saveItem to tell.
  expect(settled({ type: "Knowledge Graph" })).toBe(false);
  const { cause: _, ...without } = planItem(anItem({ type: "API Key" }), context);
  expect(isSettled(without)).toBe(false);
});

describe("batches()", () => {
  test("holds every item once, in order, in batches of one to twenty", () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.integer({ min: 1, max: 16 }), (count, lanes) => {
        const items = Array.from({ length: count }, (_, n) => n);
        const cut = batches(items, lanes);
        expect(cut.flat()).toEqual(items);
        expect(cut.every((batch) => batch.length >= 1 && batch.length <= 20)).toBe(true);
      }),
      { numRuns: 50 },
    );
    expect(batches(Array.from({ length: 100 }), 4)).toHaveLength(10);
  });
});

describe("heavyOrder()", () => {
  test("puts the largest first and equal ones by id", () => {
    const plan = [
      ["b", 1],
      ["a", 1],
      ["c", -1],
      ["d", 9],
    ].map(([id, size]) => planItem(anItem({ id: String(id).repeat(32), size: Number(size) }), context));
    expect(heavyOrder(plan).map(({ item }) => item.id[0])).toEqual(["d", "a", "b", "c"]);
    expect(heavyOrder(plan.toReversed()).map(({ item }) => item.id[0])).toEqual(["d", "a", "b", "c"]);
  });

  test("puts before all what took longest the last time", () => {
    const plan = ["a", "b", "c"].map((sign) => planItem(anItem({ id: sign.repeat(32) }), context));
    const exportMs = { ["c".repeat(32)]: 9000, ["b".repeat(32)]: 20 };
    expect(heavyOrder(plan, exportMs).map(({ item }) => item.id[0])).toEqual(["c", "b", "a"]);
  });
});
