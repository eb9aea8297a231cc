// Tells an item whose parts may be of two moments: it was changed after its JSON was read and before its last part was. The
// portal hands out no item as a whole, so that its own time of change, read once more at the end, is all there is to go by.
import type { ListedItem } from "../../core/item.ts";
import type { Loss } from "../../core/outcome.ts";
import { isoTime } from "../../core/units.ts";
import type { RunAtWork } from "../run/context.ts";

/** A loss when `modified` is another one than in `first`, the item's JSON as it is kept; one more request. */
export async function changedMeanwhile(
  run: Pick<RunAtWork, "portal">,
  item: Pick<ListedItem, "id" | "title">,
  first: Readonly<Record<string, unknown>>,
): Promise<readonly Loss[]> {
  const last = await run.portal.item(item.id);
  // What is gone or out of reach by now was whole when it was read: nobody edits an item and deletes it within a second.
  if (!last.ok) return [];
  const [before, after] = [first["modified"], last.value.value["modified"]];
  if (before === after) return [];
  const when = typeof after === "number" ? ` (${isoTime(after)})` : "";
  return [
    {
      kind: "changed-meanwhile",
      text: `"${item.title}" was changed while it was saved${when}: its JSON, data and resources may be of before and after. The next run saves it as it is then`,
    },
  ];
}
