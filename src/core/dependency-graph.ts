// Which item uses which: the references of all items resolved against the listing. Edges lie in numbers, not objects, so
// that a graph of 25,000 items and 250,000 edges takes some megabytes.
import type { ListedItem } from "./item.ts";
import { serviceKey } from "./reference-text.ts";
import { type Found, REFERENCE_LABELS, type Reference, type ReferenceLabel } from "./references.ts";

/** `work/runs/{id}/references/{itemId}.json`: what an item's content refers to, as it was captured. */
export interface ItemReferences extends Found {
  readonly itemId: string;
  /** Parts of the item that were too large to be read for references. */
  readonly unread: readonly string[];
}

export interface GraphItem {
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly owner: string;
}

/** What lies outside the listing: an item of another organisation (or one that is gone), or a service. */
export interface ExternalNode {
  readonly id: string;
  readonly kind: "item" | "service";
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: ReferenceLabel;
}

/** What the report tells of the dependencies. */
export interface DependencyCounts {
  /** Items whose content was read for references, and those with more of it than was read or kept. */
  readonly read: number;
  readonly capped: number;
  readonly betweenItems: number;
  readonly toOutside: number;
  readonly outside: number;
  /** Edges beyond the bound; 0 as a rule. */
  readonly leftOut: number;
}

export interface DependencyGraph {
  /** Every listed item, in the listing's order. */
  readonly items: readonly GraphItem[];
  readonly outside: readonly ExternalNode[];
  readonly counts: DependencyCounts;
  /** Every edge once, in the order of the items that use something. */
  edges(): Iterable<Edge>;
  /** Indices of `items` that an item uses, and that use it; ids of what is outside come from `edges`. */
  usedItems(id: string): readonly GraphItem[];
  usingItems(id: string): readonly GraphItem[];
  /** What an item uses outside the listing. */
  usedOutside(id: string): readonly ExternalNode[];
  /** True for an item that has an edge. */
  isJoined(id: string): boolean;
}

export interface GraphBuilder {
  add(record: ItemReferences): void;
  done(): DependencyGraph;
}

/** A listing that refers to more is told with what was left out. */
const MOST_EDGES = 1_000_000;
const MOST_OUTSIDE = 100_000;

type GraphSource = Pick<ListedItem, "id" | "title" | "type" | "owner" | "url" | "typeKeywords">;

/** Begins a graph over the listing; `limits` are for tests. */
export function startGraph(
  listing: readonly GraphSource[],
  limits = { edges: MOST_EDGES, outside: MOST_OUTSIDE },
): GraphBuilder {
  const items = listing.map(({ id, title, type, owner }): GraphItem => ({ id, title, type, owner }));
  const places = new Map(items.map(({ id }, index) => [id, index]));
  const services = servicesOf(listing);
  const outside: ExternalNode[] = [];
  const outsidePlaces = new Map<string, number>();
  const edges = { from: [] as number[], to: [] as number[], label: [] as number[] };
  const counts = { read: 0, capped: 0, betweenItems: 0, toOutside: 0, outside: 0, leftOut: 0 };

  /** Place of what is referred to: an item's, or that of something outside behind all items; undefined: nothing. */
  const placeOf = ({ to, label, sure }: Reference): number | undefined => {
    const isService = to.startsWith("https://");
    const service = isService ? services.get(to) : undefined;
    // An item that points to a service's address uses the item that holds the service, not another that points to it.
    const holder = label === "service address" ? service?.holder : (service?.holder ?? service?.pointer);
    const known = isService ? holder : places.get(to);
    if (known !== undefined) return known;
    if (!sure) return undefined;
    const before = outsidePlaces.get(to);
    if (before !== undefined) return items.length + before;
    if (outside.length >= limits.outside) {
      counts.leftOut += 1;
      return undefined;
    }
    outsidePlaces.set(to, outside.length);
    outside.push({ id: to, kind: isService ? "service" : "item" });
    return items.length + outside.length - 1;
  };

  return {
    add(record) {
      const from = places.get(record.itemId);
      if (from === undefined) return;
      counts.read += 1;
      if (record.capped || record.unread.length > 0) counts.capped += 1;
      for (const [to, label] of targets(record.references, placeOf)) {
        if (to === from) continue;
        if (edges.from.length >= limits.edges) {
          counts.leftOut += 1;
          continue;
        }
        edges.from.push(from);
        edges.to.push(to);
        edges.label.push(label);
        counts[to < items.length ? "betweenItems" : "toOutside"] += 1;
      }
    },
    done: () => graphOf(items, places, outside, edges, { ...counts, outside: outside.length }),
  };
}

