// The item object in its three forms (by id, in a user's content, in search results), and who may read an item.
import { noItem } from "./answer.ts";
import { may, type Call } from "./call.ts";
import type { Item, Member, PortalState } from "./state.ts";

export function mayRead(state: PortalState, member: Member | null, item: Item): boolean {
  if (item.fields.access === "public") return true;
  if (member === null) return false;
  if (item.owner === member.username) return true;
  if (item.orgId === state.org.id) {
    if (may(member, "portal:admin:viewItems") || item.fields.access === "org") return true;
  }
  return item.groups.some((id) => state.groups.get(id)?.members.includes(member.username) ?? false);
}

/** May change, export or delete: the owner, or an administrator with the privilege for it. */
export function mayChange(member: Member | null, item: Item, privilege: string): boolean {
  return member !== null && (item.owner === member.username || may(member, privilege));
}

/** The live item that the caller may read; CONT_0001 for anything else, as portals do not tell these apart. */
export function readableItem(call: Call, id: string): Item {
  const item = call.state.items.get(id);
  if (item === undefined || item.binnedAt !== null || !mayRead(call.state, call.caller, item)) throw noItem();
  return item;
}

/** The item under this user's path; CONT_0001 when the user is not its owner. */
export function ownedItem(call: Call, user: string, id: string): Item {
  const item = readableItem(call, id);
  if (item.owner !== user) throw noItem();
  return item;
}

/** Bytes of data and resources, or the stored hint where that is more. */
export function sizeOf(item: Item): number {
  const resources = item.resources.reduce((sum, resource) => sum + resource.content.size, 0);
  return item.data.kind === "none"
    ? item.fields.size
    : Math.max(item.fields.size, item.data.content.size + resources);
}

export function searchForm(item: Item): Record<string, unknown> {
  const { protected: _, lastViewed: __, ...fields } = item.fields;
  return {
    id: item.id,
    owner: item.owner,
    orgId: item.orgId,
    ...fields,
    size: sizeOf(item),
    thumbnail: item.thumbnail === null ? null : "thumbnail/ago_downloaded.png",
    documentation: null,
    spatialReference: null,
    accessInformation: null,
    licenseInfo: null,
    culture: "en-us",
    advancedSettings: null,
    proxyFilter: null,
    appCategories: [],
    industries: [],
    languages: [],
    largeThumbnail: null,
    banner: null,
    screenshots: [],
    listed: false,
    numComments: 0,
    numRatings: 0,
    avgRating: 0,
    scoreCompleteness: 78,
    groupDesignations: null,
    contentOrigin: "self",
  };
}

/** Items of the root folder come without `ownerFolder`. */
export function contentForm(item: Item): Record<string, unknown> {
  return {
    ...searchForm(item),
    ...(item.folderId === null ? {} : { ownerFolder: item.folderId }),
    protected: item.fields.protected,
  };
}

export function itemForm(call: Call, item: Item): Record<string, unknown> {
  const admin = mayChange(call.caller, item, "portal:admin:updateItems");
  return {
    ...searchForm(item),
    ...(admin ? { ownerFolder: item.folderId, itemControl: "admin" } : { itemControl: null }),
    protected: item.fields.protected,
    lastViewed: item.fields.lastViewed,
    isOrgItem: item.orgId === call.state.org.id,
    subInfo: 0,
  };
}
