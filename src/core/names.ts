// Where an item's artifacts lie below the run folder. A path is legal everywhere, unique by the item's id, and short
// enough that Windows can unpack it.
import type { ListedItem } from "./item.ts";
import { itemTypeOf } from "./item-types.ts";
import { safeName } from "./safe-name.ts";

export const LAYOUTS = ["owner-folder", "type", "owner-type", "owner-folder-type", "flat"] as const;
/** How the items of a run are laid out in folders. */
export type Layout = (typeof LAYOUTS)[number];

/** Every path below the run folder is shorter than this, suffixes included. */
export const PATH_LIMIT = 200;

/** Kept free behind an item's path for suffixes such as `_data.geodatabase` or `_resource_000_` and a name of 40. */
export const SUFFIX_ROOM = 56;

/** Linux has at most 255 bytes for a name: this much for the title, 33 for the id, and the rest for a suffix. */
const TITLE_BYTES = 120;
/** Of a resource's name behind its item's: `_resource_000_` stands between them. */
export const RESOURCE_NAME_BYTES = 84;

/** Folder name of an owner's root folder, which has no title. */
export const ROOT_FOLDER = "_root";

/** Three folders leave less for each than two, so that a title stays readable. */
const FOLDER_MOST = 32;
const FOLDER_OF_THREE_MOST = 24;
const ID_LENGTH = 32;

/** True for 32 lower-case hex digits. */
export function isItemId(text: unknown): text is string {
  return typeof text === "string" && /^[0-9a-f]{32}$/.test(text);
}

/** `items/{owner}/{folder}/{Title}_{id}`, or with other folders as the layout says: the base of all artifacts. */
export function itemPath(
  layout: Layout,
  item: Pick<ListedItem, "id" | "owner" | "folder" | "title" | "type">,
): string {
  // The listing lets no other id through; a path built from anything else could lead out of the run folder.
  if (!isItemId(item.id)) throw new Error("Cannot name an item: its id is not 32 hex digits");
  const names = folders(layout, item);
  const most = names.length < 3 ? FOLDER_MOST : FOLDER_OF_THREE_MOST;
  const folder = ["items", ...names.map((name) => safeName(name, most))].join("/");
  const room = PATH_LIMIT - 1 - SUFFIX_ROOM - folder.length - "/_".length - ID_LENGTH;
  return `${folder}/${safeName(item.title, room, TITLE_BYTES)}_${item.id}`;
}

function folders(layout: Layout, item: Pick<ListedItem, "owner" | "folder" | "type">): readonly string[] {
  switch (layout) {
    case "owner-folder":
      return [item.owner, item.folder ?? ROOT_FOLDER];
    case "type":
      return [item.type];
    case "owner-type":
      return [item.owner, item.type];
    case "owner-folder-type":
      return [item.owner, item.folder ?? ROOT_FOLDER, item.type];
    case "flat":
      return [];
  }
}

/**
 * Extension for the file behind /data, with its dot, at most 17 characters, or empty: from the portal's file name, else
 * from the Content-Disposition of the download, else from the type table.
 */
export function fileExtension(
  name: string | null,
  type: string,
  dispositionName: string | null = null,
): string {
  const usual = itemTypeOf(type)?.extension ?? "";
  return extensionOf(name, usual) ?? extensionOf(dispositionName, usual) ?? (usual === "" ? "" : `.${usual}`);
}

function extensionOf(fileName: string | null, usual: string): string | undefined {
  if (fileName === null) return undefined;
  if (usual !== "" && fileName.toLowerCase().endsWith(`.${usual.toLowerCase()}`)) return `.${usual}`;
  // Letters and digits only: the name is the portal's text, and the extension becomes part of a path.
  const found = /[^./\\]\.([A-Za-z0-9]{1,16})$/.exec(fileName.trim());
  return found?.[1] === undefined ? undefined : `.${found[1].toLowerCase()}`;
}
