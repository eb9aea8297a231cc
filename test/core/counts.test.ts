import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addOutcome, balance, startCounts, verdict } from "../../src/core/counts.ts";
import { failed } from "../../src/core/result.ts";

const end = { losses: 0, failure: null, canceled: false };

describe("balance()", () => {
  test("holds exactly when every listed item has ended in one state", () => {
    const states = fc.array(fc.constantFrom("saved", "unchanged", "skipped", "failed"));
    fc.assert(
      fc.property(states, fc.nat(3), (ends, notEnded) => {
        const counts = ends.reduce(addOutcome, startCounts(ends.length + notEnded));
        expect(balance(counts)).toMatchObject({ balanced: notEnded === 0, missing: notEnded });
      }),
    );
  });

  test("prints the sum", () => {
    const counts = { listed: 412, saved: 316, unchanged: 0, skipped: 93, failed: 3 };
    expect(balance(counts).text).toBe("412 listed = 316 saved + 0 unchanged + 93 skipped + 3 failed");
    expect(balance({ ...counts, failed: 2 }).text).toContain("≠");
  });
});

describe("verdict()", () => {
  const counts = { listed: 2, saved: 1, unchanged: 0, skipped: 1, failed: 0 };

  test("is succeeded only when nothing failed, nothing is lost and the books balance", () => {
    expect(verdict({ ...end, counts })).toBe("succeeded");
    expect(verdict({ ...end, counts, losses: 1 })).toBe("partial");
    expect(verdict({ ...end, counts: { ...counts, saved: 0, failed: 1 } })).toBe("partial");
    expect(verdict({ ...end, counts: { ...counts, listed: 3 } })).toBe("failed");
  });

  test("is failed when the run as a whole failed, and canceled when somebody ended it", () => {
    const { failure } = failed("sign-in-refused", "t", "n");
    expect(verdict({ ...end, counts, failure })).toBe("failed");
    expect(verdict({ ...end, counts, canceled: true })).toBe("canceled");
  });
});
