import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ListedItem } from "../../src/core/item.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import { planItem } from "../../src/core/plan.ts";
import { FAILURE_REASONS, type FailureReason, failed } from "../../src/core/result.ts";
import { isUnsettled, planRound } from "../../src/core/rounds.ts";
import { anItem, listedItem } from "./arbitrary.ts";

const context = { layout: "flat", offlinePackageIds: new Set<string>() } as const;
const SOURCE = "a".repeat(32);
const VIEW = "b".repeat(32);

type End = "saved" | "unchanged" | FailureReason | { readonly coveredBy: readonly string[] };

function entry(id: string, end: End) {
  const isView = typeof end === "object";
  const item = anItem({
    id,
    type: "Feature Service",
    typeKeywords: ["Hosted Service", ...(isView ? ["View Service"] : [])],
  });
  const planned = planItem(item, context);
  return { planned, outcome: outcome(id, end) };
}

function outcome(itemId: string, end: End): Outcome {
  const base = {
    itemId,
    strategy: "export-fgdb",
    why: "",
    artifacts: [],
    sizeBytes: 0,
    tookMs: 0,
    notes: [],
  } as const;
  if (end === "saved") return { ...base, state: "saved", loss: [] };
  if (end === "unchanged") return { ...base, state: "unchanged", since: "r" };
  if (typeof end === "object")
    return { ...base, state: "skipped", cause: "view-of-saved-layer", coveredBy: end.coveredBy };
  return { ...base, state: "failed", failure: failed(end, "t", "n").failure };
}

