// Reads items out of what a portal sends, field by field, and compares the two listings: the per-user walk is the
// authority, the organisation's search only adds.
import type { ListedItem } from "./item.ts";
import { isItemId } from "./names.ts";
import type { Failure } from "./result.ts";
import type { Books, ListingDifference } from "./run.ts";

/** Where an entry came from: the folder's title (null = root) and the listing. */
export interface Found {
  readonly folder: string | null;
  readonly found: ListedItem["found"];
  /** Id of the organisation that is backed up; absent: no entry is told apart by its own. */
  readonly orgId?: string;
}

export type ListedEntry =
  | { readonly ok: true; readonly item: ListedItem }
  /** What is wrong with the entry; for the notes of the listing. */
  | { readonly ok: false; readonly text: string };

/** One entry of a portal's listing as an item. Only the id must be right; every other field has a value for "not told". */
export function listedItem(raw: unknown, { folder, found, orgId }: Found): ListedEntry {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    return {
      ok: false,
      text: `an entry is ${raw === null ? "null" : Array.isArray(raw) ? "a list" : typeof raw}, not an object`,
    };
  }
  const fields = raw as Readonly<Record<string, unknown>>;
  const id = typeof fields["id"] === "string" ? fields["id"].toLowerCase() : undefined;
  if (!isItemId(id)) return { ok: false, text: `${described(fields)} has no id of 32 hex digits` };
  return {
    ok: true,
    item: {
      id,
      owner: text(fields["owner"]),
      folder,
      title: text(fields["title"]),
      type: text(fields["type"]),
      typeKeywords: words(fields["typeKeywords"]),
      name: filled(fields["name"]),
      url: filled(fields["url"]),
      size: whole(fields["size"], -1),
      access: text(fields["access"]),
      tags: words(fields["tags"]),
      created: whole(fields["created"], 0),
      modified: whole(fields["modified"], 0),
      found,
      ...(isForeign(fields, orgId) && { isForeign: true as const }),
    },
  };
}

/** Searches by group show items of other organisations; what tells no organisation is the portal's own (rest-api 5.5). */
function isForeign(fields: Readonly<Record<string, unknown>>, orgId: string | undefined): boolean {
  if (fields["isOrgItem"] === false) return true;
  const own = text(fields["orgId"]);
  return own !== "" && orgId !== undefined && orgId !== "" && own.toLowerCase() !== orgId.toLowerCase();
}

export interface ComparedListings {
  /** Every item once: the walk in its order, then what only the search found. */
  readonly items: readonly ListedItem[];
  readonly onlyWalk: readonly ListedItem[];
  readonly onlySearch: readonly ListedItem[];
}

/**
 * Compares the walk with the search by id. `searchComplete` false = the search showed less than it counts; what it lacks
 * says nothing then, and `onlyWalk` stays empty.
 */
export function compareListings(
  walk: readonly ListedItem[],
  search: readonly ListedItem[],
  searchComplete: boolean,
): ComparedListings {
  const walked = byId(walk);
  const searched = byId(search);
  const onlySearch = [...searched.values()].filter((item) => !walked.has(item.id));
  return {
    items: [...walked.values(), ...onlySearch],
    onlyWalk: searchComplete ? [...walked.values()].filter((item) => !searched.has(item.id)) : [],
    onlySearch,
  };
}

/** What reading an item by its id answered: its JSON, a failure, or undefined when it was not read. */
export type ReadAgain =
  | { readonly ok: true; readonly value: { readonly value: Readonly<Record<string, unknown>> } }
  | { readonly ok: false; readonly failure: Failure }
  | undefined;

/** Why only one listing had an item. `listingStartedAt` in epoch milliseconds. */
export function labelDifference(
  answer: ReadAgain,
  item: Pick<ListedItem, "created">,
  listingStartedAt: number,
  onlyIn: ListingDifference["onlyIn"],
): ListingDifference["label"] {
  if (answer === undefined) return "not told";
  if (!answer.ok) {
    if (answer.failure.reason === "not-found") return "deleted";
    return answer.failure.reason === "no-access" ? "no access" : "not told";
  }
  if (whole(answer.value.value["created"], item.created) >= listingStartedAt) return "new";
  // The search has it and it can be read: why the walk left it out, nobody tells.
  return onlyIn === "walk" ? "hidden from search" : "not told";
}

/** Items of the listing: what its authority found, and what only the other side had and is not gone. */
export function listedCount({ search, walked, searchListed, differences }: Books): number {
  const other = search === "quick" ? "walk" : "search";
  const added = differences.filter(({ onlyIn, label }) => onlyIn === other && label !== "deleted");
  return (search === "quick" ? searchListed : walked) + added.length;
}

function byId(items: readonly ListedItem[]): ReadonlyMap<string, ListedItem> {
  const map = new Map<string, ListedItem>();
  for (const item of items) if (!map.has(item.id)) map.set(item.id, item);
  return map;
}

function described(fields: Readonly<Record<string, unknown>>): string {
  const title = text(fields["title"]).slice(0, 60).toWellFormed();
  return title === "" ? "an entry" : `entry ${JSON.stringify(title)}`;
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : "";
}

function filled(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

/** A list of words; older portals send one string with commas. */
function words(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.filter((word) => typeof word === "string");
  if (typeof value !== "string") return [];
  return value
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function whole(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : otherwise;
}
