import { expect, test } from "vitest";
import { estimate, progressLine } from "../../src/core/progress.ts";
import type { RunStatus } from "../../src/core/run.ts";

const MINUTE = 60_000;

/** A status as it is answered 40 minutes after the start, unless told otherwise. */
function status(over: Partial<RunStatus> = {}, now = 40 * MINUTE): RunStatus {
  const told: RunStatus = {
    id: "nightly-20260514T020000Z",
    profile: "nightly",
    phase: "saving",
    verdict: null,
    startedAt: 0,
    startedBy: "timer",
    dryRun: false,
    cancelRequested: false,
    itemsAtWork: [],
    itemsPerMinute: null,
    portalRequests: 0,
    expectedEnd: null,
    finishedAt: null,
    counts: { listed: 412, saved: 200, unchanged: 0, skipped: 28, failed: 3 },
    sizeBytes: 5_000_000,
    exportsAtWork: [],
    folder: "nightly_20260514T020000Z",
    container: "backups",
    failure: null,
    mailTrouble: null,
    unsettled: 0,
    ...over,
  };
  return { ...told, ...estimate(told, now) };
}

const exportsAtWork = [
  { itemId: "a", title: "Streets", sinceMs: 30 * MINUTE, parked: false },
  { itemId: "b", title: "Hydrants", sinceMs: 1 * MINUTE, parked: false },
];

test("progressLine() tells counts, failures, exports and what is left", () => {
  const status1 = status({
    exportsAtWork: [{ itemId: "b", title: "Hydrants", sinceMs: 10 * MINUTE, parked: false }],
  });
  expect(progressLine(status1, 40 * MINUTE)).toBe(
    "Saving 231 of 412 · 3 failed · 1 export at ArcGIS (longest: Hydrants, 30 min) · about 36 min left",
  );
});

test("progressLine() gives no estimate once an export has lasted longer than it", () => {
  expect(progressLine(status({ exportsAtWork }, 42 * MINUTE), 42 * MINUTE)).toBe(
    "Saving 231 of 412 · 3 failed · 2 exports at ArcGIS (longest: Hydrants, 41 min)",
  );
});

test.each([
  ["too few are done", { listed: 412, saved: 19, unchanged: 0, skipped: 0, failed: 0 }],
  ["most of what is done was skipped", { listed: 412, saved: 5, unchanged: 0, skipped: 300, failed: 0 }],
  ["a small share is done", { listed: 4120, saved: 30, unchanged: 0, skipped: 0, failed: 0 }],
])("progressLine() gives no estimate when %s", (_criterion, counts) => {
  expect(progressLine(status({ counts }), 40 * MINUTE)).not.toContain("left");
});

test("progressLine() gives no estimate when only exports are left", () => {
  const counts = { listed: 233, saved: 200, unchanged: 0, skipped: 28, failed: 3 };
  expect(progressLine(status({ counts, exportsAtWork }), 40 * MINUTE)).not.toContain("left");
});

test.each([
  ["opening", "Signing in"],
  ["listing", "Listing items"],
  ["planning", "Planning 412 items · 3 failed"],
  ["sweeping", "Removing temporary exports · 3 failed"],
  ["sealing", "Writing report and manifest · 3 failed"],
] as const)("progressLine() has words for %s", (phase, words) => {
  const none = { listed: 0, saved: 0, unchanged: 0, skipped: 0, failed: 0 };
  const early = phase === "opening" || phase === "listing";
  expect(progressLine(status({ phase, ...(early ? { counts: none } : {}) }), MINUTE)).toBe(words);
});

test("progressLine() of a sealed run is its verdict and equation", () => {
  const counts = { listed: 412, saved: 381, unchanged: 0, skipped: 28, failed: 3 };
  expect(
    progressLine(status({ phase: "sealed", verdict: "partial", finishedAt: 134 * MINUTE, counts }), 0),
  ).toBe("Partial in 2 h 14 min · 412 listed = 381 saved + 0 unchanged + 28 skipped + 3 failed · 5.0 MB");
});

test("progressLine() of a sealed run without verdict or end tells what it knows", () => {
  const counts = { listed: 1, saved: 1, unchanged: 0, skipped: 0, failed: 0 };
  expect(progressLine(status({ phase: "sealed", counts }), 0)).toBe(
    "Done · 1 listed = 1 saved + 0 unchanged + 0 skipped + 0 failed · 5.0 MB",
  );
});

test("progressLine() rounds what is left up to five minutes where it is more than an hour", () => {
  const line = (leftMs: number) =>
    progressLine({ ...status(), expectedEnd: 40 * MINUTE + leftMs }, 40 * MINUTE)
      .split(" · ")
      .at(-1);
  expect([line(59.5 * MINUTE), line(61 * MINUTE)]).toEqual(["about 1 h left", "about 1 h 5 min left"]);
});

test("progressLine() gives up the export's title, then the exports, then its end, to fit the columns", () => {
  const at = (columns: number): string =>
    progressLine(status({ exportsAtWork }, 42 * MINUTE), 42 * MINUTE, columns);
  expect(at(70)).toBe("Saving 231 of 412 · 3 failed · 2 exports at ArcGIS (longest: 41 min)");
  expect(at(40)).toBe("Saving 231 of 412 · 3 failed");
  expect(at(12)).toBe("Saving 231 …");
});

test("estimate() gives a rate before it can give an end, and shows the line's own end", () => {
  const few = { listed: 4120, saved: 30, unchanged: 0, skipped: 500, failed: 0 };
  expect(estimate(status({ counts: few }), 40 * MINUTE)).toEqual({ itemsPerMinute: 0.8, expectedEnd: null });
  const enough = status();
  expect(enough.itemsPerMinute).toBe(5.1);
  // 181 of 203 items are open, and 40 minutes went by.
  expect(enough.expectedEnd).toBe(40 * MINUTE + Math.round((181 * 40 * MINUTE) / 203));
  expect(progressLine(enough, 40 * MINUTE)).toContain("about 36 min left");
  expect(progressLine(enough, 60 * MINUTE)).toContain("about 16 min left");
  expect(progressLine(enough, 90 * MINUTE)).not.toContain("left");
});

test("estimate() takes what had its turn as done, counted or not", () => {
  const before = estimate(status(), 40 * MINUTE).expectedEnd ?? 0;
  expect(estimate(status({ unsettled: 100 }), 40 * MINUTE).expectedEnd).toBeLessThan(before);
  expect(progressLine(status({ unsettled: 100 }), 40 * MINUTE)).toContain("Saving 331 of 412");
});

test.each(["opening", "listing", "planning", "sweeping", "sealing", "sealed"] as const)(
  "estimate() gives nothing while %s",
  (phase) => {
    expect(estimate(status({ phase }), 40 * MINUTE)).toEqual({ itemsPerMinute: null, expectedEnd: null });
  },
);
