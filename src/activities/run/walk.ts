// The content of one member: walked folder by folder, or only counted where the search finds the items.
import type { Folder } from "../../clients/portal/portal.ts";
import { listedItem } from "../../core/listing.ts";
import type { ListedItem } from "../../core/item.ts";
import { type Failure, type Result, failed, ok } from "../../core/result.ts";
import { foldersNamed, isNamed } from "../../core/select.ts";
import type { RunAtWork } from "./context.ts";

/** What the walk found of one member. `failure`: the member's content could not be listed in full. */
export interface WalkShard {
  readonly username: string;
  readonly items: readonly ListedItem[];
  /** Entries that are no item (no id, no type): told in the report, never dropped quietly. */
  readonly rejected: readonly string[];
  /** The member's folders, the empty ones included; absent where they were not listed. */
  readonly folders?: readonly Folder[];
  /** What the member's content counts, where it is not walked as a whole. */
  readonly total?: number;
  readonly failure?: Failure;
}

interface Place {
  readonly id: string | null;
  /** null = the root folder. */
  readonly title: string | null;
}

/** The root folder and every other one. */
export async function walkMember(run: RunAtWork, username: string): Promise<WalkShard> {
  const folders = await run.portal.folders(username);
  const places = [{ id: null, title: null }, ...(folders.ok ? folders.value : [])];
  const walked = await walkFolders(run, username, places);
  const failure = folders.ok ? walked.failure : folders.failure;
  return {
    ...walked,
    ...(folders.ok && { folders: folders.value }),
    ...(failure !== undefined && { failure }),
  };
}

/** How much it is, and the items of the folders that the run's lists name: the search tells no folders. */
export async function countMember(run: RunAtWork, username: string): Promise<WalkShard> {
  const summary = await run.portal.contentSummary(username);
  if (!summary.ok) return { username, items: [], rejected: [], failure: summary.failure };
  const { total, folders } = summary.value;
  const names = foldersNamed(run.record);
  const named = folders.filter(({ title }) => isNamed(names, title));
  return { ...(await walkFolders(run, username, named)), folders, total };
}

async function walkFolders(run: RunAtWork, username: string, places: readonly Place[]): Promise<WalkShard> {
  const items = new Map<string, ListedItem>();
  const rejected: string[] = [];
  let failure: Failure | undefined;
  for (const place of places) {
    const walked = await walkFolder(run, username, place, items, rejected);
    if (!walked.ok) failure ??= walked.failure;
  }
  return { username, items: [...items.values()], rejected, ...(failure !== undefined && { failure }) };
}

/** Follows nextStart; a page that brings nothing new before `total` is reached is a walk that lies. */
async function walkFolder(
  run: RunAtWork,
  username: string,
  folder: Place,
  items: Map<string, ListedItem>,
  rejected: string[],
): Promise<Result<void>> {
  let seen = 0;
  // By their texts: on a page that comes again they are the same.
  const broken = new Set<string>();
  for (let start = 1; start > 0;) {
    const page = await run.portal.content(username, folder.id, start);
    if (!page.ok) return page;
    const before = items.size + broken.size;
    for (const raw of page.value.entries) {
      const listed = listedItem(raw, { folder: folder.title, found: "walk", orgId: run.self.id });
      if (listed.ok) {
        items.set(listed.item.id, listed.item);
        continue;
      }
      broken.add(listed.text);
      rejected.push(listed.text);
    }
    const fresh = items.size + broken.size - before;
    seen += fresh;
    start = page.value.nextStart;
    if (start > 0 && fresh === 0) {
      return failed(
        "portal-error",
        `Cannot list ${username}'s ${folder.title === null ? "root folder" : `folder "${folder.title}"`}: the portal repeats pages after ${seen} of ${page.value.total} items`,
        "Start the run again; if it stays so, ask Esri support about the content listing of this member",
      );
    }
  }
  return ok(undefined);
}
