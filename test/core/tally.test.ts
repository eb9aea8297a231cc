import fc from "fast-check";
import type { ExportTable, Loss } from "../../src/core/outcome.ts";
import type { Proof } from "../../src/core/proof-tally.ts";
import { expect, test } from "vitest";
import { addLine, startTally, totalOf } from "../../src/core/tally.ts";
import { aLine, HASH, tallyOf } from "./report-samples.ts";

const STATES = ["saved", "unchanged", "skipped", "failed"] as const;

test("tally counts every line once, whatever is cut from its lists", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...STATES), { maxLength: 400 }), (states) => {
      const tally = tallyOf(states.map((state, n) => aLine(n, state)));
      const { listed, saved, unchanged, skipped, failed } = tally.counts;
      expect(listed).toBe(states.length);
      expect(saved + unchanged + skipped + failed).toBe(listed);
      expect(totalOf(tally.failed) + totalOf(tally.notReached)).toBe(failed);
      expect(tally.savedByType.reduce((sum, [, count]) => sum + count, 0)).toBe(saved);
    }),
    { numRuns: 20 },
  );
});

test("tally stays small over many lines and says what it left out", () => {
  const filler = "x".repeat(1000);
  const failure = { reason: "portal-error", text: filler, next: filler } as const;
  let tally = startTally();
  for (let n = 0; n < 5000; n++) {
    tally = addLine(tally, aLine(n, "failed", { type: `Type ${String(n)}` }, { failure, unknownType: true }));
  }
  expect(tally.failed.shown.length).toBe(200);
  expect(tally.failed.rest).toBe(4800);
  expect(tally.unknownTypes.at(-1)).toEqual(["(other)", 4600]);
  expect(JSON.stringify(tally).length).toBeLessThan(600_000);
});

test("tally does not change the tally it is given", () => {
  const before = tallyOf([aLine(1, "failed")]);
  const copy = structuredClone(before);
  addLine(before, aLine(2, "failed"));
  expect(before).toEqual(copy);
});

interface Judged {
  readonly criterion: string;
  readonly tables: readonly Omit<ExportTable, "name">[];
  readonly judgement: keyof Proof;
  readonly loss?: readonly Loss[];
}

const JUDGED: readonly Judged[] = [
  {
    criterion: "the same rows",
    tables: [{ rows: 5, rowsBefore: 5, rowsAfter: 5 }],
    judgement: "exportsMatching",
  },
  {
    criterion: "rows between both counts",
    tables: [{ rows: 5, rowsBefore: 5, rowsAfter: 7 }],
    judgement: "exportsEditedMeanwhile",
  },
  {
    criterion: "fewer rows in one of two tables",
    tables: [
      { rows: 5, rowsBefore: 5, rowsAfter: 5 },
      { rows: 4, rowsBefore: 5, rowsAfter: 5 },
    ],
    judgement: "exportsShort",
    loss: [{ kind: "rows-excluded", text: "Layer 0: 1 row" }],
  },
  {
    criterion: "fewer rows, of which none is lost",
    tables: [{ rows: 4, rowsBefore: 5, rowsAfter: 5 }],
    judgement: "exportsCompleted",
  },
  {
    criterion: "a table that could not be compared beside one that could",
    tables: [{ rows: 5, rowsBefore: 5, rowsAfter: 5 }, { rows: 3 }],
    judgement: "exportsPartlyCompared",
  },
  { criterion: "no count to compare with", tables: [{ rows: 5 }], judgement: "exportsNotCompared" },
  { criterion: "no table", tables: [], judgement: "exportsNotCompared" },
];

test.each(JUDGED)("tally judges an export with $criterion", ({ tables, judgement, loss = [] }) => {
  const { proof } = tallyOf([
    aLine(
      1,
      "saved",
      {},
      {
        loss,
        artifacts: [
          {
            kind: "export",
            path: "a",
            sizeBytes: 1,
            hash: HASH,
            proof: "stored",
            tables: tables.map((table, n) => ({ name: `t${String(n)}`, ...table })),
          },
        ],
      },
    ),
  ]);
  expect(proof[judgement]).toBe(1);
  expect(proof.exportsOpened).toBe(1);
});

test("tally lists what was saved by a lower rung than the first, with that rung", () => {
  const tally = tallyOf([
    aLine(1, "saved", {}, { rung: "fgdb" }),
    aLine(2, "saved", {}, { rung: "csv" }),
    aLine(3, "saved"),
    aLine(4, "saved", {}, { rung: "replica" }),
  ]);
  expect(tally.fallbacks.shown.map(({ title, rung }) => [title, rung])).toEqual([
    ["Item 2", "csv"],
    ["Item 4", "replica"],
  ]);
});

test("tally keeps the five largest and the five slowest, the greatest first", () => {
  const sizes = [3, 9, 1, 7, 5, 8, 2];
  const tally = tallyOf(
    sizes.map((size, n) => aLine(n, "saved", {}, { sizeBytes: size, tookMs: size * 500 })),
  );
  expect(tally.largest.map(({ sizeBytes }) => sizeBytes)).toEqual([9, 8, 7, 5, 3]);
  expect(tally.slowest.map(({ tookMs }) => tookMs)).toEqual([4500, 4000, 3500, 2500, 1500]);
});
