// Search over the index: capped, fuzzy, behind the database; and the groups.
import { PortalError } from "../answer.ts";
import { may, paged, param, type Call } from "../call.ts";
import { mayRead, searchForm } from "../item-json.ts";
import { parseQuery } from "../search-query.ts";
import type { Route } from "../routes.ts";
import { snapshot } from "../snapshot.ts";
import type { Group, Item } from "../state.ts";

const BLOCK = 100;
const SORTABLE = ["title", "created", "modified", "type", "owner", "numviews", "size"];

function compare(field: string): (a: Item, b: Item) => number {
  const keyOf = (item: Item): string | number => {
    switch (field) {
      case "title":
      case "type":
        return item.fields[field].toLowerCase();
      case "owner":
        return item.owner;
      case "modified":
        return item.fields.modified;
      case "numviews":
        return item.fields.numViews;
      case "size":
        return item.fields.size;
      default:
        return item.fields.created;
    }
  };
  return (a, b) => {
    const [x, y] = [keyOf(a), keyOf(b)];
    return x < y ? -1 : x > y ? 1 : a.id < b.id ? -1 : 1;
  };
}

function search(call: Call): object {
  const query = param(call, "q");
  if (query === "" && param(call, "bbox") === "") {
    throw new PortalError(400, "'q' or 'bbox' parameter must be specified.");
  }
  const { searchCap, indexLagMinutes } = call.state.options;
  const test = parseQuery(query);
  const field = param(call, "sortField").toLowerCase();
  const order = param(call, "sortOrder") === "desc" ? -1 : 1;
  const by = compare(SORTABLE.includes(field) ? field : "created");
  const found = snapshot(call, () =>
    [...call.state.items.values()]
      .filter(
        (item) =>
          item.binnedAt === null &&
          !item.hidden &&
          item.fields.created <= call.now - indexLagMinutes * 60_000 &&
          test(item) &&
          mayRead(call.state, call.caller, item),
      )
      .sort((a, b) => by(a, b) * order),
  );
  const { page, ...paging } = paged(call, found);
  const beyond = paging.start + paging.num > searchCap + 1;
  // Past the cap the portal repeats what it has in blocks of 100 instead of telling so.
  const results = beyond ? found.slice(Math.max(0, searchCap - BLOCK), searchCap) : page;
  const nextStart = paging.nextStart > searchCap ? -1 : paging.nextStart;
  return { query, ...paging, num: results.length, nextStart, results: results.map(searchForm) };
}

function groupForm(call: Call, group: Group): object {
  return {
    id: group.id,
    title: group.title,
    isInvitationOnly: true,
    owner: group.owner,
    description: null,
    snippet: null,
    tags: [],
    phone: null,
    sortField: "title",
    sortOrder: "asc",
    isViewOnly: false,
    thumbnail: null,
    access: group.access,
    orgId: call.state.org.id,
    capabilities: [],
    protected: false,
  };
}

const visible = (call: Call, group: Group): boolean =>
  group.access === "public" ||
  may(call.caller, "portal:admin:viewGroups") ||
  (call.caller !== null && (group.access === "org" || group.members.includes(call.caller.username)));

export function oneGroup(call: Call): Group {
  const group = call.state.groups.get(call.at["id"] ?? "");
  if (group === undefined || !visible(call, group)) {
    throw new PortalError(400, "Group does not exist or is inaccessible.", "COM_0003");
  }
  return group;
}

function groups(call: Call): object {
  const all = [...call.state.groups.values()].filter((group) => visible(call, group));
  const { page, ...paging } = paged(call, all);
  return { query: param(call, "q"), ...paging, results: page.map((group) => groupForm(call, group)) };
}

function groupContent(call: Call): object {
  const { id } = oneGroup(call);
  const items = [...call.state.items.values()].filter(
    (item) => item.binnedAt === null && item.groups.includes(id),
  );
  const { page, ...paging } = paged(call, items);
  return { ...paging, items: page.map(searchForm) };
}

/** The groups of an item as the caller sees them. */
export function groupsOfItem(call: Call, item: Item): object {
  const shown = item.groups.flatMap((id) => {
    const group = call.state.groups.get(id);
    return group !== undefined && visible(call, group) ? [group] : [];
  });
  const name = call.caller?.username ?? "";
  const roleOf = (group: Group): string =>
    group.owner === name ? "admin" : group.members.includes(name) ? "member" : "other";
  const of = (role: string): object[] =>
    shown.filter((group) => roleOf(group) === role).map((group) => groupForm(call, group));
  return { admin: of("admin"), member: of("member"), other: of("other") };
}

export const searchRoutes: readonly Route[] = [
  { method: "ANY", path: "/sharing/rest/search", form: "json", answer: search },
  { method: "ANY", path: "/sharing/rest/community/groups", form: "json", answer: groups },
  {
    method: "ANY",
    path: "/sharing/rest/community/groups/:id",
    form: "json",
    answer: (c) => groupForm(c, oneGroup(c)),
  },
  {
    method: "ANY",
    path: "/sharing/rest/community/groups/:id/users",
    form: "json",
    answer: (call) => ({
      owner: oneGroup(call).owner,
      admins: [oneGroup(call).owner],
      users: oneGroup(call).members,
    }),
  },
  { method: "ANY", path: "/sharing/rest/content/groups/:id", form: "json", answer: groupContent },
];