describe("planRound()", () => {
  test("takes up again in round 2 what failed for a passing reason, and nothing else", () => {
    const reasons = Object.keys(FAILURE_REASONS) as FailureReason[];
    const entries = reasons.map((reason, at) => entry(at.toString(16).padStart(32, "0"), reason));
    const again = planRound(2, [...entries, entry(SOURCE, "saved"), entry(VIEW, { coveredBy: [] })]);
    expect(again).toEqual([entries[reasons.indexOf("transient")]?.planned]);
  });

  test.each([
    ["its source is saved", "saved" as const, [SOURCE], false],
    ["its source is unchanged", "unchanged" as const, [SOURCE], false],
    ["its source failed", "export-failed" as const, [SOURCE], true],
    ["one of two sources is not listed", "saved" as const, [SOURCE, "c".repeat(32)], true],
    ["the portal does not tell its sources", "saved" as const, [], true],
  ])("captures a view in round 3 unless it is covered: %s", (_, end, coveredBy, isCaptured) => {
    const planned = planRound(3, [entry(VIEW, { coveredBy }), entry(SOURCE, end)]);
    expect(planned.map(({ item }) => item.id)).toEqual(isCaptured ? [VIEW] : []);
    for (const view of planned) {
      expect(view).toMatchObject({ strategy: "export-fgdb", lane: "heavy" });
      expect(view).not.toHaveProperty("cause");
      expect(view.why).toContain("not");
    }
  });

  test("leaves what failed for a passing reason open in the first round only", () => {
    const { outcome: passing } = entry(SOURCE, "transient");
    expect([1, 2, 3].map((round) => isUnsettled(round, passing))).toEqual([true, false, false]);
  });

  test("says so where nothing tells what covers an item without an export", () => {
    const [planned] = planRound(3, [covered({ type: "Feature Service" }, "copy-of-saved-layer", [])]);
    expect(planned?.why).toContain("Copy of an item that is not known, not saved in this run");
  });

  test("has nothing for any other round", () => {
    const entries = [entry(SOURCE, "transient"), entry(VIEW, { coveredBy: [] })];
    expect([1, 4].map((round) => planRound(round, entries))).toEqual([[], []]);
  });

  test("names three of the items that lack the data", () => {
    const sources = ["1", "2", "3", "4"].map((sign) => sign.repeat(32));
    const why = (coveredBy: readonly string[]) => planRound(3, [entry(VIEW, { coveredBy })])[0]?.why;
    expect(why(sources)).toContain(`View of ${sources.slice(0, 3).join(", ")} and others, not saved`);
    expect(why(sources.slice(1))).toContain(`View of ${sources.slice(1).join(", ")}, not saved`);
  });

  test("leaves other skips alone in round 3", () => {
    const item = anItem({ type: "Code Attachment" });
    const skipped: Outcome = {
      ...outcome(item.id, { coveredBy: [] }),
      state: "skipped",
      cause: "code-attachment",
      coveredBy: [],
    };
    expect(planRound(3, [{ planned: planItem(item, context), outcome: skipped }])).toEqual([]);
  });

  const covered = (
    item: Partial<ListedItem>,
    cause: "package-saved" | "copy-of-saved-layer",
    coveredBy: readonly string[],
  ) => {
    const listed = anItem({ id: VIEW, ...item });
    const base = planItem(listed, context);
    return {
      planned: { ...base, strategy: "skip-reference" as const, cause, coveredBy },
      outcome: { ...outcome(listed.id, { coveredBy }), cause } as Outcome,
    };
  };
  const hosted = { typeKeywords: ["Hosted Service"] };

  test.each([
    ["Map Service", "export-tiles"],
    ["Vector Tile Service", "export-vector-tiles"],
    ["Scene Service", "export-scene-package"],
  ])("exports in round 3 a %s whose package was not saved", (type, strategy) => {
    const layer = covered({ type, ...hosted }, "package-saved", [SOURCE]);
    expect(planRound(3, [layer, entry(SOURCE, "truncated")])).toMatchObject([{ strategy, lane: "heavy" }]);
    expect(planRound(3, [layer, entry(SOURCE, "saved")])).toEqual([]);
    expect(planRound(3, [layer])).toHaveLength(1);
    expect(isUnsettled(2, layer.outcome)).toBe(true);
    expect(isUnsettled(3, layer.outcome)).toBe(false);
  });

  test.each([
    ["a copy of a layer", { type: "Feature Service" }, "copy-of-saved-layer" as const],
    ["a layer without an export", { type: "3DTiles Service", ...hosted }, "package-saved" as const],
  ])("takes up %s that has nothing of its own without a cause, so that it fails", (_, item, cause) => {
    const planned = planRound(3, [covered(item, cause, [SOURCE]), entry(SOURCE, "export-failed")]);
    expect(planned).toMatchObject([{ strategy: "skip-reference", lane: "direct", coveredBy: [SOURCE] }]);
    expect(planned[0]).not.toHaveProperty("cause");
    expect(planned[0]?.why).toContain(SOURCE);
  });

  test("follows a chain: a copy of a view is covered where the view is, or is exported now", () => {
    const copy = covered({ id: "c".repeat(32), type: "Feature Service" }, "copy-of-saved-layer", [VIEW]);
    const view = entry(VIEW, { coveredBy: [SOURCE] });
    expect(planRound(3, [copy, view, entry(SOURCE, "unchanged")])).toEqual([]);
    const planned = planRound(3, [copy, view, entry(SOURCE, "no-access")]);
    expect(planned.map(({ item, strategy }) => [item.id, strategy])).toEqual([[VIEW, "export-fgdb"]]);
  });

  test("leaves a covered item alone only where a chain of the run's items leads to its data", () => {
    const ids = Array.from({ length: 8 }, (_, n) => n.toString(16).repeat(32));
    const one = fc.record({
      type: fc.constantFrom("Map Service", "3DTiles Service", "Feature Service"),
      end: fc.constantFrom<End>("saved", "no-access"),
      cause: fc.constantFrom("package-saved" as const, "copy-of-saved-layer" as const, undefined),
      coveredBy: fc.subarray(ids, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), (list) => {
        const entries = list.map(({ type, end, cause, coveredBy }, n) =>
          cause === undefined
            ? entry(ids[n] ?? "", end)
            : covered({ id: ids[n] ?? "", type, ...hosted }, cause, coveredBy),
        );
        const again = new Map(planRound(3, entries).map((planned) => [planned.item.id, planned.strategy]));
        const left = new Map(entries.map(({ planned, outcome: end }) => [planned.item.id, end]));
        /** Whether the item's data are saved, or exported now, by itself or at the end of what covers it. */
        const leads = (id: string, way: readonly string[]): boolean => {
          const end = left.get(id);
          if (end === undefined || way.includes(id)) return false;
          const strategy = again.get(id);
          if (strategy !== undefined) return strategy.startsWith("export-");
          if (end.state !== "skipped") return end.state === "saved";
          return end.coveredBy.length > 0 && end.coveredBy.every((other) => leads(other, [...way, id]));
        };
        for (const [id, end] of left) {
          if (end.state === "skipped" && !again.has(id)) expect(leads(id, [])).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("plans no item twice in a round, and none that was not planned before", () => {
    const end = fc.oneof(
      fc.constantFrom<End>("saved", "unchanged", "transient", "no-access"),
      fc.array(fc.constantFrom(SOURCE, VIEW), { maxLength: 2 }).map((coveredBy) => ({ coveredBy })),
    );
    const entries = fc
      .uniqueArray(fc.record({ item: listedItem, end }), { selector: ({ item }) => item.id, maxLength: 20 })
      .map((list) =>
        list.map(({ item, end }) => ({ planned: planItem(item, context), outcome: outcome(item.id, end) })),
      );
    fc.assert(
      fc.property(entries, fc.constantFrom(2, 3), (list, round) => {
        const ids = planRound(round, list).map(({ item }) => item.id);
        expect(new Set(ids).size).toBe(ids.length);
        const before = new Set(list.map(({ planned }) => planned.item.id));
        expect(ids.every((id) => before.has(id))).toBe(true);
        // What a round takes up was not counted as final in the round before.
        const taken = list.filter(({ planned }) => ids.includes(planned.item.id));
        expect(taken.filter(({ outcome }) => !isUnsettled(round - 1, outcome))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
