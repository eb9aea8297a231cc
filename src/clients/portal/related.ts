// What the portal knows to be related to an item. It answers for named types of relation only (rest-api 8.1).
import { failed } from "../../core/result.ts";
import { quoted } from "./clean.ts";
import { rawItem } from "./listings.ts";
import { pageOf } from "./pages.ts";
import type { Portal } from "./portal.ts";
import type { Sender } from "./send.ts";

/** Answers that say "this question is not understood", and not "this item is not there" or "not you". */
const NOT_UNDERSTOOD = new Set([400, 405, 501]);

export function relations(sender: Sender): Pick<Portal, "related"> {
  const refused = new Set<string>();
  return {
    related: async (id, types, direction, start) => {
      const action = `list what is related to item ${quoted(id)} by ${types.slice(0, 3).join(", ")}${types.length > 3 ? " and others" : ""}`;
      const list = types.join(",");
      if (refused.has(list)) {
        return failed(
          "not-supported",
          `Cannot ${action}: the portal does not take the question`,
          "Ask for one type of relation at a time",
        );
      }
      const name = types.length === 1 ? "relationshipType" : "relationshipTypes";
      const reply = await sender.json({
        action,
        at: ["content", "items", id, "relatedItems"],
        params: { [name]: list, direction, start: String(start), num: "100" },
        repeat500: 1,
      });
      if (reply.ok) {
        return pageOf(reply.value.value, {
          action,
          start,
          list: "relatedItems",
          // The other end may be one that this account sees nothing of but the id.
          entry: (item) => rawItem(item, ""),
        });
      }
      const { failure, error } = reply;
      if (failure.reason === "portal-error" && error !== undefined && NOT_UNDERSTOOD.has(error.code)) {
        refused.add(list);
      }
      return { ok: false, failure };
    },
  };
}
