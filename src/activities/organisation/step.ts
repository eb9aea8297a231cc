// One step of reading the organisation: a single answer, a page, or a few groups with all that belongs to them.
import type { JsonReply, Page } from "../../clients/portal/portal.ts";
import {
  breaksOff,
  markOf,
  nextPart,
  type OrganisationRecord,
  type OrganisationStep,
  repeats,
  toldFailure,
  withoutSecrets,
} from "../../core/organisation.ts";
import type { Result } from "../../core/result.ts";
import type { RunAtWork } from "../run/context.ts";
import { groupsStep } from "./groups.ts";

/** Never throws for what the portal does; a failure ends the part it belongs to, and only that. */
export async function organisationStep(run: RunAtWork, at: OrganisationStep): Promise<OrganisationRecord> {
  const { organisation } = run.portal;
  switch (at.part) {
    case "portal":
      return single(at, await organisation.self());
    case "categories":
      return single(at, await organisation.categories());
    case "users":
      // Such an account gets a part of the members, which would look like all of them.
      if (!run.self.seesAllItems) return { part: at.part, entries: [], told: [UNSEEN], next: nextPart(at) };
      return paged(at, await organisation.users(at.start));
    case "roles":
      return paged(at, await organisation.roles(at.start));
    case "groups":
      return groupsStep(run, at);
  }
}

const UNSEEN = { text: "users: not asked for, as the account may not see every member", serious: false };

function single(at: OrganisationStep, reply: Result<JsonReply>): OrganisationRecord {
  const { part } = at;
  return reply.ok
    ? { part, entries: [withoutSecrets(reply.value.value)], told: [], next: nextPart(at) }
    : { part, entries: [], told: [toldFailure(part, part, reply.failure)], next: nextPart(at) };
}

function paged(
  at: OrganisationStep,
  page: Result<Page<Readonly<Record<string, unknown>>>>,
): OrganisationRecord {
  const { part } = at;
  if (!page.ok) {
    return { part, entries: [], told: [toldFailure(part, part, page.failure)], next: nextPart(at) };
  }
  const entries = page.value.entries.map((entry) => withoutSecrets(entry));
  const mark = markOf(entries[0]);
  if (mark !== "" && mark === at.before)
    return { part, entries: [], told: [repeats(at)], next: nextPart(at) };
  if (page.value.nextStart <= 0) return { part, entries, told: [], next: nextPart(at) };
  if (entries.length === 0) return { part, entries, told: [breaksOff(at)], next: nextPart(at) };
  const next = { ...at, seq: at.seq + 1, start: page.value.nextStart, before: mark };
  return { part, entries, told: [], next };
}
