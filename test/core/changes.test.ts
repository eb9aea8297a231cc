import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ChangeContext,
  type ServiceEdits,
  asksForEdits,
  changedSince,
  changeOf,
  editsIn,
  sourcesIn,
} from "../../src/core/changes.ts";
import { backUp } from "../../src/core/choice.ts";
import type { ListedItem } from "../../src/core/item.ts";
import { isSettled, planItem, planItems } from "../../src/core/plan.ts";
import { anItem, listedItem } from "./arbitrary.ts";

const SINCE = Date.UTC(2026, 4, 6, 20);
const OLD = SINCE - 1;
const layout = { layout: "flat", offlinePackageIds: new Set<string>() } as const;
const id = (n: number) => String(n).repeat(32);

function changes(
  edits: readonly (readonly [string, ServiceEdits])[] = [],
  failing: readonly string[] = [],
): ChangeContext {
  return { days: 7, since: SINCE, edits: new Map(edits), failing: new Set(failing) };
}

const LAYER: Partial<ListedItem> = {
  ...{ id: id(1), type: "Feature Service", typeKeywords: ["Hosted Service"], modified: OLD },
  url: "https://services.example/A/FeatureServer",
};
const VIEW: Partial<ListedItem> = { ...LAYER, id: id(2), typeKeywords: ["Hosted Service", "View Service"] };

function planned(item: Partial<ListedItem>, context: ChangeContext) {
  return planItem(anItem(item), { ...layout, changes: context });
}

test("changedSince() is so many days and six hours before the run, whichever of its times is earlier", () => {
  const run = { startedAt: Date.UTC(2026, 4, 14, 2), openedAt: Date.UTC(2026, 4, 14, 5) };
  expect(changedSince(run)).toBeUndefined();
  expect(changedSince({ ...run, changedWithinDays: 7 })).toBe(SINCE);
  expect(changedSince({ startedAt: run.openedAt, openedAt: run.startedAt, changedWithinDays: 7 })).toBe(
    SINCE,
  );
});

describe("a differential plan", () => {
  test("takes an item by its own date, and one whose date cannot be", () => {
    for (const modified of [SINCE, SINCE + 1, Date.UTC(2199, 0, 1), 0]) {
      expect(planned({ modified }, changes())).toMatchObject({
        why: "Content is JSON and resources. The item changed since 6 May 2026 20:00 UTC (changedWithinDays 7)",
      });
    }
    expect(planned({ modified: OLD }, changes())).toMatchObject({
      strategy: "json+resources",
      why: "Unchanged since 6 May 2026 20:00 UTC (changedWithinDays 7)",
      unchangedSince: "2026-05-06T19:59:59.999Z",
    });
  });

  test("takes what failed in the run before, and skips what it would skip anyway", () => {
    const item = { id: id(3), modified: OLD };
    expect(planned(item, changes([], [id(3)])).why).toContain("It failed in the run before");
    const skipped = planned({ type: "API Key", modified: OLD }, changes());
    expect([skipped.cause, skipped.unchangedSince]).toEqual(["developer-credential", undefined]);
  });

  test.each<[string, ServiceEdits | undefined, string | undefined]>([
    ["rows", { rows: SINCE, anything: SINCE }, "Its rows were edited since 6 May 2026 20:00 UTC"],
    [
      "settings alone",
      { rows: OLD - 5, anything: SINCE },
      "Its definition or settings were edited since 6 May 2026 20:00 UTC, its rows were not",
    ],
    ["nothing", { rows: OLD - 5, anything: OLD - 3 }, undefined],
    ["what is not told", {}, "When its rows were edited is not told, so it is taken"],
    ["what was not asked", undefined, "When its rows were edited is not told, so it is taken"],
  ])("takes a hosted layer by the edits of its service: %s", (_, edits, why) => {
    const entry = planned(LAYER, changes(edits === undefined ? [] : [[id(1), edits]]));
    expect(entry.unchangedSince === undefined).toBe(why !== undefined);
    expect(entry.why).toContain(why ?? "Unchanged since");
    expect(entry.strategy).toBe("export-fgdb");
  });

  test("takes a view by its own edits and by those of the layers that it shows", () => {
    const still = { rows: OLD, anything: OLD };
    const edited = { rows: SINCE, anything: SINCE };
    const of = (own: ServiceEdits, source?: ServiceEdits) =>
      planned(VIEW, changes([[id(2), own], ...(source ? [[id(1), source] as const] : [])]));
    const sources = [id(1)];
    expect(of({ ...still, sources }, still).unchangedSince).toBeDefined();
    expect(of({ ...still, sources }, edited).why).toContain("Its rows were edited");
    expect(of({ ...edited, sources }, still).why).toContain("Its rows were edited");
    expect(of(still, still).why).toContain("is not told");
    expect(of({ ...still, sources }).why).toContain("is not told");
  });

  test("accounts for every item once: changed, unchanged and skipped together are all", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(listedItem, { selector: (item) => item.id, maxLength: 20 }),
        fc.nat(),
        (items, since) => {
          const all = planItems(items, { ...layout, changes: { ...changes(), since } });
          const plain = planItems(items, layout);
          expect(all.map(({ item }) => item)).toEqual(items);
          for (const [n, entry] of all.entries()) {
            expect(entry.strategy).toBe(plain[n]?.strategy);
            if (entry.unchangedSince === undefined) continue;
            expect(isSettled(entry)).toBe(true);
            expect(entry.item.modified).toBeLessThan(since);
            expect(Date.parse(entry.unchangedSince)).toBeLessThan(since);
          }
        },
      ),
    );
  });
});

