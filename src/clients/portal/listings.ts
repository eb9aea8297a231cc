// What the portal lists: members, folders, their content, and the search over all of it.
import { ok } from "../../core/result.ts";
import { quoted } from "./clean.ts";
import { isFields, listOf, numberOf, textOf, type Fields } from "../../core/fields.ts";
import { page } from "./pages.ts";
import type { Folder, Portal, RawItem } from "./portal.ts";
import type { Sender } from "./send.ts";

/** Pages are stable under edits when they are sorted by what never changes. */
const BY_CREATION = { sortField: "created", sortOrder: "asc" };

export function listings(
  sender: Sender,
): Pick<Portal, "members" | "folders" | "content" | "contentSummary" | "recycled" | "search"> {
  return {
    members: (start) =>
      page(sender, {
        action: "list the members",
        at: ["portals", "self", "users"],
        params: { sortField: "username", sortOrder: "asc", excludeSystemUsers: "false" },
        start,
        list: "users",
        entry: (user) => {
          const username = textOf(user, "username");
          return username === undefined ? undefined : { username, disabled: user["disabled"] === true };
        },
      }),
    folders: async (username) => {
      const action = `list the folders of ${quoted(username)}`;
      const reply = await sender.json({ action, at: ["content", "users", username], params: { num: "1" } });
      if (!reply.ok) return reply;
      return ok(foldersIn(reply.value.value));
    },
    contentSummary: async (username) => {
      const action = `count the content of ${quoted(username)}`;
      const params = { num: "1", foldersContent: "true" };
      const reply = await sender.json({ action, at: ["content", "users", username], params });
      if (!reply.ok) return reply;
      const { value } = reply.value;
      const total = numberOf(value, "total") ?? listOf(value, "items")?.length ?? 0;
      return ok({ total, folders: foldersIn(value) });
    },
    content: (username, folderId, start) => {
      const folder = folderId === null ? [] : [folderId];
      const where = folderId === null ? "the root folder" : `folder ${quoted(folderId)}`;
      return page(sender, {
        action: `list ${where} of ${quoted(username)}`,
        at: ["content", "users", username, ...folder],
        params: BY_CREATION,
        start,
        list: "items",
        entry: (item) => rawItem(item, username),
      });
    },
    recycled: (username, start) =>
      page(sender, {
        action: `list the recycle bin of ${quoted(username)}`,
        at: ["content", "users", username],
        params: { ...BY_CREATION, inRecycleBin: "true" },
        start,
        list: "items",
        entry: (item) => rawItem(item, username),
      }),
    search: (query, start) =>
      page(sender, {
        action: "search the organisation's items",
        at: ["search"],
        params: { q: query, ...BY_CREATION },
        start,
        list: "results",
        entry: (item) => rawItem(item, undefined),
      }),
  };
}

function foldersIn(value: Fields): readonly Folder[] {
  return (listOf(value, "folders") ?? [])
    .filter(isFields)
    .map(folderOf)
    .filter((folder) => folder !== undefined);
}

function folderOf(folder: Fields): Folder | undefined {
  const id = textOf(folder, "id");
  return id === undefined ? undefined : { id, title: textOf(folder, "title") ?? id };
}

/** An item needs an id; what else a listing leaves out or sends as null is filled in, so that no item is lost for it. */
export function rawItem(item: Fields, username: string | undefined): RawItem | undefined {
  const id = textOf(item, "id");
  const owner = textOf(item, "owner") ?? username;
  if (id === undefined || owner === undefined) return undefined;
  return { ...item, id, owner, title: textOf(item, "title") ?? "", type: textOf(item, "type") ?? "" };
}
