// The plan of a dry run as people read it: every item on a line of its own, sums that add up, an estimate that says what
// it rests on.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ListedItem, PlannedItem } from "../../src/core/item.ts";
import { columns } from "../../src/core/columns.ts";
import { estimate } from "../../src/core/plan-estimate.ts";
import { planText, type PlanTextInput } from "../../src/core/plan-text.ts";
import { planItem } from "../../src/core/plan.ts";
import { anItem, listedItem } from "./arbitrary.ts";

const LANES = { direct: 4, exports: 3 };
const PORTAL = { base: "https://acme.maps.arcgis.com", username: "backup_svc", seesAllItems: true };

function planned(items: readonly ListedItem[]): PlannedItem[] {
  return items.map((item) => planItem(item, { layout: "owner-folder", offlinePackageIds: new Set() }));
}

function text(items: readonly ListedItem[], more: Partial<PlanTextInput> = {}): string {
  const input = { organisation: "City of Acme", portal: PORTAL, exportMs: {}, lanes: LANES, ...more };
  return planText({ planned: planned(items), ...input });
}

function id(n: number): string {
  return n.toString(16).padStart(32, "0");
}

const LAYER = { type: "Feature Service", typeKeywords: ["Hosted Service"], url: "https://x/FeatureServer" };

const ITEMS: readonly ListedItem[] = [
  anItem({ id: id(1), title: "City Map", size: 1_200 }),
  anItem({ id: id(2), title: "Zoning Map", size: -1 }),
  anItem({ id: id(3), title: "Survey", type: "PDF", name: "survey.pdf", size: 3_400_000 }),
  anItem({ id: id(4), title: "Hydrants", ...LAYER, size: 5_000_000, owner: "gis_admin" }),
  anItem({ id: id(5), title: "Parcels", ...LAYER, size: -1 }),
  anItem({ id: id(6), title: "Key", type: "API Key" }),
];

test("planText() reads as documented", () => {
  expect(text(ITEMS, { exportMs: { [id(4)]: 41 * 60_000 } })).toMatchInlineSnapshot(`
    "PLAN   City of Acme   https://acme.maps.arcgis.com as "backup_svc"
    This is what a run would do now. Nothing was saved.
    6 items: 5 to be backed up, 1 to be skipped.

    STRATEGY                ITEMS   SIZE AS ARCGIS TELLS IT
    json+resources              2   1.2 kB, and 1 of unknown size
    download-file               1   3.4 MB
    export-fgdb                 2   5.0 MB, and 1 of unknown size
    skip-no-value               1   1.0 kB

    ESTIMATE
         Size: 8.4 MB, and 2 of unknown size. An export may be smaller or larger than its layer.
         Time: about 42 min (1 min in 4 direct lanes, 42 min for exports and large files in 3 lanes of their own).
         It rests on how long the last export of 1 of 2 layers took; the rest is a rough guess from the sizes,
         which may be wrong by a factor of ten.

    JSON+RESOURCES (2)
         What is kept: its JSON with data, resources, thumbnail, metadata and groups.

      Web Map (2): Content is JSON and resources
           1.2 kB  City Map                                  jdoe                00000000000000000000000000000001
          unknown  Zoning Map                                jdoe                00000000000000000000000000000002

    DOWNLOAD-FILE (1)
         What is kept: the same as of json+resources, and the file.

      PDF (1): Content is a file
           3.4 MB  Survey                                    jdoe                00000000000000000000000000000003

    EXPORT-FGDB (2)
         What is kept: its JSON, the service's definition, and its rows by an export to a file geodatabase.

      Feature Service (2): Hosted feature layer: exported as a file geodatabase
           5.0 MB  Hydrants                                  gis_admin           00000000000000000000000000000004
          unknown  Parcels                                   jdoe                00000000000000000000000000000005

    SKIP-NO-VALUE (1)
         What is kept: nothing; it is listed with the reason.

      API Key (1): API key: its secret is never handed out
           1.0 kB  Key                                       jdoe                00000000000000000000000000000006
    "
  `);
});

test("planText() says what the account cannot see, and that an empty listing needs a look", () => {
  const shown = text([], { portal: { ...PORTAL, seesAllItems: false } });
  expect(shown).toContain("The account cannot see every item");
  expect(shown).toContain("No item was listed");
});

