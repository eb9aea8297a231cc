// What the portal tells of one item, and the two changes that are made to temporary exports: tags and deletion.
import { failed, ok } from "../../core/result.ts";
import { quoted } from "./clean.ts";
import { numberOf, textOf } from "../../core/fields.ts";
import { page, resultOf } from "./pages.ts";
import type { Portal } from "./portal.ts";
import type { Sender } from "./send.ts";

export function items(
  sender: Sender,
): Pick<Portal, "item" | "groups" | "resources" | "setTags" | "deleteItem"> {
  const item: Portal["item"] = async (id) =>
    resultOf(await sender.json({ action: `read item ${quoted(id)}`, at: ["content", "items", id] }));
  return {
    item,
    groups: async (id) => {
      const action = `read the groups of item ${quoted(id)}`;
      return resultOf(await sender.json({ action, at: ["content", "items", id, "groups"] }));
    },
    resources: (id, start) =>
      page(sender, {
        action: `list the resources of item ${quoted(id)}`,
        at: ["content", "items", id, "resources"],
        start,
        list: "resources",
        entry: (entry) => {
          const resource = textOf(entry, "resource");
          return resource === undefined
            ? undefined
            : { resource, size: numberOf(entry, "size") ?? -1, access: textOf(entry, "access") ?? "" };
        },
      }),
    setTags: async (owner, id, tags) => {
      const reply = await sender.json({
        action: `set the tags of item ${quoted(id)}`,
        at: ["content", "users", owner, "items", id, "update"],
        method: "POST",
        params: { tags: tags.join(",") },
      });
      return reply.ok ? ok(undefined) : reply;
    },
    deleteItem: async (owner, id) => {
      const action = `delete item ${quoted(id)}`;
      const at = ["content", "users", owner, "items", id, "delete"];
      const reply = await sender.json({ action, at, method: "POST", params: { permanentDelete: "true" } });
      if (reply.ok) return ok(undefined);
      if (reply.failure.reason !== "not-found") return reply;
      // The same answer is given for an item that is gone and for one that may not be touched.
      const still = await item(id);
      if (still.ok) {
        const text = `Cannot ${action} of ${quoted(owner)}: the portal calls it not found, but it is there`;
        return failed("no-access", text, "Delete it on the portal's web site");
      }
      return still.failure.reason === "not-found" ? ok(undefined) : still;
    },
  };
}
