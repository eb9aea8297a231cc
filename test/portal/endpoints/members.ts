// The members of the organisation, and their content.
import { json, noPermission, PortalError, type Answer } from "../answer.ts";
import { may, paged, param, signedIn, type Call } from "../call.ts";
import { contentForm, mayRead } from "../item-json.ts";
import type { Route } from "../routes.ts";
import { snapshot } from "../snapshot.ts";
import type { Item, Member } from "../state.ts";

function memberForm(call: Call, member: Member): object {
  return {
    username: member.username,
    id: null,
    fullName: member.fullName,
    email: `${member.username.replace(/[^a-z]/g, "")}@acme.example`,
    role: member.role,
    ...(member.roleId === undefined ? {} : { roleId: member.roleId }),
    userLicenseTypeId: "creatorUT",
    level: "2",
    disabled: member.disabled,
    created: member.created,
    modified: member.created,
    lastLogin: member.disabled ? -1 : call.now,
    provider: "arcgis",
    orgId: call.state.org.id,
    groups: [],
  };
}

function members(call: Call): object {
  if (!may(signedIn(call), "portal:admin:viewUsers")) throw noPermission();
  const all = [...call.state.members.values()]
    .filter((member) => param(call, "excludeSystemUsers") !== "true" || !member.system)
    .sort((a, b) => (a.username < b.username ? -1 : 1));
  const { page, ...paging } = paged(call, all);
  return { ...paging, users: page.map((member) => memberForm(call, member)) };
}

function sorted(call: Call, items: readonly Item[]): Item[] {
  const field = param(call, "sortField");
  const sign = param(call, "sortOrder") === "desc" ? -1 : 1;
  const keyOf = (item: Item): string | number => {
    if (field === "title" || field === "type") return item.fields[field].toLowerCase();
    return field === "created" || field === "modified" ? item.fields[field] : item.id;
  };
  return [...items].sort((a, b) => {
    const [x, y] = [keyOf(a), keyOf(b)];
    return (x < y ? -1 : x > y ? 1 : a.id < b.id ? -1 : 1) * sign;
  });
}

/** The first page, whatever is asked, and always another one to come: a walk that was seen to lie so. */
function repeated(call: Call, items: readonly Item[]): ReturnType<typeof paged<Item>> {
  const { params } = call;
  const first = paged({ ...call, params: new Map([...params, ["start", "1"]]) }, items);
  const start = Math.max(1, Number(param(call, "start") || 1));
  return { ...first, total: items.length * 2, start, nextStart: start + first.num };
}

/** Owner and administrators see everything in it; anyone else what he may read. */
function content(call: Call): Answer {
  const caller = signedIn(call);
  const username = call.at["user"] ?? "";
  if (!call.state.members.has(username))
    throw new PortalError(400, "User does not exist or is inaccessible.", "COM_0018");
  const folderId = call.at["folder"] ?? null;
  const folders = call.state.folders.filter((folder) => folder.owner === username);
  const folder = folders.find(({ id }) => id === folderId) ?? null;
  if (folderId !== null && folder === null) {
    throw new PortalError(400, "Folder does not exist or is inaccessible.", "CONT_0024");
  }
  const binned = param(call, "inRecycleBin") === "true";
  const everywhere = param(call, "foldersContent") === "true";
  const inOrder = snapshot(call, () =>
    sorted(
      call,
      [...call.state.items.values()].filter(
        (item) =>
          item.owner === username &&
          (item.binnedAt !== null) === binned &&
          (binned || everywhere || item.folderId === folderId) &&
          mayRead(call.state, caller, item),
      ),
    ),
  );
  const { page, ...paging } =
    call.state.options.repeatsPagesOf === username ? repeated(call, inOrder) : paged(call, inOrder);
  const own = caller.username === username || may(caller, "portal:admin:viewItems");
  const listFolders = folder === null && own && param(call, "folders") !== "false";
  const value = {
    username,
    ...paging,
    currentFolder:
      folder === null ? null : { username, id: folder.id, title: folder.title, created: folder.created },
    items: page.map(contentForm),
    ...(listFolders
      ? { folders: folders.map(({ id, title, created }) => ({ username, id, title, created })) }
      : {}),
  };
  const rawControls = page.some((item) => item.rawControls);
  return json(value, { rawControls, pretty: param(call, "f") === "pjson" });
}

export const memberRoutes: readonly Route[] = [
  { method: "ANY", path: "/sharing/rest/portals/:portal/users", form: "json", answer: members },
  { method: "ANY", path: "/sharing/rest/content/users/:user", form: "json", answer: content },
];

/** Last of all: any other word behind the user name is a folder. */
export const folderRoutes: readonly Route[] = [
  { method: "ANY", path: "/sharing/rest/content/users/:user/:folder", form: "json", answer: content },
];
