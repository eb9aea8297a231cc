import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ItemLine } from "../../src/core/run.ts";
import {
  LISTINGS_KEPT,
  portalKey,
  type RunRef,
  type Standing,
  standingFor,
  type StandingRun,
} from "../../src/core/standing.ts";
import { addNewLoss, compare, type Comparison } from "../../src/core/standing-comparison.ts";
import { type Fact, factOf } from "../../src/core/standing-facts.ts";
import { hasNewLoss, marksOf } from "../../src/core/standing-loss.ts";
import { binUntil, missingLabel } from "../../src/core/standing-missing.ts";
import { nextStanding } from "../../src/core/standing-next.ts";
import { lastCopyWords, lossesInOrder, ordinal } from "../../src/core/standing-words.ts";
import { addLine, startTally, totalOf } from "../../src/core/tally.ts";
import { tellItem } from "../../src/core/told-item.ts";
import { aLine, id, PORTAL } from "./report-samples.ts";

const DAY = 24 * 60 * 60 * 1000;

function ref(n: number): RunRef {
  return { runId: `nightly-${String(n)}`, at: n * DAY };
}

function aRun(n: number, over: Partial<StandingRun> = {}): StandingRun {
  return { run: ref(n), verdict: "partial", portal: "acme", listed: 10, whole: true, ...over };
}

const failure = (reason: "export-failed" | "not-reached" | "export-timeout") =>
  ({ failure: { reason, text: "t", next: "n" } }) as const;
const good = (n: number): Fact => factOf(aLine(n, "saved"));
const bad = (n: number): Fact => factOf(aLine(n, "failed", {}, failure("export-failed")));
const lossy = (n: number, text: string): Fact =>
  factOf(aLine(n, "saved", {}, { loss: [{ kind: "attachments-missing", text }] }));

/** The standing after these nights, each with its facts. */
function after(...nights: readonly (readonly [StandingRun, ...Fact[]])[]): Standing {
  const standing = nights.reduce<Standing | undefined>(
    (before, [run, ...facts]) => nextStanding(before, run, facts) ?? before,
    undefined,
  );
  if (standing === undefined) throw new Error("No night");
  return standing;
}

