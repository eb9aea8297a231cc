// Walks the members' content, one member after another, for about a minute, then hands on to the next call.
import { listedItem } from "../core/listing.ts";
import type { ListedItem } from "../core/item.ts";
import { type Failure, type Result, failed, ok } from "../core/result.ts";
import type { Folder } from "../clients/portal/portal.ts";
import type { Deps } from "../deps.ts";
import type { MemberList } from "./listMembers.ts";
import { cancelRequest } from "./run/cancel.ts";
import { type RunAtWork, readRunAtWork } from "./run/context.ts";
import { requireRecord, writeRecord } from "./run/records.ts";

/** What the walk found of one member. `failure`: the member's content could not be listed in full. */
export interface WalkShard {
  readonly username: string;
  readonly items: readonly ListedItem[];
  /** The member's folders, the empty ones included; absent where they were not listed. */
  readonly folders?: readonly Folder[];
  /** Entries that are no item (no id, no type): told in the report, never dropped quietly. */
  readonly rejected: readonly string[];
  readonly failure?: Failure;
}

const SLICE_MS = 60_000;

export async function listContent(
  input: { readonly runId: string; readonly member: number },
  deps: Deps,
): Promise<{
  readonly nextMember: number;
  readonly members: number;
  readonly canceled?: true;
  readonly failure?: Failure;
}> {
  if ((await cancelRequest(deps.work, input.runId)) !== undefined)
    return { nextMember: input.member, members: 0, canceled: true };
  const opened = await readRunAtWork(deps, input.runId);
  if (!opened.ok) return { nextMember: input.member, members: 0, failure: opened.failure };
  const run = opened.value;
  const { usernames } = await requireRecord<MemberList>(run.work, run.paths.members);
  const until = deps.now() + SLICE_MS;
  let member = input.member;
  do {
    const username = usernames[member];
    if (username === undefined) break;
    const shard = await walkMember(run, username);
    // A refused sign-in concerns every member; anything else concerns this one and is told with the listing.
    if (shard.failure?.reason === "sign-in-refused") {
      return { nextMember: member, members: usernames.length, failure: shard.failure };
    }
    await writeRecord(run.work, run.paths.walkShard(member), shard);
    member += 1;
  } while (deps.now() < until);
  return { nextMember: member, members: usernames.length };
}

async function walkMember(run: RunAtWork, username: string): Promise<WalkShard> {
  const items = new Map<string, ListedItem>();
  const rejected: string[] = [];
  const folders = await run.portal.folders(username);
  const places = [{ id: null, title: null }, ...(folders.ok ? folders.value : [])];
  let failure = folders.ok ? undefined : folders.failure;
  for (const place of places) {
    const walked = await walkFolder(run, username, place, items, rejected);
    if (!walked.ok) failure ??= walked.failure;
  }
  return {
    username,
    items: [...items.values()],
    ...(folders.ok && { folders: folders.value }),
    rejected,
    ...(failure !== undefined && { failure }),
  };
}

/** Follows nextStart; a page that brings nothing new before `total` is reached is a walk that lies. */
async function walkFolder(
  run: RunAtWork,
  username: string,
  folder: { readonly id: string | null; readonly title: string | null },
  items: Map<string, ListedItem>,
  rejected: string[],
): Promise<Result<void>> {
  let seen = 0;
  for (let start = 1; start > 0;) {
    const page = await run.portal.content(username, folder.id, start);
    if (!page.ok) return page;
    const before = items.size + rejected.length;
    for (const raw of page.value.entries) {
      const listed = listedItem(raw, { folder: folder.title, found: "walk", orgId: run.self.id });
      if (listed.ok) items.set(listed.item.id, listed.item);
      else rejected.push(listed.text);
    }
    const fresh = items.size + rejected.length - before;
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
