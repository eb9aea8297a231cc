// Finds in an item's JSON what the item uses: ids of items and addresses of services. Any portal's JSON may come here,
// so that the walk is iterative, every text is read in linear time, and what is kept is capped.
// Source: rest-api.md section 9 (the general rule, and the fields that label what it finds).
import { catching } from "./catching.ts";
import { type InText, idsIn, servicesIn } from "./reference-text.ts";

/** What the place of a reference says of it; `mention` = an id somewhere in a text. */
export const REFERENCE_LABELS = [
  "layer",
  "table",
  "basemap",
  "elevation",
  "map",
  "scene",
  "data source",
  "source layer",
  "style",
  "theme",
  "template",
  "solution item",
  "relation",
  "item",
  "service",
  "service address",
  "link",
  "expression",
  "mention",
] as const;
export type ReferenceLabel = (typeof REFERENCE_LABELS)[number];

export interface Reference {
  /** An id of 32 lower-case hex digits, or the address of a service as `serviceKey` writes it. */
  readonly to: string;
  readonly label: ReferenceLabel;
  /** False: the text may hold any other number of 32 digits; it counts only when a listed item has this id. */
  readonly sure: boolean;
}

export interface Found {
  readonly references: readonly Reference[];
  /** There are more than were kept, or the JSON was larger than is walked. */
  readonly capped: boolean;
}

export const NOTHING_FOUND: Found = { references: [], capped: false };

/** References that are kept of one item: so many that are sure, and so many that are not. */
export const MOST_REFERENCES = 2_000;
/** Objects and lists of one JSON text that are looked into. */
const MOST_NODES = 2_000_000;

/** Below these keys everything belongs to what they name. Lower case. */
const CONTEXTS: ReadonlyMap<string, ReferenceLabel> = new Map<string, ReferenceLabel>([
  ["operationallayers", "layer"],
  ["tables", "table"],
  ["basemaplayers", "basemap"],
  ["ground", "elevation"],
  ["webmap", "map"],
  ["webscene", "scene"],
  ["mapitemcollection", "map"],
  ["datasources", "data source"],
  ["datasource", "data source"],
  ["datasets", "data source"],
  ["serviceinfo", "data source"],
  ["templates", "solution item"],
]);

/** Keys whose value is the id of an item; null: as the keys around it say. Lower case. */
const ID_KEYS: ReadonlyMap<string, ReferenceLabel | null> = new Map<string, ReferenceLabel | null>([
  ["itemid", null],
  ["portalitemid", null],
  ["serviceitemid", null],
  ["featureserviceitemid", null],
  ["sourceitemid", null],
  ["webmap", "map"],
  ["webmapid", "map"],
  ["webmapitemid", "map"],
  ["mapitemid", "map"],
  ["mapitemcollection", "map"],
  ["workerwebmapid", "map"],
  ["dispatcherwebmapid", "map"],
  ["webscene", "scene"],
  ["websceneitemid", "scene"],
  ["themeitemid", "theme"],
]);

export interface ReferenceSource {
  /** Type of the item. */
  readonly type: string;
  /** `item.json`, `data`, `resources/config/config.json` ... */
  readonly name: string;
  readonly text: string;
}

/** The references of one text of an item: JSON is walked, anything else is read as one long text. Never throws. `most` is for tests. */
export function findReferences({ type, name, text }: ReferenceSource, most = MOST_NODES): Found {
  const found = new Map<string, Reference>();
  const counts = { sure: 0, unsure: 0 };
  let capped = false;
  const keep = (to: string, label: ReferenceLabel, sure: boolean) => {
    const before = found.get(to);
    if (before !== undefined && !better(label, sure, before)) return;
    const room = (sure ? counts.sure : counts.unsure) < MOST_REFERENCES;
    if (before === undefined || before.sure !== sure) {
      if (!room) {
        capped = true;
        return;
      }
      if (before !== undefined) counts.unsure -= 1;
      counts[sure ? "sure" : "unsure"] += 1;
    }
    found.set(to, { to, label, sure });
  };
  const look = (at: Place, value: string) => {
    for (const { id, how } of idsIn(value)) keep(id, ...judged(at, type, how, value.length));
    for (const key of servicesIn(value)) keep(key, serviceLabel(at, name), true);
  };
  const parsed = parse(text);
  const whole = parsed === undefined ? { value: text } : parsed;
  if (!walk(whole.value, look, most)) capped = true;
  return { references: [...found.values()], capped };
}

