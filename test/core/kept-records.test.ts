import { expect, test } from "vitest";
import { isKeptForGood, neededRuns } from "../../src/core/kept-records.ts";
import { runPaths } from "../../src/core/work-paths.ts";

const RUN = "nightly-20260514T020000Z";

test("isKeptForGood() keeps what was asked for and what the report says, and no working state", () => {
  const { run, summary, results, planText, log } = runPaths(RUN);
  expect([run, summary, results, planText].map((path) => isKeptForGood(RUN, path))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(isKeptForGood(RUN, log)).toBe(false);
  expect(isKeptForGood("nightly-20260515T020000Z", run)).toBe(false);
});

test("neededRuns() are the open one, the last one and the last two that saved something", () => {
  const runs = [
    { id: "d", dryRun: true },
    { id: "c", dryRun: false },
    { id: "b", dryRun: false },
    { id: "a", dryRun: false },
  ];
  expect(neededRuns({ openRun: { runId: "e" }, lastRun: "c", runs })).toEqual(new Set(["e", "c", "b"]));
  expect(neededRuns({ openRun: null, lastRun: null })).toEqual(new Set());
});
