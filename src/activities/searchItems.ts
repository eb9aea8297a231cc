// Pages through the organisation's search for about a minute, window by window, then hands on to the next call.
import type { ListedItem } from "../core/item.ts";
import { listedItem } from "../core/listing.ts";
import type { Failure } from "../core/result.ts";
import {
  type SearchState,
  afterPage,
  givenUp,
  startSearch,
  windowQuery,
  withNote,
} from "../core/search-windows.ts";
import type { Deps } from "../deps.ts";
import type { MemberList } from "./listMembers.ts";
import { cancelRequest } from "./run/cancel.ts";
import { type RunAtWork, readRunAtWork } from "./run/context.ts";
import { firstRecord, readRecord, requireRecord } from "./run/records.ts";

/** `listing/search/{slice}.json`: what one call found, and where the next one goes on. Windows may overlap by a few items. */
export interface SearchSlice {
  readonly items: readonly ListedItem[];
  readonly state: SearchState;
}

const SLICE_MS = 60_000;
/** A slice is held in memory and in one record. */
const SLICE_ITEMS = 5_000;

export interface Searched {
  readonly done: boolean;
  readonly canceled?: true;
  readonly failure?: Failure;
}

/** Slice 0 begins the search, each other one goes on where the one before it ended. */
export async function searchItems(
  input: { readonly runId: string; readonly slice: number },
  deps: Deps,
): Promise<Searched> {
  if ((await cancelRequest(deps.work, input.runId)) !== undefined) return { done: true, canceled: true };
  const opened = await readRunAtWork(deps, input.runId);
  if (!opened.ok) return { done: true, failure: opened.failure };
  const run = opened.value;
  const path = run.paths.searchSlice(input.slice);
  const earlier = await readRecord<SearchSlice>(run.work, path);
  if (earlier !== undefined) return { done: earlier.state.open.length === 0 };
  const found = await searchOn(run, input.slice);
  if ("failure" in found) return { done: true, failure: found.failure };
  const { state } = await firstRecord<SearchSlice>(run.work, path, found);
  return { done: state.open.length === 0 };
}

async function searchOn(run: RunAtWork, slice: number): Promise<SearchSlice | { readonly failure: Failure }> {
  const { usernames, search, startedAt } = await requireRecord<MemberList>(run.work, run.paths.members);
  const context = { owners: usernames, now: startedAt };
  const items = new Map<string, ListedItem>();
  let state = await stateBefore(run, slice);
  const until = run.deps.now() + SLICE_MS;
  while (state.open.length > 0 && items.size < SLICE_ITEMS && run.deps.now() < until) {
    const [next] = state.open;
    const page = await run.portal.search(windowQuery(baseQuery(run), next?.window ?? null), next?.start ?? 1);
    if (!page.ok) {
      // The walk does without the search; where it is the listing itself, nothing is known without it.
      if (search === "quick") return { failure: page.failure };
      state = givenUp(state, `The organisation's search could not be compared: ${page.failure.text}`);
      break;
    }
    const listed = page.value.entries.map((raw) =>
      listedItem(raw, { folder: null, found: "search", orgId: run.self.id }),
    );
    const fresh = listed.filter((entry) => !entry.ok || !items.has(entry.item.id));
    const after = afterPage(state, { ...page.value, fresh: fresh.length }, context);
    ({ state } = after);
    if (!after.keep) continue;
    for (const entry of fresh) {
      if (!entry.ok) state = withNote(state, `Not an item in the search: ${entry.text}`);
      else if (isOwn(run, entry.item)) items.set(entry.item.id, entry.item);
    }
  }
  return { items: [...items.values()], state };
}

async function stateBefore(run: RunAtWork, slice: number): Promise<SearchState> {
  if (slice === 0) return startSearch();
  return (await requireRecord<SearchSlice>(run.work, run.paths.searchSlice(slice - 1))).state;
}

/** An account that sees its own items only is held against its own items. */
function baseQuery({ self }: RunAtWork): string {
  return self.seesAllItems ? `orgid:${self.id}` : `owner:"${self.username}"`;
}

/** The search is fuzzy: it may answer with owners of a similar name. */
function isOwn({ self }: RunAtWork, { owner }: ListedItem): boolean {
  return self.seesAllItems || owner.toLowerCase() === self.username.toLowerCase();
}