test("asksForEdits() asks hosted layers whose own date is old, and nothing else", () => {
  const asks = (item: Partial<ListedItem>, context = changes()) => {
    const one = anItem(item);
    return asksForEdits(one, planItem(one, layout), context);
  };
  expect([asks(LAYER), asks(VIEW)]).toEqual([true, true]);
  expect(asks({ ...LAYER, modified: SINCE })).toBe(false);
  expect(asks({ ...LAYER, url: null })).toBe(false);
  expect(asks(LAYER, changes([], [id(1)]))).toBe(false);
  expect(asks({ ...LAYER, typeKeywords: [] })).toBe(false);
  expect(asks({ modified: OLD })).toBe(false);
  expect(changeOf(anItem(LAYER), backUp("export-fgdb", "w"), changes())?.unchangedSince).toBeUndefined();
});

describe("what a service tells of its edits", () => {
  const layer = (editingInfo: unknown) => ({ id: 0, editingInfo });

  test("is the latest date of its layers and tables", () => {
    const layers = [layer({ lastEditDate: 50, dataLastEditDate: 30, schemaLastEditDate: 50 })];
    expect(editsIn({ layers, tables: [layer({ lastEditDate: 40 })] })).toEqual({ rows: 40, anything: 50 });
    expect(editsIn({ layers: [layer({ dataLastEditDate: 30 })] })).toEqual({ rows: 30, anything: 30 });
  });

  test.each([
    ["no layers", {}],
    ["a layer without a date", { layers: [layer({ lastEditDate: 5 }), layer(undefined)] }],
    ["a date that is none", { layers: [layer({ lastEditDate: "5" })] }],
    ["a date of zero", { layers: [layer({ lastEditDate: 0 })] }],
    ["dates of the schema alone", { layers: [layer({ schemaLastEditDate: 5 })] }],
    ["something else", { layers: [null, "x"], tables: 7 }],
  ])("is not known with %s", (_, value) => {
    expect(editsIn(value)).toEqual({});
  });

  test("names the layers that a view shows, or none", () => {
    const service = (serviceItemId: unknown) => ({ serviceItemId });
    expect(sourcesIn({ services: [service("a"), service("b"), service("a")] })).toEqual(["a", "b"]);
    for (const value of [
      {},
      { services: [] },
      { services: [service("a"), service(undefined)] },
      { services: [service("a"), null] },
      { services: 1 },
    ])
      expect(sourcesIn(value)).toBeUndefined();
  });
});