/** Both together, each reference once with the label that says most, within the cap. */
export function addReferences(one: Found, other: Found): Found {
  const found = new Map<string, Reference>();
  const counts = { sure: 0, unsure: 0 };
  let capped = one.capped || other.capped;
  for (const reference of bySureness([...one.references, ...other.references])) {
    const before = found.get(reference.to);
    if (before !== undefined) {
      if (better(reference.label, reference.sure, before)) found.set(reference.to, reference);
      continue;
    }
    const kind = reference.sure ? "sure" : "unsure";
    if (counts[kind] >= MOST_REFERENCES) {
      capped = true;
      continue;
    }
    counts[kind] += 1;
    found.set(reference.to, reference);
  }
  return { references: [...found.values()], capped };
}

/** References by ids that are known to be items. */
export function pointers(label: ReferenceLabel, ids: readonly string[]): Found {
  const references = ids.flatMap((text) => idsIn(text).map(({ id }) => ({ to: id, label, sure: true })));
  return addReferences(NOTHING_FOUND, { references, capped: false });
}

function bySureness(references: readonly Reference[]): readonly Reference[] {
  return [...references.filter(({ sure }) => sure), ...references.filter(({ sure }) => !sure)];
}

function better(label: ReferenceLabel, sure: boolean, than: Reference): boolean {
  if (sure !== than.sure) return sure;
  return REFERENCE_LABELS.indexOf(label) < REFERENCE_LABELS.indexOf(than.label);
}

/** Where a text stands: its key, what the keys above it say, and whether it is a field of the outermost object. */
interface Place {
  readonly key: string;
  readonly context: ReferenceLabel | undefined;
  readonly outermost: boolean;
}

function judged(
  { key, context }: Place,
  type: string,
  how: InText,
  length: number,
): readonly [ReferenceLabel, boolean] {
  const isWhole = length <= 38;
  if (key === "styleurl") return ["style", true];
  if (isWhole && ID_KEYS.has(key)) return [ID_KEYS.get(key) ?? context ?? "item", true];
  if (isWhole && key === "id" && (context === "map" || context === "scene")) return [context, true];
  if (isWhole && key === "source" && type === "Web Mapping Application") return ["template", true];
  if (how === "text") return ["mention", false];
  return [how === "expression" ? "expression" : (context ?? "link"), true];
}

function serviceLabel({ key, context, outermost }: Place, name: string): ReferenceLabel {
  if (name === "item.json" && outermost && key === "url") return "service address";
  return key === "styleurl" ? "style" : (context ?? "service");
}

/** The value behind a text; undefined when it is no JSON. Portals leave raw control characters in their texts. */
function parse(text: string): { readonly value: unknown } | undefined {
  for (const form of [text, text.replaceAll(/\p{Cc}/gu, " ")]) {
    const parsed = catching(() => JSON.parse(form) as unknown, SyntaxError);
    if (parsed.ok) return parsed;
  }
  return undefined;
}

/** Shows every text below a value with its place, keys included; false when there was more than is looked into. */
function walk(root: unknown, look: (at: Place, text: string) => void, most: number): boolean {
  const stack: { readonly value: object; readonly at: Place; readonly depth: number }[] = [];
  const visit = (value: unknown, at: Place, depth: number) => {
    if (typeof value === "string") look(at, value);
    else if (typeof value === "object" && value !== null) stack.push({ value, at, depth });
  };
  visit(root, { key: "", context: undefined, outermost: false }, 0);
  for (let nodes = 0; ; nodes += 1) {
    const next = stack.pop();
    if (next === undefined) return true;
    if (nodes >= most) return false;
    const { value, at, depth } = next;
    if (Array.isArray(value)) {
      for (const entry of value as readonly unknown[]) visit(entry, { ...at, outermost: false }, depth + 1);
      continue;
    }
    for (const [name, inner] of Object.entries(value)) {
      const key = name.length > 60 ? "" : name.toLowerCase();
      if (name.length >= 32) look({ key: "", context: at.context, outermost: false }, name);
      visit(inner, { key, context: CONTEXTS.get(key) ?? at.context, outermost: depth === 0 }, depth + 1);
    }
  }
}
