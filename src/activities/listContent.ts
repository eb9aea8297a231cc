// Walks the members' content, one member after another, for about a minute, then hands on to the next call. Where the
// search finds the items, it counts them member by member.
import { foldersNamed } from "../core/select.ts";
import type { Failure } from "../core/result.ts";
import type { Deps } from "../deps.ts";
import type { MemberList } from "./listMembers.ts";
import { cancelRequest } from "./run/cancel.ts";
import { readRunAtWork } from "./run/context.ts";
import { requireRecord, writeRecord } from "./run/records.ts";
import { countMember, walkMember } from "./run/walk.ts";

const SLICE_MS = 60_000;
/** Counting costs a call for each member; a quick listing of more members goes without. */
const COUNTED_MOST = 1_000;

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
  const { usernames, search } = await requireRecord<MemberList>(run.work, run.paths.members);
  const members = usernames.length;
  const isQuick = search === "quick";
  if (isQuick && members > COUNTED_MOST && foldersNamed(run.record).length === 0)
    return { nextMember: members, members };
  const until = deps.now() + SLICE_MS;
  let member = input.member;
  do {
    const username = usernames[member];
    if (username === undefined) break;
    const shard = await (isQuick ? countMember : walkMember)(run, username);
    // A refused sign-in concerns every member; anything else concerns this one and is told with the listing.
    if (shard.failure?.reason === "sign-in-refused") {
      return { nextMember: member, members, failure: shard.failure };
    }
    await writeRecord(run.work, run.paths.walkShard(member), shard);
    member += 1;
  } while (deps.now() < until);
  return { nextMember: member, members };
}