describe("nextStanding()", () => {
  test("counts failures in a row, and a copy ends them", () => {
    const two = after([aRun(1), bad(1), bad(2)], [aRun(2), bad(1), good(2)]);
    expect(two.failing).toEqual({ [id(1)]: { since: ref(1), runs: 2, reason: "export-failed" } });
    expect(after([aRun(1), bad(1)], [aRun(2), good(1)], [aRun(3), bad(1)]).failing[id(1)]).toMatchObject({
      since: ref(3),
      runs: 1,
    });
  });

  test("keeps each item's newest copy, also while it fails", () => {
    const { copies } = after(
      [aRun(1), good(1), good(2), good(3)],
      [aRun(2), bad(1), good(2)],
      [aRun(3), bad(1), good(2)],
    );
    expect(copies).toEqual([
      { run: ref(3), ids: [id(2)] },
      { run: ref(1), ids: [id(1), id(3)] },
    ]);
  });

  test("keeps what stood of an item that was not selected, not changed, not reached or not listed", () => {
    const before = after([aRun(1), lossy(1, "Layer 0: 3 of 9 attachments"), bad(2), good(3)]);
    const facts = [
      factOf(aLine(1, "skipped", {}, { cause: "not-selected" })),
      factOf(aLine(2, "failed", {}, failure("not-reached"))),
      factOf(aLine(3, "saved")),
    ];
    const unchanged = [1, 2, 3].map((n) => factOf(aLine(n, "unchanged")));
    for (const some of [facts, facts.slice(2), unchanged, []]) {
      const next = nextStanding(before, aRun(2, { verdict: "canceled" }), some);
      expect([next?.failing, next?.losses]).toEqual([before.failing, before.losses]);
    }
  });

  test("only counts a run that failed as a whole, and the next good one ends that", () => {
    const before = after([aRun(1), bad(1), good(2)]);
    const failed = after(
      [aRun(1), bad(1), good(2)],
      [aRun(2, { verdict: "failed", portal: null, listed: null })],
      [aRun(3, { verdict: "failed", portal: null, listed: null }), good(1), bad(2)],
    );
    expect(failed).toEqual({ ...before, run: ref(3), failedRuns: { since: ref(2), runs: 2 } });
    expect(nextStanding(failed, aRun(4, { verdict: "canceled" }), [])?.failedRuns?.runs).toBe(2);
    expect(nextStanding(failed, aRun(4), [])?.failedRuns).toBeNull();
  });

  test("keeps the portal and the listings that are known where a run has none of its own", () => {
    const next = nextStanding(after([aRun(1)]), aRun(2, { portal: null, listed: null }), []);
    expect(next).toMatchObject({ portal: "acme", listings: [{ run: ref(1), listed: 10 }], run: ref(2) });
  });

  test("takes only a run of everything that ended well for the last backup", () => {
    const first = after([aRun(1)]);
    expect(first.lastBackup).toEqual(ref(1));
    for (const over of [{ whole: false }, { verdict: "canceled" }, { verdict: "failed" }] as const) {
      expect(nextStanding(first, aRun(2, over), [])?.lastBackup).toEqual(ref(1));
    }
    expect(nextStanding(first, aRun(2), [])?.lastBackup).toEqual(ref(2));
  });

  test("starts anew at another portal, and knows the same one by its id", () => {
    const before = after([aRun(1), bad(1), good(2)]);
    expect(nextStanding(before, aRun(2, { portal: "other" }), [bad(1)])).toMatchObject({
      failing: { [id(1)]: { runs: 1 } },
      copies: [],
    });
    expect(standingFor(before, "other")).toBeUndefined();
    expect(standingFor(before, null)).toBe(before);
    expect(portalKey({ ...PORTAL, base: "https://maps.acme.gov" })).toBe(portalKey(PORTAL));
    const enterprise = { ...PORTAL, kind: "enterprise" } as const;
    expect(portalKey({ ...enterprise, base: "https://x" })).not.toBe(portalKey(enterprise));
  });

  test("leaves what stands when a seal is repeated, and when a newer run is in it", () => {
    const standing = after([aRun(1), bad(1)], [aRun(2), bad(1)]);
    expect(nextStanding(standing, aRun(2), [bad(1)])).toBeUndefined();
    expect(nextStanding(standing, aRun(1), [bad(1)])).toBeUndefined();
  });

  test("remembers how long each export took last, a timeout included", () => {
    const over = { strategy: "export-fgdb", tookMs: 5000.4 } as const;
    const facts = [
      factOf(aLine(1, "saved", {}, over)),
      factOf(aLine(2, "failed", {}, { ...over, ...failure("export-timeout") })),
      factOf(aLine(3, "failed", {}, { ...over, ...failure("export-failed") })),
      factOf(aLine(4, "saved")),
    ];
    const { exportMs } = after([aRun(1), ...facts]);
    expect(exportMs).toEqual({ [id(1)]: 5000, [id(2)]: 5000 });
    expect(after([aRun(1), ...facts], [aRun(2), bad(1)]).exportMs).toEqual(exportMs);
  });

  test("stays bounded: what this run met goes before what it did not", () => {
    const many = Array.from({ length: 20_001 }, (_, n) => bad(n));
    const full = after([aRun(1), ...many], [aRun(2), bad(99_999)]);
    expect(Object.keys(full.failing)).toHaveLength(20_000);
    expect(full.failing[id(99_999)]?.runs).toBe(1);
    const nights = Array.from({ length: 12 }, (_, n) => [aRun(n)] as const);
    expect(after(...nights).listings.map(({ run }) => run)).toEqual([11, 10, 9, 8, 7, 6, 5].map(ref));
    expect(LISTINGS_KEPT).toBe(7);
  });

  test("whatever the nights: streaks count attempts since the last copy, and each copy lies once", () => {
    const state = fc.constantFrom("good", "bad", "skip", "not");
    const item = 1;
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 20 }), (states) => {
        const facts: Record<string, Fact> = {
          good: good(item),
          bad: bad(item),
          skip: factOf(aLine(item, "skipped")),
          not: factOf(aLine(item, "failed", {}, failure("not-reached"))),
        };
        const standing = after(...states.map((each, n) => [aRun(n), facts[each] ?? bad(item)] as const));
        const lastEnd = states.findLastIndex((each) => each === "good" || each === "skip");
        const runs = states.slice(lastEnd + 1).filter((each) => each === "bad").length;
        expect(standing.failing[id(item)]?.runs ?? 0).toBe(runs);
        const copy = states.lastIndexOf("good");
        expect(standing.copies).toEqual(copy < 0 ? [] : [{ run: ref(copy), ids: [id(item)] }]);
        expect(JSON.parse(JSON.stringify(standing))).toEqual(standing);
      }),
    );
  });
});

