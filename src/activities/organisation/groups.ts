// The groups of the organisation, a few at a time: settings, members, category schema and the ids of their items.
import {
  breaksOff,
  markOf,
  nextPart,
  type OrganisationRecord,
  type OrganisationStep,
  repeats,
  type Told,
  toldFailure,
  withoutSecrets,
} from "../../core/organisation.ts";
import { type Result, ok } from "../../core/result.ts";
import type { RunAtWork } from "../run/context.ts";

/** Some five calls each: a step stays well below a minute. */
const AT_A_TIME = 5;
/** The portal's search shows no more groups of any query. */
const SEARCH_CAP = 10_000;
const MOST_ITEMS = 20_000;

/** One line of groups.jsonl. `null`: not told by the portal. */
interface GroupLine {
  readonly group: unknown;
  /** `{ owner, admins, users }` */
  readonly users: unknown;
  readonly categorySchema: unknown;
  readonly items: readonly string[] | null;
}

export async function groupsStep(run: RunAtWork, at: OrganisationStep): Promise<OrganisationRecord> {
  const { part } = at;
  const page = await run.portal.organisation.groups(run.self.id, at.start);
  if (!page.ok) {
    return { part, entries: [], told: [toldFailure(part, part, page.failure)], next: nextPart(at) };
  }
  const { entries, nextStart, total } = page.value;
  const mark = markOf(entries[0]?.id);
  if (at.offset === 0 && mark !== "" && mark === at.before)
    return { part, entries: [], told: [repeats(at)], next: nextPart(at) };

  const lines: GroupLine[] = [];
  const told: Told[] = [];
  for (const group of entries.slice(at.offset, at.offset + AT_A_TIME)) {
    const read = await readGroup(run, group);
    told.push(...read.told);
    if (read.line !== undefined) lines.push(read.line);
  }
  const step = { ...at, seq: at.seq + 1 };
  const offset = at.offset + AT_A_TIME;
  if (offset < entries.length) return { part, entries: lines, told, next: { ...step, offset } };
  // Once for the page, not for each few groups of it.
  const behind = nextStart <= 0 ? [] : entries.length === 0 ? [breaksOff(at)] : beyond(nextStart, total);
  const isEnd = nextStart <= 0 || behind.length > 0;
  return {
    ...{ part, entries: lines },
    told: [...told, ...behind],
    next: isEnd ? nextPart(at) : { ...step, start: nextStart, offset: 0, before: mark },
  };
}

function beyond(nextStart: number, total: number): readonly Told[] {
  if (nextStart <= SEARCH_CAP) return [];
  return [
    { text: `groups: the search counts ${total} and shows ${SEARCH_CAP} of them at most`, serious: true },
  ];
}

async function readGroup(
  run: RunAtWork,
  listed: Readonly<Record<string, unknown>> & { readonly id: string },
): Promise<{ readonly line?: GroupLine; readonly told: readonly Told[] }> {
  const { organisation } = run.portal;
  const { id } = listed;
  const title = typeof listed["title"] === "string" ? listed["title"].slice(0, 60).toWellFormed() : id;
  const [group, users, categories, items] = await Promise.all([
    organisation.group(id),
    organisation.groupUsers(id),
    organisation.groupCategories(id),
    itemsOf(run, id),
  ]);
  // Somebody deleted it since the search.
  if (!group.ok && group.failure.reason === "not-found") return { told: [] };
  const told: Told[] = [];
  if (!group.ok) told.push(toldFailure("groups", `groups, settings of "${title}"`, group.failure));
  if (!users.ok) told.push(toldFailure("groups", `groups, members of "${title}"`, users.failure));
  if (!items.ok) told.push(toldFailure("groups", `groups, items of "${title}"`, items.failure));
  if (!categories.ok)
    told.push(toldFailure("group categories", `groups, categories of "${title}"`, categories.failure));
  return {
    told,
    line: {
      group: withoutSecrets(group.ok ? group.value.value : listed),
      users: users.ok ? withoutSecrets(users.value.value) : null,
      categorySchema: categories.ok ? withoutSecrets(categories.value.value["categorySchema"] ?? []) : null,
      items: items.ok ? items.value : null,
    },
  };
}

async function itemsOf(run: RunAtWork, id: string): Promise<Result<readonly string[]>> {
  const ids = new Set<string>();
  for (let start = 1; start > 0 && ids.size < MOST_ITEMS;) {
    const page = await run.portal.organisation.groupItems(id, start);
    if (!page.ok) return page;
    const before = ids.size;
    for (const item of page.value.entries) ids.add(item);
    start = ids.size > before ? page.value.nextStart : -1;
  }
  return ok([...ids]);
}
