// Windows against a search that shows its first 10,000 and no more: every item is shown once, whatever its time of creation.
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type SearchState,
  type SearchWindow,
  SHOWN_MOST,
  afterPage,
  givenUp,
  startSearch,
  windowQuery,
  withNote,
} from "../../src/core/search-windows.ts";

const NOW = Date.UTC(2026, 4, 14);
const OWNERS = ["jdoe", "msmith", "old_timer"];

/** So many items that were made at one moment by one owner. */
interface Heap {
  readonly at: number;
  readonly owner: string;
  readonly items: number;
}

function inWindow(heap: Heap, window: SearchWindow | null): boolean {
  if (window === null) return true;
  const { from, to, owner } = window;
  return heap.at >= from && heap.at <= to && (owner === undefined || owner === heap.owner);
}

/** Follows a search over the heaps to its end; how many items it showed. */
function shown(heaps: readonly Heap[]): {
  readonly items: number;
  readonly calls: number;
  readonly end: SearchState;
} {
  let state = startSearch();
  let items = 0;
  let calls = 0;
  for (; state.open.length > 0 && calls < 5_000; calls += 1) {
    const [next] = state.open;
    if (next === undefined) break;
    const { window, start } = next;
    expect(start + 100).toBeLessThanOrEqual(10_000);
    // A type has at most what its owner has.
    const total = heaps
      .filter((heap) => inWindow(heap, window))
      .reduce(
        (sum, heap) => sum + (window?.type === undefined || window.type === "Web Map" ? heap.items : 0),
        0,
      );
    const fresh = Math.max(0, Math.min(100, total - start + 1));
    const nextStart = start + 100 <= total ? start + 100 : -1;
    const after = afterPage(state, { total, nextStart, fresh }, { owners: OWNERS, now: NOW });
    ({ state } = after);
    if (after.keep) items += fresh;
  }
  return { items, calls, end: state };
}

test("afterPage() shows every item once, also when a moment has more than a search shows", () => {
  const heap = fc.record({
    at: fc.oneof(fc.integer({ min: 0, max: NOW }), fc.constantFrom(0, NOW, NOW + 1, NOW + 10 ** 9)),
    owner: fc.constantFrom(...OWNERS),
    items: fc.integer({ min: 0, max: SHOWN_MOST }),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(heap, { selector: ({ at, owner }) => `${at} ${owner}`, maxLength: 6 }),
      (heaps) => {
        const total = heaps.reduce((sum, { items }) => sum + items, 0);
        const { items, calls, end } = shown(heaps);
        expect([items, end.total, end.complete, end.notes]).toEqual([total, total, true, []]);
        expect(calls).toBeLessThan(total / 100 + 500);
      },
    ),
    { numRuns: 60 },
  );
});

test("afterPage() says what one owner made of one type in one millisecond and no search shows", () => {
  const { items, end } = shown([{ at: NOW, owner: "jdoe", items: 30_000 }]);
  expect(items).toBe(9_900);
  expect([end.total, end.complete, end.notes]).toEqual([
    30_000,
    false,
    [
      `The search counts 30000 for items made at 2026-05-14T00:00:00.000Z of jdoe and shows no more before their end`,
    ],
  ]);
});

test("afterPage() of a search without an open window changes nothing", () => {
  const ended: SearchState = { ...startSearch(), open: [], total: 7 };
  const page = { total: 9, nextStart: 101, fresh: 100 };
  expect(afterPage(ended, page, { owners: OWNERS, now: NOW })).toEqual({ state: ended, keep: false });
});

test("afterPage() names the moment alone of a window of all owners", () => {
  const open = [{ window: { from: NOW, to: NOW }, start: 201 }];
  const page = { total: 500, nextStart: 301, fresh: 0 };
  const { state } = afterPage({ ...startSearch(), open }, page, { owners: OWNERS, now: NOW });
  expect(state.notes).toEqual([
    "The search counts 500 for items made at 2026-05-14T00:00:00.000Z and repeats pages before their end",
  ]);
});

test("afterPage() ends a search that repeats its pages", () => {
  const { state } = afterPage(
    startSearch(),
    { total: 500, nextStart: 101, fresh: 0 },
    { owners: [], now: NOW },
  );
  expect([state.open, state.complete]).toEqual([[], false]);
  expect(state.notes[0]).toContain("The search counts 500 for all items and repeats pages");
});

test("windowQuery() writes times with 19 digits and lets no name out of its quotes", () => {
  expect(windowQuery("orgid:A", null)).toBe("orgid:A");
  expect(windowQuery("orgid:A", { from: 0, to: 9 })).toBe(
    "orgid:A AND created:[0000000000000000000 TO 0000000000000000009]",
  );
  expect(windowQuery("orgid:A", { from: 1543532400000, to: 2, owner: 'a" OR "b', type: "Web Map" })).toBe(
    'orgid:A AND created:[0000001543532400000 TO 0000000000000000002] AND owner:"a  OR  b" AND type:"Web Map"',
  );
});

test("notes of a search are bounded, and one that is given up is not complete", () => {
  let state = startSearch();
  for (let n = 0; n < 50; n += 1) state = withNote(state, `note ${n}`);
  expect(state.notes).toHaveLength(20);
  expect(givenUp(startSearch(), "why")).toEqual({ open: [], total: null, complete: false, notes: ["why"] });
});
