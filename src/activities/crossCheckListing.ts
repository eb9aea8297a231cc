// Holds the walk against the organisation's search: every id that only one of them has is read again and labelled. With a
// quick search it is the other way round: the search is the listing, and the walk knows some folders and the counts.
import type { ListedItem } from "../core/item.ts";
import { compareListings, labelDifference, listedCount } from "../core/listing.ts";
import type { LogEvent } from "../core/log-line.ts";
import type { Failure } from "../core/result.ts";
import type { Books, ListingDifference } from "../core/run.ts";
import type { SearchState } from "../core/search-windows.ts";
import { isNamed } from "../core/select.ts";
import type { Deps } from "../deps.ts";
import type { MemberList } from "./listMembers.ts";
import { cancelRequest } from "./run/cancel.ts";
import { gapNotes } from "./run/changes.ts";
import { type RunAtWork, readRunAtWork } from "./run/context.ts";
import { searchSlices, walkShards } from "./run/listing.ts";
import { logStep } from "./run/log.ts";
import { findMissing } from "./run/missing.ts";
import { groupNotes } from "./run/named-groups.ts";
import { quickNotes } from "./run/quick-notes.ts";
import { requireRecord, writeRecord } from "./run/records.ts";
import type { WalkShard } from "./run/walk.ts";

/** Reading an item costs a call each; beyond this many differences the rest is named without a label. */
const READ_AGAIN = 300;

export interface CheckedListing {
  readonly listed: number;
  /** The run takes only what changed. */
  readonly changedOnly?: true;
  readonly canceled?: true;
  readonly failure?: Failure;
}

export async function crossCheckListing(
  input: { readonly runId: string },
  deps: Deps,
): Promise<CheckedListing> {
  if ((await cancelRequest(deps.work, input.runId)) !== undefined) return { listed: 0, canceled: true };
  const opened = await readRunAtWork(deps, input.runId);
  if (!opened.ok) return { listed: 0, failure: opened.failure };
  const run = opened.value;
  const members = await requireRecord<MemberList>(run.work, run.paths.members);
  const isQuick = members.search === "quick";
  const walk = await walked(run);
  const search = await searched(run);
  const compared = compareListings(walk.items, search.items, search.state.complete);
  const { differences, added } = await differ(
    run,
    // What a walk of some folders lacks says nothing of the search.
    { ...compared, onlySearch: isQuick ? [] : compared.onlySearch },
    members.startedAt,
  );

  const notes = [
    ...ownerNotes(run, members),
    ...(await groupNotes(run)),
    ...(await gapNotes(run)),
    ...walk.notes,
    ...search.state.notes,
  ];
  const found = { total: search.state.total, listed: new Set(search.items.map(({ id }) => id)).size };
  const quick = isQuick ? quickNotes(run, walk.shards, found) : undefined;
  const books: Books = {
    ...(isQuick && { search: "quick" }),
    walked: quick?.counted ?? walk.items.length,
    searchTotal: found.total,
    searchListed: found.listed,
    differences,
    unlisted: quick?.unlisted ?? walk.unlisted,
    notes: [...notes, ...(quick?.notes ?? [])],
  };
  await writeRecord(run.work, run.paths.searchShard, added);
  await writeRecord(run.work, run.paths.books, books);
  const listing = [...walk.items, ...(isQuick ? search.items : added)];
  await findMissing(run, new Set(listing.map(({ id }) => id)));
  const listed = listedCount(books);
  await logStep(run, "2-listing", events(deps.now(), books, listed));
  return { listed, ...(run.record.changedWithinDays !== undefined && { changedOnly: true }) };
}

interface Walked {
  /** Each once. */
  readonly items: readonly ListedItem[];
  /** Without their items. */
  readonly shards: readonly Omit<WalkShard, "items">[];
  readonly unlisted: Books["unlisted"];
  readonly notes: readonly string[];
}

async function walked(run: RunAtWork): Promise<Walked> {
  const items = new Map<string, ListedItem>();
  const shards: Omit<WalkShard, "items">[] = [];
  for await (const { items: some, ...shard } of walkShards(run)) {
    for (const item of some) items.set(item.id, item);
    shards.push(shard);
  }
  return {
    items: [...items.values()],
    shards,
    unlisted: shards.flatMap(({ username, failure }) =>
      failure === undefined ? [] : [{ username, text: failure.text }],
    ),
    notes: shards.flatMap(({ username, rejected }) =>
      rejected.map((text) => `Not an item in ${username}'s listing: ${text}`),
    ),
  };
}

async function searched(
  run: RunAtWork,
): Promise<{ readonly items: readonly ListedItem[]; readonly state: SearchState }> {
  const items: ListedItem[] = [];
  let state: SearchState = { open: [], total: null, complete: false, notes: [] };
  for await (const slice of searchSlices(run)) {
    for (const item of slice.items) items.push(item);
    ({ state } = slice);
  }
  return { items, state };
}

/** Reads again what only one side has. What the search knows and the walk missed is listed too, unless it is certainly gone. */
async function differ(
  run: RunAtWork,
  {
    onlyWalk,
    onlySearch,
  }: { readonly onlyWalk: readonly ListedItem[]; readonly onlySearch: readonly ListedItem[] },
  startedAt: number,
): Promise<{ readonly differences: readonly ListingDifference[]; readonly added: readonly ListedItem[] }> {
  const differences: ListingDifference[] = [];
  const added: ListedItem[] = [];
  for (const [item, onlyIn] of [
    ...onlySearch.map((item) => [item, "search"] as const),
    ...onlyWalk.map((item) => [item, "walk"] as const),
  ]) {
    const { id, title, type, owner } = item;
    const reply = differences.length < READ_AGAIN ? await run.portal.item(id) : undefined;
    differences.push({
      id,
      title,
      type,
      owner,
      onlyIn,
      label: labelDifference(reply, item, startedAt, onlyIn),
    });
    const gone = reply !== undefined && !reply.ok && reply.failure.reason === "not-found";
    if (onlyIn === "search" && !gone) added.push(item);
  }
  return { differences, added };
}

/** Owners that the run selects and nobody is called: a name with a slip of the finger selects nothing. */
function ownerNotes({ record, self }: RunAtWork, { usernames }: MemberList): readonly string[] {
  const unknown = (record.select?.owners ?? []).filter((owner) => !isNamed(usernames, owner));
  const why = self.seesAllItems
    ? "no member is called so"
    : `the account "${self.username}" sees its own items only`;
  return unknown.map((owner) => `Nothing of "${owner}" in select.owners is taken: ${why}`);
}

function events(at: number, books: Books, listed: number): readonly LogEvent[] {
  const line = (level: LogEvent["level"], text: string): LogEvent => ({ at, level, topic: "listing", text });
  const total = books.searchTotal ?? "?";
  return [
    line(
      "info",
      books.search === "quick"
        ? `${listed} items listed by the search, which counts ${total}`
        : `${listed} items listed: ${books.walked} by the walk; the search counts ${total}`,
    ),
    ...books.differences.map((d) =>
      line("info", `Only in the ${d.onlyIn}: "${d.title}" ${d.id}: ${d.label}`),
    ),
    ...books.unlisted.map((member) =>
      line("error", `Not listed in full: ${member.username}: ${member.text}`),
    ),
    ...books.notes.map((text) => line("warn", text)),
  ];
}
