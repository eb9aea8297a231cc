// What a run takes of the organisation. An item is selected when it is in each list that is given.
import type { ListedItem } from "./item.ts";

export interface Selection {
  readonly ids?: readonly string[];
  readonly owners?: readonly string[];
  /** Titles or ids of groups that the item is shared with. */
  readonly groups?: readonly string[];
  /** Titles of folders; the root folder has none. */
  readonly folders?: readonly string[];
  readonly types?: readonly string[];
  /** One of them is enough. */
  readonly tags?: readonly string[];
}

/** True when the item is in each list of the selection; without one, everything is. */
export function isSelected(
  item: Pick<ListedItem, "id" | "owner" | "folder" | "type" | "tags">,
  selection: Selection | undefined,
): boolean {
  if (selection === undefined) return true;
  const { ids, owners, folders, types, tags } = selection;
  return (
    (ids === undefined || ids.includes(item.id)) &&
    has(owners, item.owner) &&
    (folders === undefined || (item.folder !== null && has(folders, item.folder))) &&
    has(types, item.type) &&
    (tags === undefined || item.tags.some((tag) => has(tags, tag)))
  );
}

/** Letter case does not count: people type these. */
function has(list: readonly string[] | undefined, word: string): boolean {
  return list === undefined || list.some((each) => each.toLowerCase() === word.toLowerCase());
}
