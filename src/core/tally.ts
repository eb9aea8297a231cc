// What the report needs of a run's items, gathered line by line: bounded memory, however many items there are.
// Lists are cut at a limit and count what they left out, so that the report can say so.
import type { SkipCause } from "./item.ts";
import { isFallback, type Rung } from "./ladder.ts";
import { addProof, startProof, type Proof } from "./proof-tally.ts";
import type { Failure, FailureReason } from "./result.ts";
import type { Counts, ItemLine } from "./run.ts";
import { tellItem, type ToldItem } from "./told-item.ts";

/** A list that stops growing: `rest` counts what came after. */
export interface Capped<T> {
  readonly shown: readonly T[];
  readonly rest: number;
}

/** How often each word occurred, in the order of first sight. */
export type CountBy<W extends string = string> = readonly (readonly [word: W, count: number])[];

export interface Tally {
  readonly counts: Counts;
  readonly sizeBytes: number;
  /** Failed after an attempt. */
  readonly failed: Capped<ToldItem & { readonly failure: Failure }>;
  readonly failedByReason: CountBy<FailureReason>;
  /** Failed because the run ended before their turn. */
  readonly notReached: Capped<ToldItem>;
  readonly withLoss: Capped<ToldItem>;
  /** Saved by a lower rung than the first. */
  readonly fallbacks: Capped<ToldItem & { readonly rung: Rung }>;
  readonly savedByType: CountBy;
  readonly skippedByCause: CountBy<SkipCause>;
  /** Types that the type table does not know: they got the safe default. */
  readonly unknownTypes: CountBy;
  readonly withNotes: Capped<ToldItem>;
  /** Five each, the greatest first. */
  readonly largest: readonly ToldItem[];
  readonly slowest: readonly ToldItem[];
  readonly proof: Proof;
}

const LIMITS = {
  failed: 200,
  notReached: 20,
  withLoss: 200,
  fallbacks: 200,
  withNotes: 50,
  types: 400,
  top: 5,
} as const;
const OTHER = "(other)";
/** What took less is not slow, even where nothing took longer. */
const QUICK_MS = 1000;

/** The tally of no items. */
export function startTally(): Tally {
  return {
    counts: { listed: 0, saved: 0, unchanged: 0, skipped: 0, failed: 0 },
    sizeBytes: 0,
    failed: { shown: [], rest: 0 },
    failedByReason: [],
    notReached: { shown: [], rest: 0 },
    withLoss: { shown: [], rest: 0 },
    fallbacks: { shown: [], rest: 0 },
    savedByType: [],
    skippedByCause: [],
    unknownTypes: [],
    withNotes: { shown: [], rest: 0 },
    largest: [],
    slowest: [],
    proof: startProof(),
  };
}

/** The tally with one more item; `tally` itself stays as it is. */
export function addLine(tally: Tally, line: ItemLine): Tally {
  const { item, outcome } = line;
  const told = tellItem(line);
  const next: Tally = {
    ...tally,
    counts: {
      ...tally.counts,
      listed: tally.counts.listed + 1,
      [outcome.state]: tally.counts[outcome.state] + 1,
    },
    sizeBytes: tally.sizeBytes + outcome.sizeBytes,
    unknownTypes:
      outcome.unknownType === true ? countType(tally.unknownTypes, item.type) : tally.unknownTypes,
    withNotes: outcome.notes.length > 0 ? keep(tally.withNotes, told, LIMITS.withNotes) : tally.withNotes,
    largest: top(tally.largest, told, (each) => each.sizeBytes),
    slowest: top(tally.slowest, told, (each) => Math.max(0, each.tookMs - QUICK_MS)),
    proof: addProof(tally.proof, outcome),
  };
  switch (outcome.state) {
    case "saved": {
      const withLoss = outcome.loss.length > 0 ? keep(tally.withLoss, told, LIMITS.withLoss) : tally.withLoss;
      const { rung } = outcome;
      const fallbacks =
        rung !== undefined && isFallback(rung)
          ? keep(tally.fallbacks, { ...told, rung }, LIMITS.fallbacks)
          : tally.fallbacks;
      return { ...next, withLoss, fallbacks, savedByType: countType(tally.savedByType, item.type) };
    }
    case "unchanged":
      return next;
    case "skipped":
      return { ...next, skippedByCause: count(tally.skippedByCause, outcome.cause) };
    case "failed":
      return outcome.failure.reason === "not-reached"
        ? { ...next, notReached: keep(tally.notReached, told, LIMITS.notReached) }
        : {
            ...next,
            failed: keep(tally.failed, { ...told, failure: outcome.failure }, LIMITS.failed),
            failedByReason: count(tally.failedByReason, outcome.failure.reason),
          };
  }
}

/** How many entries a capped list stands for. */
export function totalOf(list: Capped<unknown>): number {
  return list.shown.length + list.rest;
}

function keep<T>(list: Capped<T>, entry: T, limit: number): Capped<T> {
  return list.shown.length < limit
    ? { shown: [...list.shown, entry], rest: 0 }
    : { shown: list.shown, rest: list.rest + 1 };
}

function count<W extends string>(words: CountBy<W>, word: W): CountBy<W> {
  const known = words.some(([each]) => each === word);
  return known ? words.map((pair) => (pair[0] === word ? [word, pair[1] + 1] : pair)) : [...words, [word, 1]];
}

// Past the limit one last place stands for all further types: a portal that invents them cannot fill the memory.
function countType(types: CountBy, type: string): CountBy {
  const room = types.length < LIMITS.types || types.some(([each]) => each === type);
  return count(types, room ? type : OTHER);
}

function top(
  best: readonly ToldItem[],
  item: ToldItem,
  size: (item: ToldItem) => number,
): readonly ToldItem[] {
  const last = best[LIMITS.top - 1];
  if (size(item) <= 0 || (last !== undefined && size(item) <= size(last))) return best;
  return [...best, item].sort((a, b) => size(b) - size(a)).slice(0, LIMITS.top);
}
