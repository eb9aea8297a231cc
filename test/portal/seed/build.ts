// Builds a portal's state: ids from names and dates from a counter, so that a seed is the same every time.
import { text, type Content } from "../content.ts";
import type { Places } from "../places.ts";
import {
  idOf,
  PRIVILEGES,
  type Item,
  type ItemData,
  type ItemFields,
  type Member,
  type PortalState,
} from "../state.ts";

export interface Ground {
  readonly state: PortalState;
  readonly places: Places;
  /** Of the default account. */
  readonly password: string;
}
/** The wanted size, or little where only ArcGIS Online has what is big: an Enterprise has every kind of item, not the bulk. */
export function bulk({ places }: Ground, size: number): number {
  return places.kind === "online" ? size : Math.min(size, 4000);
}
export type Seed = (ground: Ground) => void;

export interface ItemSpec {
  /** Names the id; default the title. */
  readonly key?: string;
  readonly title: string;
  readonly type: string;
  readonly owner?: string;
  /** Title of a folder of the owner, made when missing. */
  readonly folder?: string;
  readonly keywords?: readonly string[];
  readonly tags?: readonly string[];
  readonly name?: string;
  readonly url?: string;
  readonly access?: ItemFields["access"];
  readonly size?: number;
  readonly snippet?: string;
  readonly description?: string;
  readonly properties?: Record<string, unknown>;
  /** A JSON item's data: text as it is, or a value to be written minified. */
  readonly json?: string | Content | object;
  readonly file?: Content;
  readonly picky?: boolean;
  /** How an item without data answers; default `empty`. */
  readonly noData?: "empty" | "400" | "500";
  readonly resources?: Readonly<Record<string, Content>>;
  readonly privateResources?: readonly string[];
  readonly thumbnail?: Content;
  readonly metadata?: string;
  readonly groups?: readonly string[];
  readonly rawControls?: boolean;
  readonly protected?: boolean;
}

const FIRST_DAY = Date.UTC(2024, 0, 8, 9);
const HOUR = 3_600_000;

export const itemId = (key: string): string => idOf(`item ${key}`);
export const groupId = (title: string): string => idOf(`group ${title}`);

export function addMember(
  state: PortalState,
  username: string,
  fullName: string,
  more: Partial<Member> = {},
): Member {
  const role = more.role ?? "org_publisher";
  const member: Member = {
    username,
    fullName,
    password: `sample-${username}`,
    role,
    privileges:
      role === "org_admin" ? [...PRIVILEGES] : ["portal:user:createItem", "portal:publisher:publishFeatures"],
    disabled: false,
    system: false,
    created: FIRST_DAY,
    wrongPasswords: [],
    ...more,
  };
  state.members.set(username, member);
  return member;
}

export function addGroup(
  state: PortalState,
  title: string,
  owner: string,
  access: string,
  members: string[],
): void {
  const id = groupId(title);
  state.groups.set(id, { id, title, owner, access, members: [owner, ...members] });
}

function folderId(state: PortalState, owner: string, title: string): string {
  const known = state.folders.find((folder) => folder.owner === owner && folder.title === title);
  if (known !== undefined) return known.id;
  const id = idOf(`folder ${owner} ${title}`);
  state.folders.push({ id, owner, title, created: FIRST_DAY });
  return id;
}

function dataOf(spec: ItemSpec): ItemData {
  if (spec.file !== undefined) {
    return { kind: "file", content: spec.file, ...(spec.picky === undefined ? {} : { picky: spec.picky }) };
  }
  if (spec.json === undefined) return { kind: "none", answer: spec.noData ?? "empty" };
  if (typeof spec.json === "string") return { kind: "json", content: text(spec.json) };
  if ("read" in spec.json) return { kind: "json", content: spec.json };
  return { kind: "json", content: text(JSON.stringify(spec.json)) };
}

export function addItem(state: PortalState, spec: ItemSpec): Item {
  const key = spec.key ?? spec.title;
  const id = itemId(key);
  if (state.items.has(id)) throw new Error(`Two seeded items have the key ${key}`);
  const owner = spec.owner ?? "jdoe";
  const created = FIRST_DAY + state.items.size * HOUR + Number.parseInt(id.slice(0, 5), 16);
  const item: Item = {
    id,
    owner,
    folderId: spec.folder === undefined ? null : folderId(state, owner, spec.folder),
    orgId: state.org.id,
    fields: {
      title: spec.title,
      type: spec.type,
      typeKeywords: [...(spec.keywords ?? []), ...(spec.metadata === undefined ? [] : ["Metadata"])],
      description: spec.description ?? null,
      snippet: spec.snippet ?? null,
      tags: [...(spec.tags ?? ["acme"])],
      name: spec.name ?? null,
      url: spec.url ?? null,
      access: spec.access ?? "private",
      size: spec.size ?? (spec.url === undefined ? 0 : -1),
      created,
      modified: created + 40 * HOUR,
      protected: spec.protected ?? false,
      numViews: 0,
      lastViewed: -1,
      categories: [],
      properties: spec.properties ?? null,
      extent: [],
    },
    data: dataOf(spec),
    resources: Object.entries(spec.resources ?? {}).map(([name, content]) => ({
      name,
      content,
      created: created + HOUR,
      access: spec.privateResources?.includes(name) === true ? "private" : "inherit",
    })),
    thumbnail: spec.thumbnail ?? null,
    metadata: spec.metadata === undefined ? null : text(spec.metadata),
    groups: (spec.groups ?? []).map(groupId),
    related: [],
    rawControls: spec.rawControls ?? false,
    hidden: false,
    binnedAt: null,
  };
  state.items.set(id, item);
  return item;
}

/** Relation from the first item to the second, by their keys. */
export function relate(state: PortalState, from: string, type: string, to: string): void {
  const item = state.items.get(itemId(from));
  if (item === undefined || !state.items.has(itemId(to)))
    throw new Error(`No item to relate: ${from} -> ${to}`);
  item.related.push({ type, id: itemId(to) });
}