test("planText() says of an estimate without an earlier export that it is a guess", () => {
  expect(text(ITEMS)).toContain("rests on no earlier export: a rough guess");
  expect(text(ITEMS, { exportMs: { [id(4)]: 1, [id(5)]: 1 } })).toContain("export of 2 of 2 layers took.");
});

test("planText() has exactly one line for each item, whatever it is called, and prints nothing that moves a terminal", () => {
  fc.assert(
    fc.property(fc.uniqueArray(listedItem, { selector: ({ id }) => id, maxLength: 30 }), (items) => {
      const shown = text(items);
      // eslint-disable-next-line no-control-regex -- control characters are what must not be printed
      expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      const lines = shown.split("\n");
      for (const item of items) {
        expect(lines.filter((line) => line.endsWith(item.id))).toHaveLength(1);
      }
      const sums = [...shown.matchAll(/^\S+ {2,}([\d,]+) {3}\S/gm)].map(([, n = ""]) =>
        Number(n.replace(",", "")),
      );
      expect(sums.reduce((a, b) => a + b, 0)).toBe(items.length);
      for (const line of lines.filter((line) => / [0-9a-f]{32}$/.test(line))) {
        expect(columns(line)).toBeLessThanOrEqual(110);
      }
    }),
    { numRuns: 60 },
  );
});

test("planText() puts items of one title in the order of their ids", () => {
  const shown = text([3, 1, 2].map((n) => anItem({ id: id(n), title: "Map" })));
  expect(shown.match(/[0-9a-f]{32}$/gm)).toEqual([1, 2, 3].map(id));
});

test("planText() has words for no title, no size and no direct item", () => {
  const shown = text([anItem({ id: id(1), title: " ", ...LAYER, size: -1 })]);
  expect(shown).toMatch(/^ +unknown {2}\(no title\) /m);
  expect(shown).toMatch(/^export-fgdb +1 {3}unknown$/m);
  expect(shown).not.toContain("direct lane");
});

test("planText() writes 10,000 items in well under a second", () => {
  const many = Array.from({ length: 10_000 }, (_, n) => anItem({ id: id(n), title: `Map ${n}` }));
  const started = performance.now();
  expect(text(many).split("\n").length).toBeGreaterThan(10_000);
  expect(performance.now() - started).toBeLessThan(3_000);
});

test("estimate() spreads exports over their lanes, the longest first, and never counts a lane twice", () => {
  const layers = planned([1, 2, 3, 4].map((n) => anItem({ id: id(n), ...LAYER, size: 0 })));
  const ms = { [id(1)]: 40_000, [id(2)]: 30_000, [id(3)]: 20_000, [id(4)]: 10_000 };
  const two = estimate(layers, ms, { direct: 1, exports: 2 });
  expect(Math.round(two.heavyMs)).toBe(53_000);
  expect(two).toMatchObject({ exports: 4, timed: 4, directMs: 0 });
  expect(estimate(layers, ms, { direct: 1, exports: 9 }).heavyMs).toBe(41_500);
});

test("planText() tells what a differential run leaves as it is apart from what it takes, and estimates without it", () => {
  const since = Date.UTC(2026, 4, 6, 20);
  const changes = { days: 7, since, edits: new Map(), failing: new Set<string>() };
  const context = { layout: "flat", offlinePackageIds: new Set<string>(), changes } as const;
  const items = [
    anItem({ id: id(1), title: "Old map", modified: since - 1 }),
    anItem({ id: id(2), title: "New map", modified: since + 1 }),
    anItem({ id: id(3), title: "Old file", type: "PDF", name: "a.pdf", size: 9_000_000, modified: 5 }),
  ];
  const written = text([], { planned: items.map((item) => planItem(item, context)) });
  expect(written).toContain("3 items: 1 to be backed up, 0 to be skipped, 2 unchanged.");
  expect(written).not.toContain("9.0 MB, and");
  expect(written).toContain("Size: 1.0 kB.");
  expect(written.slice(written.indexOf("UNCHANGED"))).toMatchInlineSnapshot(`
    "UNCHANGED (2)
         What is kept: nothing; their last copy is in an earlier restore point.

      PDF (1): Unchanged since 6 May 2026 20:00 UTC (changedWithinDays 7)
           9.0 MB  Old file                                  jdoe                00000000000000000000000000000003

      Web Map (1): Unchanged since 6 May 2026 20:00 UTC (changedWithinDays 7)
           1.0 kB  Old map                                   jdoe                00000000000000000000000000000001
    "
  `);
});
