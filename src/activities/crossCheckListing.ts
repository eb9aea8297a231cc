// Holds the walk against the organisation's search: every id that only one of them has is read again and labelled.
import type { ListedItem } from "../core/item.ts";
import { compareListings, labelDifference, listedItem } from "../core/listing.ts";
import type { LogEvent } from "../core/log-line.ts";
import type { Failure, Result } from "../core/result.ts";
import type { Books, ListingDifference } from "../core/run.ts";
import type { Deps } from "../deps.ts";
import type { MemberList } from "./listMembers.ts";
import { cancelRequest } from "./run/cancel.ts";
import { type RunAtWork, readRunAtWork } from "./run/context.ts";
import { walkShards } from "./run/listing.ts";
import { logStep } from "./run/log.ts";
import { findMissing } from "./run/missing.ts";
import { requireRecord, writeRecord } from "./run/records.ts";

/** Reading an item costs a call each; beyond this many differences the rest is named without a label. */
const READ_AGAIN = 300;
/** The search shows no more of any query (rest-api: start + num beyond 10,000 is not paginated). */
const SEARCH_CAP = 10_000;

export async function crossCheckListing(
  input: { readonly runId: string },
  deps: Deps,
): Promise<{ readonly listed: number; readonly canceled?: true; readonly failure?: Failure }> {
  if ((await cancelRequest(deps.work, input.runId)) !== undefined) return { listed: 0, canceled: true };
  const opened = await readRunAtWork(deps, input.runId);
  if (!opened.ok) return { listed: 0, failure: opened.failure };
  const run = opened.value;
  const walked = new Map<string, ListedItem>();
  const notes: string[] = [];
  const unlisted: { readonly username: string; readonly text: string }[] = [];
  for await (const shard of walkShards(run)) {
    for (const item of shard.items) walked.set(item.id, item);
    for (const text of shard.rejected) notes.push(`Not an item in ${shard.username}'s listing: ${text}`);
    if (shard.failure !== undefined) unlisted.push({ username: shard.username, text: shard.failure.text });
  }

  const searched = await searchAll(run);
  notes.push(...searched.notes);
  const { startedAt } = await requireRecord<MemberList>(run.work, run.paths.members);
  const { onlyWalk, onlySearch } = compareListings(
    [...walked.values()],
    [...searched.items.values()],
    searched.complete,
  );

  const differences: ListingDifference[] = [];
  const added: ListedItem[] = [];
  for (const [item, onlyIn] of [
    ...onlySearch.map((item) => [item, "search"] as const),
    ...onlyWalk.map((item) => [item, "walk"] as const),
  ]) {
    const reply = differences.length < READ_AGAIN ? await run.portal.item(item.id) : undefined;
    differences.push({
      id: item.id,
      title: item.title,
      type: item.type,
      owner: item.owner,
      onlyIn,
      label: labelDifference(reply, item, startedAt, onlyIn),
    });
    // What the search knows and the walk missed is listed too, unless it is certain that it is gone.
    const gone = reply !== undefined && !reply.ok && reply.failure.reason === "not-found";
    if (onlyIn === "search" && !gone) added.push(item);
  }

  const books: Books = {
    walked: walked.size,
    searchTotal: searched.total,
    searchListed: searched.items.size,
    differences,
    unlisted,
    notes,
  };
  await writeRecord(run.work, run.paths.searchShard, added);
  await writeRecord(run.work, run.paths.books, books);
  await findMissing(run, new Set([...walked.keys(), ...added.map(({ id }) => id)]));
  const listed = walked.size + added.length;
  await logStep(run, "2-listing", events(deps.now(), books, listed));
  return { listed };
}

interface Searched {
  readonly items: ReadonlyMap<string, ListedItem>;
  readonly total: number | null;
  /** False when the search could not show everything it counts: then what it lacks says nothing. */
  readonly complete: boolean;
  readonly notes: readonly string[];
}

async function searchAll(run: RunAtWork): Promise<Searched> {
  const items = new Map<string, ListedItem>();
  const notes: string[] = [];
  // An account that sees its own items only is held against its own items.
  const query = run.self.seesAllItems ? `orgid:${run.self.id}` : `owner:"${run.self.username}"`;
  let total: number | null = null;
  for (let start = 1; start > 0 && start < SEARCH_CAP;) {
    const page: Result<{ total: number; nextStart: number; entries: readonly unknown[] }> =
      await run.portal.search(query, start);
    if (!page.ok) {
      notes.push(`The organisation's search could not be compared: ${page.failure.text}`);
      return { items, total, complete: false, notes };
    }
    total = page.value.total;
    const before = items.size;
    for (const raw of page.value.entries) {
      const listed = listedItem(raw, { folder: null, found: "search", orgId: run.self.id });
      if (listed.ok) items.set(listed.item.id, listed.item);
    }
    start = items.size > before ? page.value.nextStart : -1;
  }
  if (total !== null && total > SEARCH_CAP) {
    notes.push(
      `The search counts ${total} items and shows ${SEARCH_CAP} of them at most; the rest was not compared`,
    );
    return { items, total, complete: false, notes };
  }
  return { items, total, complete: true, notes };
}

function events(at: number, books: Books, listed: number): readonly LogEvent[] {
  const line = (level: LogEvent["level"], text: string): LogEvent => ({ at, level, topic: "listing", text });
  return [
    line(
      "info",
      `${listed} items listed: ${books.walked} by the walk; the search counts ${books.searchTotal ?? "?"}`,
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
