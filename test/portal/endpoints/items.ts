// One item: its object, groups and relations, and what changes or deletes it.
import { json, noItem, noPermission, PortalError, type Answer } from "../answer.ts";
import { paged, param, signedIn, type Call } from "../call.ts";
import { itemForm, mayChange, ownedItem, readableItem, searchForm } from "../item-json.ts";
import type { Route } from "../routes.ts";
import type { Item, ItemFields } from "../state.ts";
import { groupsOfItem } from "./search.ts";

/** Types that go to the recycle bin; the others are gone at once. */
const RECYCLED = new Set([
  "Feature Service",
  "File Geodatabase",
  "Web Map",
  "Dashboard",
  "StoryMap",
  "CSV",
  "PDF",
]);

function show(call: Call): Answer {
  const item = readableItem(call, call.at["id"] ?? "");
  item.fields.numViews += 1;
  item.fields.lastViewed = Math.round(call.now);
  return json(itemForm(call, item), { rawControls: item.rawControls, pretty: param(call, "f") === "pjson" });
}

function related(call: Call): object {
  const item = readableItem(call, call.at["id"] ?? "");
  const several = call.state.options.oneRelationAtATime ? "" : param(call, "relationshipTypes");
  const types = [param(call, "relationshipType"), ...several.split(",")].filter(Boolean);
  if (types.length === 0) throw new PortalError(400, "'relationshipType' parameter must be specified.");
  const all = [...call.state.items.values()].filter((other) => other.binnedAt === null);
  const ends =
    param(call, "direction") === "reverse"
      ? all.filter((other) => other.related.some(({ type, id }) => id === item.id && types.includes(type)))
      : all.filter((other) => item.related.some(({ type, id }) => id === other.id && types.includes(type)));
  const { page, ...paging } = paged(call, ends);
  return { ...paging, relatedItems: page.map(searchForm) };
}

function update(call: Call): object {
  const item = ownedItem(call, call.at["user"] ?? "", call.at["id"] ?? "");
  if (!mayChange(signedIn(call), item, "portal:admin:updateItems")) throw noPermission();
  const fields: ItemFields = item.fields;
  for (const name of ["title", "description", "snippet"] as const) {
    const value = call.params.get(name);
    if (value !== undefined) fields[name] = value;
  }
  for (const name of ["tags", "typeKeywords"] as const) {
    const value = call.params.get(name);
    if (value !== undefined) {
      fields[name] = value
        .split(",")
        .map((tag) => tag.trim())
        .filter(Boolean);
    }
  }
  fields.modified = Math.round(call.now);
  return { success: true, id: item.id };
}

function offending(call: Call, item: Item): string[] {
  const service = [...call.state.services.values()].find(({ itemId }) => itemId === item.id);
  if (service === undefined) return [];
  return [...call.state.services.values()]
    .filter(
      (view) => view.sources.includes(service.name) && call.state.items.get(view.itemId)?.binnedAt === null,
    )
    .map((view) => view.itemId);
}

/** Deletes for good or into the recycle bin; throws what stands against it. */
function remove(call: Call, item: Item): void {
  if (!mayChange(signedIn(call), item, "portal:admin:deleteItems")) throw noPermission();
  if (item.fields.protected)
    throw new PortalError(400, "Unable to delete item. Delete protection is turned on.", "CONT_0048");
  if (offending(call, item).length > 0) {
    throw new PortalError(
      400,
      "Unable to delete item. This service item has a related Service item",
      "CONT_0034",
    );
  }
  const bin = call.state.org.recycleBinEnabled && RECYCLED.has(item.fields.type);
  if (bin && param(call, "permanentDelete") !== "true") item.binnedAt = Math.round(call.now);
  else call.state.items.delete(item.id);
}

function deleteOne(call: Call): object {
  const item = call.state.items.get(call.at["id"] ?? "");
  const inBin = item !== undefined && item.binnedAt !== null && item.owner === call.at["user"];
  const target =
    inBin && param(call, "permanentDelete") === "true"
      ? item
      : ownedItem(call, call.at["user"] ?? "", call.at["id"] ?? "");
  remove(call, target);
  return { success: true, itemId: target.id };
}

function deleteMany(call: Call): object {
  const ids = param(call, "items").split(",").filter(Boolean);
  if (ids.length > 100) throw new PortalError(400, "At most 100 items can be deleted at once.");
  return {
    results: ids.map((itemId) => {
      try {
        remove(call, ownedItem(call, call.at["user"] ?? "", itemId));
        return { itemId, success: true };
      } catch (cause) {
        if (!(cause instanceof PortalError)) throw cause;
        return { itemId, success: false, error: { code: cause.code, message: cause.message } };
      }
    }),
  };
}

const post = (call: Call, answer: (call: Call) => object): object => {
  if (call.method !== "POST") throw new PortalError(405, "Method not supported. Use POST.");
  signedIn(call);
  return answer(call);
};

/** The folder form of an item's path works only with the folder that the item lies in. */
const inFolder = (call: Call, answer: (call: Call) => object): object => {
  if (call.state.items.get(call.at["id"] ?? "")?.folderId !== call.at["folder"]) throw noItem();
  return answer(call);
};

const USER_ITEM = "/sharing/rest/content/users/:user/items/:id";
const FOLDER_ITEM = "/sharing/rest/content/users/:user/:folder/items/:id";

function userItem(call: Call): object {
  const item = ownedItem(call, call.at["user"] ?? "", call.at["id"] ?? "");
  return { item: itemForm(call, item), sharing: { access: item.fields.access, groups: item.groups } };
}

export const itemRoutes: readonly Route[] = [
  { method: "ANY", path: "/sharing/rest/content/items/:id", form: "json", answer: show },
  {
    method: "ANY",
    path: "/sharing/rest/content/items/:id/groups",
    form: "json",
    answer: (call) => groupsOfItem(call, readableItem(call, call.at["id"] ?? "")),
  },
  { method: "ANY", path: "/sharing/rest/content/items/:id/relatedItems", form: "json", answer: related },
  { method: "ANY", path: USER_ITEM, form: "json", answer: userItem },
  { method: "ANY", path: `${USER_ITEM}/update`, form: "json", answer: (call) => post(call, update) },
  { method: "ANY", path: `${USER_ITEM}/delete`, form: "json", answer: (call) => post(call, deleteOne) },
  { method: "ANY", path: FOLDER_ITEM, form: "json", answer: (call) => inFolder(call, userItem) },
  {
    method: "ANY",
    path: `${FOLDER_ITEM}/update`,
    form: "json",
    answer: (c) => inFolder(c, () => post(c, update)),
  },
  {
    method: "ANY",
    path: `${FOLDER_ITEM}/delete`,
    form: "json",
    answer: (c) => inFolder(c, () => post(c, deleteOne)),
  },
  {
    method: "ANY",
    path: "/sharing/rest/content/users/:user/deleteItems",
    form: "json",
    answer: (call) => post(call, deleteMany),
  },
];
