// Items that the run before listed and this one does not: read again by id, so that nothing is called deleted that is not.
import type { ListedItem } from "../../core/item.ts";
import type { Standing } from "../../core/standing.ts";
import { portalKey, standingFor } from "../../core/standing.ts";
import {
  type Missing,
  MISSING_KEPT,
  type MissingItem,
  missingItem,
  missingLabel,
} from "../../core/standing-missing.ts";
import { runPaths, standingPath } from "../../core/work-paths.ts";
import type { RunAtWork } from "./context.ts";
import { earlierListing } from "./listing.ts";
import { readRecord, writeRecord } from "./records.ts";

/** Reading an item costs a call each. */
const READ_AGAIN = 50;
const BINS_LISTED = 10;
const PAGES_OF_A_BIN = 2;

/** Records what is missing against the listing before; `listed` are the ids of this listing. */
export async function findMissing(run: RunAtWork, listed: ReadonlySet<string>): Promise<void> {
  if (run.record.dryRun === true) return;
  const standing = standingFor(
    await readRecord<Standing>(run.work, standingPath(run.record.profile)),
    portalKey(run.self),
  );
  const [before] = standing?.listings ?? [];
  if (before === undefined || before.run.runId === run.record.runId) return;
  const gone = await notListed(run, before.run.runId, listed);
  const items = await labelled(run, gone.first);
  const missing: Missing = { since: before.run, total: gone.total, items };
  await writeRecord(run.work, run.paths.missing, missing);
}

/** What the other run's listing has and `listed` has not; nothing where its records are gone. */
async function notListed(
  run: RunAtWork,
  runId: string,
  listed: ReadonlySet<string>,
): Promise<{ readonly total: number; readonly first: readonly ListedItem[] }> {
  const seen = new Set<string>();
  const first: ListedItem[] = [];
  const add = (items: readonly ListedItem[]) => {
    for (const item of items) {
      if (listed.has(item.id) || seen.has(item.id)) continue;
      seen.add(item.id);
      if (first.length < MISSING_KEPT) first.push(item);
    }
  };
  for await (const items of earlierListing({ work: run.work, paths: runPaths(runId) })) add(items);
  return { total: seen.size, first };
}

async function labelled(run: RunAtWork, items: readonly ListedItem[]): Promise<readonly MissingItem[]> {
  const binned = await inRecycleBins(run, items.slice(0, READ_AGAIN));
  const told: MissingItem[] = [];
  for (const [n, item] of items.entries()) {
    const isBinned = binned.has(item.id);
    const answer = n >= READ_AGAIN || isBinned ? undefined : await run.portal.item(item.id);
    told.push(missingItem(item, missingLabel(answer, isBinned, run.self.seesAllItems)));
  }
  return told;
}

/** Ids in the recycle bins of the items' owners; a bin that may not be listed tells nothing. */
async function inRecycleBins(run: RunAtWork, items: readonly ListedItem[]): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  if (run.self.kind !== "online") return ids;
  const owners = [...new Set(items.map(({ owner }) => owner))].slice(0, BINS_LISTED);
  for (const owner of owners) {
    let start = 1;
    for (let page = 0; page < PAGES_OF_A_BIN && start > 0; page += 1) {
      const reply = await run.portal.recycled(owner, start);
      if (!reply.ok) break;
      for (const { id } of reply.value.entries) ids.add(id.toLowerCase());
      start = reply.value.nextStart;
    }
  }
  return ids;
}