describe("hasNewLoss()", () => {
  const attachments = (text: string) => marksOf([{ kind: "attachments-missing", text }]);
  const known = attachments("Layer 0: 12 of 8204 attachments are not in the export");

  test.each([
    ["the same", "Layer 0: 12 of 8204 attachments are not in the export", false],
    ["other totals", "Layer 0: 12 of 9,000 attachments are not in the export", false],
    ["fewer", "Layer 0: 2 of 8204 attachments are not in the export", false],
    ["more", "Layer 0: 1,013 of 8204 attachments are not in the export", true],
    ["another layer", "Layer 1: 12 of 8204 attachments are not in the export", true],
  ])("%s", (_, text, expected) => {
    expect(hasNewLoss(attachments(text), known)).toBe(expected);
  });

  test("takes an error's figures for no amount, and another resource for a new loss", () => {
    const resource = (name: string, code: number) =>
      ({ kind: "resource-missing", text: `Resource "${name}": code ${String(code)}` }) as const;
    const before = marksOf([resource("a.png", 500)]);
    expect(hasNewLoss(marksOf([resource("a.png", 900)]), before)).toBe(false);
    expect(hasNewLoss(marksOf([resource("a.png", 500), resource("b.png", 500)]), before)).toBe(true);
    expect(hasNewLoss({}, before)).toBe(false);
    expect(hasNewLoss(before, undefined)).toBe(true);
  });

  test("compares the words of a loss without a subject, whatever their figures", () => {
    const rows = (text: string) => marksOf([{ kind: "rows-excluded", text }]);
    const before = rows("3 rows could not be read");
    expect(hasNewLoss(rows("2 rows could not be read"), before)).toBe(false);
    expect(hasNewLoss(rows("4 rows could not be read"), before)).toBe(true);
    expect(hasNewLoss(rows("3 rows are gone"), before)).toBe(true);
  });

  test("is bounded, and still sees that more is lost", () => {
    const many = (count: number) =>
      marksOf(
        Array.from({ length: count }, (_, n) => ({
          kind: "resource-missing",
          text: `Resource "${String(n)}": gone`,
        })),
      );
    expect(Object.keys(many(1000))).toHaveLength(51);
    expect(hasNewLoss(many(1001), many(1000))).toBe(true);
    expect(hasNewLoss(many(1000), many(1000))).toBe(false);
  });
});

function compared(
  standing: Standing | undefined,
  lines: readonly ItemLine[],
  listed: number | null = 10,
): Comparison {
  const newLosses = lines.reduce<Comparison["newLosses"]>(
    (losses, line) => addNewLoss(losses, line, factOf(line), standing),
    { shown: [], rest: 0 },
  );
  const tally = lines.reduce(addLine, startTally());
  return compare(standing, { run: ref(9), tally, newLosses, listed, missing: null, mail: null });
}

