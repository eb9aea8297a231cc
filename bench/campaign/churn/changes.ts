// What people do at a portal while a run goes on, each at the moment before a request that the seed chose.
import { held, text } from "../../../test/portal/content.ts";
import type { FaultRule } from "../../../test/portal/faults.ts";
import { addItem, groupId, itemId } from "../../../test/portal/seed/build.ts";
import { png, shapefileZip } from "../../../test/portal/seed/media.ts";
import type { Item, PortalState } from "../../../test/portal/state.ts";
import { oneOf, type Next, whole } from "../hostile/texts.ts";
import { MEMBERS, serviceOf, type World } from "./world.ts";

const HOUR = 3_600_000;
/** A run asks about so many things; a change at a later request does not happen. */
const REQUESTS = 330;
/** Requests about one item. */
const ABOUT_ONE = 8;

type Act = (state: PortalState, item: Item, nth: number) => void;

/** Changes of one item; the number tells apart what several changes write. */
const OF_ITEM: Readonly<Record<string, Act>> = {
  edit: (_, item, nth) => rewrite(item, nth),
  "edit again": (_, item, nth) => rewrite(item, nth),
  rename: (_, item, nth) => {
    item.fields.title = `${item.fields.title} (${nth})`;
    item.fields.modified += HOUR;
  },
  "move to another owner": (_, item, nth) => {
    item.owner = MEMBERS[nth % MEMBERS.length] ?? "jdoe";
    item.folderId = null;
  },
  "move to another folder": (state, item) => {
    const folder = state.folders.find(({ owner, id }) => owner === item.owner && id !== item.folderId);
    item.folderId = item.folderId === null ? (folder?.id ?? null) : null;
  },
  share: (_, item) => {
    item.fields.access = "public";
    item.groups.push(groupId("Crew"));
  },
  unshare: (_, item) => {
    item.fields.access = "private";
    item.groups.length = 0;
  },
  delete: (state, item) => remove(state, item),
  "delete for good": (state, item) => remove(state, item),
  "put into the bin": (_, item) => {
    item.binnedAt = Date.now();
  },
  "remove a resource": (_, item) => {
    if (item.resources.pop() !== undefined) item.fields.modified += HOUR;
  },
  "add a resource": (_, item, nth) => {
    item.resources.push({
      name: `new/${nth}.json`,
      content: text(`{"nth":${nth}}`),
      created: 1,
      access: "inherit",
    });
    item.fields.modified += HOUR;
  },
};
const NAMES = Object.keys(OF_ITEM) as [string, ...string[]];

/** Title, data, resources and thumbnail at once: parts of two versions are known from each other. */
function rewrite(item: Item, nth: number): void {
  item.fields.title = `${item.fields.title.split(" v")[0] ?? ""} v${nth}`;
  item.fields.modified += HOUR;
  if (item.data.kind === "json") item.data = { kind: "json", content: text(`{"version":${nth}}`) };
  if (item.data.kind === "file") {
    const isZip = item.fields.type === "Shapefile";
    const content = isZip ? shapefileZip(`lakes v${nth}`) : held(Buffer.from(`a,b\nversion,${nth}\n`));
    item.data = { kind: "file", content };
  }
  for (const resource of item.resources)
    resource.content = text(`{"resource":"${resource.name}","version":${nth}}`);
  if (item.thumbnail !== null) item.thumbnail = png(`version ${nth}`);
}

function remove(state: PortalState, item: Item): void {
  const service = serviceOf(state, item.id);
  if (service !== undefined) state.services.delete(service.name);
  state.items.delete(item.id);
}

/** Rules that carry the changes out and take each down in `world`. `lockOut`: the account itself is disabled in the middle. */
export function changesOf(
  next: Next,
  state: PortalState,
  world: World,
  lockOut: boolean,
): readonly FaultRule[] {
  const ids = [...state.items.keys()];
  const rules: FaultRule[] = [];
  const at = (): FaultRule["match"] => ({ nth: 1 + whole(next, REQUESTS) });
  const add = (match: FaultRule["match"], about: string, act: (now: PortalState) => void): void => {
    const told = (now: PortalState): void => {
      world.done.push(`${about} at request ${now.requests.length}`);
      act(now);
    };
    rules.push({ match, change: { do: told } });
  };
  for (let n = 6 + whole(next, 8); n > 0; n -= 1) {
    const nth = n;
    const id = ids[whole(next, ids.length - 1)] ?? "";
    const what = oneOf(next, NAMES);
    // Half of them hit an item while it is saved.
    add(
      next() < 0.5 ? { id, nth: 1 + whole(next, ABOUT_ONE) } : at(),
      `${what} ${state.items.get(id)?.fields.title ?? ""}`,
      (now) => {
        const item = now.items.get(id);
        if (item === undefined || item.binnedAt !== null) return;
        OF_ITEM[what]?.(now, item, nth);
        world.note(now, id);
      },
    );
  }
  for (let n = whole(next, 4); n > 0; n -= 1) {
    const title = `New ${n}`;
    add(at(), `make ${title}`, (now) => {
      addItem(now, { title, type: "Web Map", owner: MEMBERS[n % 3] ?? "jdoe", json: { new: n } });
      world.created.set(itemId(title), now.requests.length);
      world.note(now, itemId(title));
    });
  }
  for (let n = whole(next, 4); n > 0; n -= 1) rows(next, n, world, add);
  for (let n = whole(next, 2); n > 0; n -= 1) add(at(), "revoke all tokens", (now) => now.tokens.clear());
  const member = lockOut ? "backup_admin" : oneOf(next, ["jdoe", "amy"]);
  if (lockOut || next() < 0.3) add(at(), `disable ${member}`, (now) => disable(now, member));
  return rules;
}

function disable(state: PortalState, username: string): void {
  const member = state.members.get(username);
  if (member !== undefined) member.disabled = true;
}

function rows(
  next: Next,
  n: number,
  world: World,
  add: (match: FaultRule["match"], about: string, act: (now: PortalState) => void) => void,
): void {
  const name = `Layer${whole(next, 2)}`;
  const path = oneOf(next, ["/export$", "/status$", `/${name}/.*/query$`, "/data$"]);
  const isMore = next() < 0.5;
  add({ path, nth: 1 + whole(next, 3) }, `${isMore ? "add" : "delete"} rows of ${name}`, (now) => {
    const layer = now.services.get(name)?.layers[0];
    const like = layer?.rows.at(-1);
    const id = now.services.get(name)?.itemId ?? "";
    if (layer === undefined || like === undefined) return;
    if (isMore) {
      for (let at = 0; at < 3 + n; at += 1) {
        layer.lastObjectId += 1;
        layer.rows.push({ ...like, objectId: layer.lastObjectId });
      }
    } else layer.rows.splice(0, 2 + n);
    layer.lastEditDate += HOUR;
    world.note(now, id);
  });
}
