// Tells an item whose parts may be of two moments: it was changed after its JSON was read and before its last part was. The
// portal hands out no item as a whole, so that its own time of change, read once more at the end, is all there is to go by.
import type { ListedItem } from "../../core/item.ts";
import type { Loss } from "../../core/outcome.ts";
import { isoTime } from "../../core/units.ts";
import type { RunAtWork } from "../run/context.ts";

interface Read {
  /** The item's JSON as it is kept. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Its file is the one that an earlier attempt stored, and not the one of now. */
  readonly isEarlierFile: boolean;
}

/** A loss when the file is an earlier one, or `modified` another one than in the JSON, or not told any more: one more request. */
export async function changedMeanwhile(
  run: Pick<RunAtWork, "portal">,
  item: Pick<ListedItem, "id" | "title">,
  { json, isEarlierFile }: Read,
): Promise<readonly Loss[]> {
  if (isEarlierFile) return [lossOf(item, " between two attempts")];
  const last = await run.portal.item(item.id);
  // Gone since, or out of reach: what it was at the end nobody knows, and it may have been edited before that.
  if (!last.ok) return [lossOf(item, ", or could not be read once more")];
  const [before, after] = [json["modified"], last.value.value["modified"]];
  if (before === after) return [];
  return [lossOf(item, typeof after === "number" ? ` (${isoTime(after)})` : "")];
}

function lossOf({ title }: Pick<ListedItem, "title">, when: string): Loss {
  return {
    kind: "changed-meanwhile",
    text: `"${title}" was changed while it was saved${when}: its JSON, data and resources may be of before and after. The next run saves it as it is then`,
  };
}
