// The organisation's search, whole although a search shows no more than 10,000 items of any query (rest-api 5.1): disjoint
// windows of the time of creation, which never changes, each halved until it can be shown.
import { ITEM_TYPES } from "./item-types.ts";

/** Items made from `from` to `to`, epoch milliseconds, both included. */
export interface SearchWindow {
  readonly from: number;
  readonly to: number;
  /** What one millisecond holds is parted by owner, then by type. */
  readonly owner?: string;
  readonly type?: string;
}

export interface OpenWindow {
  /** null: the whole query. */
  readonly window: SearchWindow | null;
  /** Where its next page starts, from 1. */
  readonly start: number;
}

/** Where a search stands: a few open windows and what is known so far. */
export interface SearchState {
  /** The first is next; none: the search has ended. */
  readonly open: readonly OpenWindow[];
  /** What the search counts; null until it answers. */
  readonly total: number | null;
  /** False when something was not shown: what the search lacks then says nothing. */
  readonly complete: boolean;
  readonly notes: readonly string[];
}

export interface SearchPage {
  readonly total: number;
  readonly nextStart: number;
  /** Entries that were not seen before. */
  readonly fresh: number;
}

/** Whose items a millisecond may hold, and the time of the search in epoch milliseconds. */
export interface SearchContext {
  readonly owners: readonly string[];
  readonly now: number;
}

/** A window of no more can be paged to its end by pages of 100, whatever is made meanwhile. */
export const SHOWN_MOST = 9_800;
/** `start + num` beyond 10,000 is not shown. */
const LAST_START = 9_900;
const NOTES_MOST = 20;

/** A search that has asked nothing yet. */
export function startSearch(): SearchState {
  return { open: [{ window: null, start: 1 }], total: null, complete: true, notes: [] };
}

/** The query of a window: `base` is that of the whole, such as `orgid:AcmeOrg1`. */
export function windowQuery(base: string, window: SearchWindow | null): string {
  if (window === null) return base;
  const { from, to, owner, type } = window;
  return [
    base,
    `created:[${padded(from)} TO ${padded(to)}]`,
    ...(owner === undefined ? [] : [`owner:"${phrase(owner)}"`]),
    ...(type === undefined ? [] : [`type:"${phrase(type)}"`]),
  ].join(" AND ");
}

/** The state after a page of the first open window, and whether its entries count: those of a window that is parted come again. */
export function afterPage(
  state: SearchState,
  page: SearchPage,
  context: SearchContext,
): { readonly state: SearchState; readonly keep: boolean } {
  const [current, ...rest] = state.open;
  if (current === undefined) return { state, keep: false };
  const { window, start } = current;
  const total = window === null ? page.total : state.total;
  const parts = start === 1 && page.total > SHOWN_MOST ? partsOf(window, context) : undefined;
  if (parts !== undefined) {
    const open = [...parts.map((part) => ({ window: part, start: 1 })), ...rest];
    return { state: { ...state, total, open }, keep: false };
  }
  const { nextStart } = page;
  const trouble =
    nextStart <= 0
      ? undefined
      : page.fresh === 0
        ? "repeats pages"
        : nextStart > LAST_START
          ? "shows no more"
          : undefined;
  const goesOn = nextStart > 0 && trouble === undefined;
  const next = { ...state, total, open: goesOn ? [{ window, start: nextStart }, ...rest] : rest };
  if (trouble === undefined) return { state: next, keep: true };
  const told = withNote(next, troubleText(trouble, window, page.total));
  return { state: { ...told, complete: false }, keep: true };
}

/** The state of a search that ends here, with the reason. */
export function givenUp(state: SearchState, note: string): SearchState {
  return { ...withNote(state, note), open: [], complete: false };
}

/** The state with one more note, of which the first twenty are kept. */
export function withNote(state: SearchState, note: string): SearchState {
  return state.notes.length < NOTES_MOST ? { ...state, notes: [...state.notes, note] } : state;
}

/** Windows that hold together what this one holds; undefined when it cannot be parted any more. */
function partsOf(
  window: SearchWindow | null,
  { owners, now }: SearchContext,
): readonly SearchWindow[] | undefined {
  if (window === null) {
    return [
      { from: 0, to: now },
      { from: now + 1, to: Number.MAX_SAFE_INTEGER },
    ];
  }
  const { from, to, owner, type } = window;
  if (from < to) {
    const middle = Math.floor(from + (to - from) / 2);
    return [
      { from, to: middle },
      { from: middle + 1, to },
    ];
  }
  if (owner === undefined) return owners.map((one) => ({ from, to, owner: one }));
  if (type === undefined) return ITEM_TYPES.map((one) => ({ from, to, owner, type: one.type }));
  return undefined;
}

function troubleText(trouble: string, window: SearchWindow | null, total: number): string {
  const where =
    window === null
      ? "all items"
      : [
          `items made at ${new Date(window.from).toISOString()}`,
          ...(window.owner === undefined ? [] : [`of ${window.owner}`]),
        ].join(" ");
  return `The search counts ${total} for ${where} and ${trouble} before their end`;
}

/** Numbers are compared as words: 19 digits. */
function padded(ms: number): string {
  return String(Math.max(0, Math.floor(ms))).padStart(19, "0");
}

/** Between quotes these two end or escape a phrase. */
function phrase(word: string): string {
  return word.replaceAll(/["\\]/g, " ");
}
