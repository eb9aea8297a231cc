// Tells an item that somebody deleted while the run went on from one that cannot be read. "Not found" alone is no proof:
// portals answer it for missing access too. Deleted is what its own address calls not found and its owner's folder no
// longer lists; whatever is less certain stays failed.
import type { ListedItem } from "../../core/item.ts";
import { type Failure, type Result, ok } from "../../core/result.ts";
import type { RunAtWork } from "../run/context.ts";
import type { OutcomeParts } from "../run/items.ts";

/** The skip that a failure amounts to when its item was deleted meanwhile; else the failure as it is. */
export async function unlessDeleted(
  run: RunAtWork,
  item: ListedItem,
  failure: Failure,
): Promise<Pick<OutcomeParts, "failure" | "skipped" | "notes">> {
  if (failure.reason !== "not-found" || !(await isDeleted(run, item))) return { failure };
  const place = item.folder === null ? "root folder" : `folder "${item.folder}"`;
  return {
    skipped: { cause: "deleted-meanwhile", coveredBy: [] },
    notes: [
      `Its address answers that it does not exist, and the ${place} of ${item.owner} no longer lists it`,
    ],
  };
}

async function isDeleted(run: RunAtWork, item: ListedItem): Promise<boolean> {
  // Where the account does not see everything, a folder that lacks the item proves nothing.
  const seesFolder = run.self.seesAllItems || item.owner === run.self.username;
  if (item.found !== "walk" || !seesFolder) return false;
  const own = await run.portal.item(item.id);
  if (own.ok || own.failure.reason !== "not-found") return false;
  const listed = await isListed(run, item);
  return listed.ok && !listed.value;
}

/** Whether the folder that held the item may still list it; false when it surely does not, or is gone as well. */
async function isListed(run: RunAtWork, item: ListedItem): Promise<Result<boolean>> {
  const folders = item.folder === null ? ok([{ id: null }]) : await foldersOf(run, item.owner, item.folder);
  if (!folders.ok) return folders;
  const seen = new Set<string>();
  for (const { id } of folders.value) {
    for (let start = 1; start > 0;) {
      const page = await run.portal.content(item.owner, id, start);
      if (!page.ok) return page;
      const before = seen.size;
      for (const entry of page.value.entries) seen.add(entry.id);
      start = page.value.nextStart;
      // A listing that repeats itself proves nothing.
      if (seen.has(item.id) || (start > 0 && seen.size === before)) return ok(true);
    }
  }
  return ok(false);
}

async function foldersOf(run: RunAtWork, owner: string, title: string) {
  const folders = await run.portal.folders(owner);
  return folders.ok ? ok(folders.value.filter((folder) => folder.title === title)) : folders;
}