describe("compare()", () => {
  const loss = (text: string) => ({ loss: [{ kind: "attachments-missing", text }] }) as const;

  test("tells streaks with the last copy, and whether that copy had a loss", () => {
    const standing = after(
      [aRun(1), good(1), lossy(2, "Layer 0: 1 of 2 attachments")],
      [aRun(2), bad(1), bad(2), bad(3)],
    );
    const lines = [1, 2, 3, 4].map((n) => aLine(n, "failed"));
    expect(compared(standing, lines).failing).toEqual({
      [id(1)]: { runs: 2, since: ref(2), lastCopy: { ...ref(1), withLoss: false } },
      [id(2)]: { runs: 2, since: ref(2), lastCopy: { ...ref(1), withLoss: true } },
      [id(3)]: { runs: 2, since: ref(2), lastCopy: null },
      [id(4)]: { runs: 1, since: ref(9), lastCopy: null },
    });
  });

  test("tells new losses from known ones, however many there are", () => {
    const standing = after([aRun(1), lossy(1, "Layer 0: 1 of 2 attachments")]);
    const known = aLine(1, "saved", {}, loss("Layer 0: 1 of 5 attachments"));
    const fresh = Array.from({ length: 300 }, (_, n) =>
      aLine(n + 2, "saved", {}, loss("Layer 0: 1 of 2 attachments")),
    );
    const { newLosses, knownLosses } = compared(standing, [known, ...fresh]);
    expect([newLosses.shown.length, totalOf(newLosses)]).toEqual([200, 300]);
    expect(knownLosses).toEqual({ [id(1)]: ref(1) });
    expect(totalOf(compared(undefined, [known]).newLosses)).toBe(1);
  });

  test("sees a listing that shrank against the largest of the last seven", () => {
    const standing = after([aRun(1, { listed: 100 })], [aRun(2, { listed: 90 })], [aRun(3, { listed: 60 })]);
    expect(compared(standing, [], 79).shrunk).toEqual({ listed: 79, usual: { run: ref(1), listed: 100 } });
    expect(compared(standing, [], 80).shrunk).toBeNull();
    expect(compared(standing, [], null).shrunk).toBeNull();
    expect(compared(undefined, [], 1).shrunk).toBeNull();
  });
});

test("lastCopyWords() says of the last copy whether it had a loss", () => {
  const standing = after(
    [aRun(1), good(1), lossy(2, "Layer 0: 1 of 2 attachments")],
    [aRun(2), bad(1), bad(2)],
  );
  const told = compared(standing, [aLine(1, "failed"), aLine(2, "failed")]);
  expect([1, 2].map((n) => lastCopyWords(told, id(n), "UTC"))).toEqual([
    "Last good copy: 2 Jan 1970 00:00 UTC, run nightly-1",
    "Last copy, with a loss: 2 Jan 1970 00:00 UTC, run nightly-1",
  ]);
});

test("lossesInOrder() tells new losses first, then the known ones with their day where it is known", () => {
  const [fresh, known, unknown] = [1, 2, 3].map((n) => tellItem(aLine(n, "saved")));
  if (fresh === undefined || known === undefined || unknown === undefined) throw new Error("No items");
  const told = { ...compared(after([aRun(1)]), []), newLosses: { shown: [fresh], rest: 0 } };
  const order = lossesInOrder({ ...told, knownLosses: { [id(2)]: ref(1) } }, [known, fresh, unknown], "UTC");
  expect(order.map(({ item, words }) => [item.id, words])).toEqual([
    [id(1), "new"],
    [id(2), "known since 2 Jan 1970"],
    [id(3), undefined],
  ]);
});

test("missingLabel() says deleted only where the item itself answers so to one who sees everything", () => {
  const answer = (reason: "not-found" | "no-access" | "transient") =>
    ({ ok: false, failure: { reason, text: "", next: "" } }) as const;
  expect(missingLabel(answer("not-found"), false, true)).toBe("deleted");
  expect(missingLabel(answer("not-found"), false, false)).toBe("not visible");
  expect(missingLabel(answer("no-access"), false, true)).toBe("not visible");
  expect(missingLabel(answer("transient"), false, true)).toBe("not told");
  expect(missingLabel({ ok: true }, false, true)).toBe("not listed");
  expect(missingLabel(undefined, true, true)).toBe("in recycle bin");
  expect(missingLabel(undefined, false, true)).toBe("not told");
  expect(binUntil({ since: ref(1), total: 1, items: [] })).toBe(15 * DAY);
});

test("ordinal() ends as people say it", () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 111, 1003].map(ordinal)).toEqual([
    "1st",
    "2nd",
    "3rd",
    "4th",
    "11th",
    "12th",
    "13th",
    "21st",
    "102nd",
    "111th",
    "1,003rd",
  ]);
});
