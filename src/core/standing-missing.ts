// Items of the listing before that are not in this one. Missing is "not listed", never "deleted", until the item itself
// answers so.
import type { ListedItem } from "./item.ts";
import type { Failure } from "./result.ts";
import type { Listing, RunRef } from "./standing.ts";

/** What became of an item that is not listed any more, in the order to tell it. */
export const MISSING_LABELS = {
  "not listed": "still there, but ArcGIS did not list it",
  "in recycle bin": "deleted, and in the recycle bin",
  deleted: "deleted",
  "not visible": "deleted or no longer visible to the account",
  "not told": "not checked, or not told by ArcGIS",
} as const;
export type MissingLabel = keyof typeof MISSING_LABELS;

export interface MissingItem {
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly owner: string;
  readonly label: MissingLabel;
}

/** `runs/{runId}/listing/missing.json`. */
export interface Missing {
  /** The run whose listing had them. */
  readonly since: RunRef;
  readonly total: number;
  /** The first of them, at most MISSING_KEPT. */
  readonly items: readonly MissingItem[];
}

export const MISSING_KEPT = 200;
/** ArcGIS Online keeps a deleted item for 14 days. */
const BIN_MS = 14 * 24 * 60 * 60 * 1000;
const SHRUNK = 0.8;

/** What reading an item again says of it. */
export function missingLabel(
  answer: { readonly ok: true } | { readonly ok: false; readonly failure: Failure } | undefined,
  inRecycleBin: boolean,
  seesAllItems: boolean,
): MissingLabel {
  if (inRecycleBin) return "in recycle bin";
  if (answer === undefined) return "not told";
  if (answer.ok) return "not listed";
  if (answer.failure.reason === "no-access") return "not visible";
  if (answer.failure.reason !== "not-found") return "not told";
  // ArcGIS gives the same answer for what is gone and for what may not be seen.
  return seesAllItems ? "deleted" : "not visible";
}

/** The item as the report keeps it. */
export function missingItem({ id, title, type, owner }: ListedItem, label: MissingLabel): MissingItem {
  const short = (text: string) => text.slice(0, 200).toWellFormed();
  return { id, title: short(title), type: short(type), owner: short(owner), label };
}

/** The day until which the recycle bin keeps them at least, epoch ms: they were deleted after the listing before. */
export function binUntil({ since }: Missing): number {
  return since.at + BIN_MS;
}

/** Set when this listing has less than four fifths of the largest of the last ones; null when all looks usual. */
export function shrunk(
  listings: readonly Listing[],
  listed: number | null,
): { readonly listed: number; readonly usual: Listing } | null {
  const [usual] = listings.toSorted((a, b) => b.listed - a.listed);
  if (usual === undefined || listed === null || listed >= SHRUNK * usual.listed) return null;
  return { listed, usual };
}