/** Each target once, with the label that says most. */
function targets(
  references: readonly Reference[],
  placeOf: (reference: Reference) => number | undefined,
): ReadonlyMap<number, number> {
  const best = new Map<number, number>();
  for (const reference of references) {
    const place = placeOf(reference);
    if (place === undefined) continue;
    const label = REFERENCE_LABELS.indexOf(reference.label);
    best.set(place, Math.min(label, best.get(place) ?? label));
  }
  return best;
}

interface ServiceItems {
  /** The item that the service belongs to. */
  readonly holder?: number;
  /** The first item that only points to it. */
  readonly pointer?: number;
}

function servicesOf(listing: readonly GraphSource[]): ReadonlyMap<string, ServiceItems> {
  const services = new Map<string, ServiceItems>();
  for (const [index, { url, typeKeywords }] of listing.entries()) {
    const key = url === null ? undefined : serviceKey(url);
    if (key === undefined) continue;
    const kind = typeKeywords.includes("Hosted Service") ? "holder" : "pointer";
    const known = services.get(key) ?? {};
    services.set(key, { [kind]: index, ...known });
  }
  return services;
}

interface Edges {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly label: readonly number[];
}

function graphOf(
  items: readonly GraphItem[],
  places: ReadonlyMap<string, number>,
  outside: readonly ExternalNode[],
  { from, to, label }: Edges,
  counts: DependencyCounts,
): DependencyGraph {
  const size = items.length + outside.length;
  const leaving = ordered(from, size);
  const entering = ordered(to, size);
  const ends = (side: Ordered, id: string, far: readonly number[]): readonly number[] => {
    const place = places.get(id);
    if (place === undefined) return [];
    const found = side.edges.subarray(side.starts[place], side.starts[place + 1]);
    return Array.from(found, (edge) => entry(far, edge));
  };
  const itemsAt = (found: readonly number[]) => found.flatMap((place) => items[place] ?? []);
  const ids = [...items, ...outside].map(({ id }) => id);
  return {
    items,
    outside,
    counts,
    *edges() {
      for (const edge of leaving.edges) {
        yield {
          from: entry(ids, entry(from, edge)),
          to: entry(ids, entry(to, edge)),
          label: entry(REFERENCE_LABELS, entry(label, edge)),
        };
      }
    },
    usedItems: (id) => itemsAt(ends(leaving, id, to)),
    usingItems: (id) => itemsAt(ends(entering, id, from)),
    usedOutside: (id) => ends(leaving, id, to).flatMap((place) => outside[place - items.length] ?? []),
    isJoined: (id) => ends(leaving, id, to).length > 0 || ends(entering, id, from).length > 0,
  };
}

/** Edges in the order of one end: those of place p lie from starts[p] to starts[p + 1]. */
interface Ordered {
  readonly starts: Uint32Array;
  readonly edges: Uint32Array;
}

function ordered(ends: readonly number[], size: number): Ordered {
  const starts = new Uint32Array(size + 1);
  for (const end of ends) starts[end + 1] = entry(starts, end + 1) + 1;
  for (let place = 0; place < size; place += 1)
    starts[place + 1] = entry(starts, place + 1) + entry(starts, place);
  const next = starts.slice();
  const edges = new Uint32Array(ends.length);
  for (const [edge, end] of ends.entries()) {
    const at = entry(next, end);
    edges[at] = edge;
    next[end] = at + 1;
  }
  return { starts, edges };
}

/** The builder counted every place and edge itself: none lies beyond the list that it belongs to. */
function entry<T>(list: ArrayLike<T>, index: number): T {
  return list[index] as T;
}
