// The organisation itself: how it is set up, its members, roles, categories and groups, each as the portal sends it
// (rest-api.md sections 2.2, 5.2, 5.4).
import { quoted } from "./clean.ts";
import { textOf } from "../../core/fields.ts";
import { page, resultOf } from "./pages.ts";
import type { Organisation } from "./portal.ts";
import type { Sender } from "./send.ts";

export function organisation(sender: Sender): Organisation {
  const one = async (action: string, at: readonly string[]) => resultOf(await sender.json({ action, at }));
  return {
    self: () => one("read the organisation's settings", ["portals", "self"]),
    users: (start) =>
      page(sender, {
        action: "read the members",
        at: ["portals", "self", "users"],
        params: { sortField: "username", sortOrder: "asc", excludeSystemUsers: "false" },
        start,
        list: "users",
        entry: (user) => user,
      }),
    roles: (start) =>
      page(sender, {
        action: "read the roles",
        at: ["portals", "self", "roles"],
        start,
        list: "roles",
        entry: (role) => role,
      }),
    categories: () => one("read the content categories", ["portals", "self", "categorySchema"]),
    groups: (organisationId, start) =>
      page(sender, {
        action: "search the organisation's groups",
        at: ["community", "groups"],
        params: { q: `orgid:${organisationId}`, sortField: "created", sortOrder: "asc" },
        start,
        list: "results",
        entry: (group) => {
          const id = textOf(group, "id");
          return id === undefined ? undefined : { ...group, id };
        },
      }),
    group: (id) => one(`read group ${quoted(id)}`, ["community", "groups", id]),
    groupUsers: (id) => one(`read the members of group ${quoted(id)}`, ["community", "groups", id, "users"]),
    groupCategories: (id) =>
      one(`read the categories of group ${quoted(id)}`, ["community", "groups", id, "categorySchema"]),
    groupItems: (id, start) =>
      page(sender, {
        action: `list the items of group ${quoted(id)}`,
        at: ["content", "groups", id],
        start,
        list: "items",
        entry: (item) => textOf(item, "id"),
      }),
  };
}
