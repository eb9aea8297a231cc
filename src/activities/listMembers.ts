// The members whose content is walked: all of them, or the account alone where it may not see more.
import type { Member } from "../clients/portal/portal.ts";
import type { Failure } from "../core/result.ts";
import { groupsNamed } from "../core/select.ts";
import type { Deps } from "../deps.ts";
import { cancelRequest } from "./run/cancel.ts";
import { readRunAtWork } from "./run/context.ts";
import { logStep } from "./run/log.ts";
import { writeRecord } from "./run/records.ts";

/** The record behind the walk: the order of the members is the order of the shards. */
export interface MemberList {
  readonly startedAt: number;
  readonly usernames: readonly string[];
  /** The listing is what the organisation's search finds. */
  readonly search?: "quick";
}

export interface ListedMembers {
  readonly members: number;
  /** The lists of the run name groups, whose content is needed. */
  readonly namesGroups?: true;
  readonly canceled?: true;
  readonly failure?: Failure;
}

export async function listMembers(input: { readonly runId: string }, deps: Deps): Promise<ListedMembers> {
  if ((await cancelRequest(deps.work, input.runId)) !== undefined) return { members: 0, canceled: true };
  const startedAt = deps.now();
  const opened = await readRunAtWork(deps, input.runId);
  if (!opened.ok) return { members: 0, failure: opened.failure };
  const run = opened.value;

  const found = new Map<string, Member>();
  if (run.self.seesAllItems) {
    for (let start = 1; start > 0;) {
      const page = await run.portal.members(start);
      if (!page.ok) return { members: 0, failure: page.failure };
      const before = found.size;
      for (const member of page.value.entries) found.set(member.username, member);
      // A repeated page ends the walk instead of being followed for ever.
      start = found.size > before ? page.value.nextStart : -1;
    }
  }
  if (!found.has(run.self.username))
    found.set(run.self.username, { username: run.self.username, disabled: false });
  const usernames = [...found.keys()].sort();
  const list: MemberList = {
    startedAt,
    usernames,
    ...(run.profile.search === "quick" && { search: "quick" }),
  };
  await writeRecord(run.work, run.paths.members, list);
  const disabled = [...found.values()].filter((member) => member.disabled).length;
  await logStep(run, "1-members", [
    {
      at: deps.now(),
      level: "info",
      topic: "listing",
      text: run.self.seesAllItems
        ? `${usernames.length} members, ${disabled} of them disabled`
        : `The account ${run.self.username} sees its own items only`,
    },
  ]);
  return { members: usernames.length, ...(groupsNamed(run.record).size > 0 && { namesGroups: true }) };
}
