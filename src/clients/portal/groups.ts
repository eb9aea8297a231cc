// Groups and what is shared with them (rest-api 5.4).
import { failed, ok, type Result } from "../../core/result.ts";
import { quoted } from "./clean.ts";
import { textOf, type Fields } from "../../core/fields.ts";
import { rawItem } from "./listings.ts";
import { page } from "./pages.ts";
import type { Group, Portal } from "./portal.ts";
import type { Sender } from "./send.ts";

export function groups(sender: Sender): Pick<Portal, "groupsOf" | "group" | "groupContent"> {
  return {
    groupsOf: (orgId, start) =>
      page(sender, {
        action: "list the groups",
        at: ["community", "groups"],
        params: { q: `orgid:${orgId}`, sortField: "created", sortOrder: "asc" },
        start,
        list: "results",
        entry: groupOf,
      }),
    group: async (id): Promise<Result<Group>> => {
      const action = `read group ${quoted(id)}`;
      const reply = await sender.json({ action, at: ["community", "groups", id] });
      if (!reply.ok) {
        // COM_0003: it does not exist, or the caller may not see it.
        const gone = reply.error?.messageCode === "COM_0003";
        return { ok: false, failure: gone ? { ...reply.failure, reason: "not-found" } : reply.failure };
      }
      const group = groupOf(reply.value.value);
      if (group !== undefined) return ok(group);
      return failed(
        "portal-error",
        `Cannot ${action}: the answer holds no group`,
        "Open the group on the portal's web site",
      );
    },
    groupContent: (id, start) =>
      page(sender, {
        action: `list the content of group ${quoted(id)}`,
        at: ["content", "groups", id],
        start,
        list: "items",
        entry: (item) => rawItem(item, undefined),
      }),
  };
}

function groupOf(group: Fields): Group | undefined {
  const id = textOf(group, "id");
  return id === undefined ? undefined : { id, title: textOf(group, "title") ?? "" };
}
