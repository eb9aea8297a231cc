import { expect, test } from "vitest";
import { nearMiss } from "../../src/core/near-miss.ts";

const WORDS = ["timeoutMinutes", "lanes", "hardLimitHours", "cron", "$"];

test.each([
  ["timeoutMinuets", "timeoutMinutes"],
  ["time_out_minutes", "timeoutMinutes"],
  ["timeout", "timeoutMinutes"],
  ["lane", "lanes"],
  ["croon", "cron"],
  ["CRON", "cron"],
  ["password", undefined],
  ["", undefined],
  ["---", undefined],
])("nearMiss(%j) is %j", (written, meant) => {
  expect(nearMiss(written, WORDS)).toBe(meant);
});

test("nearMiss() of no words is none, and a word without letters is as far as all that was written", () => {
  expect(nearMiss("cron", [])).toBeUndefined();
  expect([nearMiss("a", ["$"]), nearMiss("ab", ["$"])]).toEqual(["$", undefined]);
});
