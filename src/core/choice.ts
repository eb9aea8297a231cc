// What is decided about one item before it has a place and a lane: its strategy, the reason, and the cause of a skip.
import type { ItemType } from "./item-types.ts";
import type { ListedItem, SkipCause, Strategy } from "./item.ts";

export interface Choice {
  readonly strategy: Strategy;
  readonly why: string;
  readonly cause?: SkipCause;
  /** Ids of the items that hold the data, for a cause that rests on them. */
  readonly coveredBy?: readonly string[];
}

/** A rule answers for the items that it knows, and undefined for all others. */
export type Rule = (item: ListedItem, type: ItemType | undefined) => Choice | undefined;

export function backUp(strategy: Strategy, why: string): Choice {
  return { strategy, why };
}

/** The item's JSON, /data, thumbnail and definition are kept; the data lie elsewhere. */
export function reference(cause: SkipCause, why: string): Choice {
  return { strategy: "skip-reference", cause, why };
}

/** As `reference`, with the items of the run that hold the data. */
export function covered(cause: SkipCause, why: string, coveredBy: readonly string[]): Choice {
  return { strategy: "skip-reference", cause, why, coveredBy };
}

/** Nothing of the item is kept. */
export function noValue(cause: SkipCause, why: string): Choice {
  return { strategy: "skip-no-value", cause, why };
}

/** True when the item carries the type keyword, letter case apart. */
export function hasKeyword(item: ListedItem, keyword: string): boolean {
  const wanted = keyword.toLowerCase();
  return item.typeKeywords.some((found) => found.trim().toLowerCase() === wanted);
}
