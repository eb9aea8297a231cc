// The dependency graph as files: JSON for programs, Graphviz and Mermaid for eyes, and cells for the inventory. Titles
// come from the portal: in no file can one end its own line or its own quotes.
import type { DependencyGraph, Edge, ExternalNode, GraphItem } from "./dependency-graph.ts";
import { printable } from "./printable.ts";
import { formatCount } from "./units.ts";

export const DEPENDENCIES_VERSION = 1;
/** Drawings with more edges than this are left to Graphviz. */
export const MOST_DRAWN = 2_000;
const TITLE = 60;

/** dependencies.json, part by part: one line per item, per thing outside and per edge. */
export function* graphJson(graph: DependencyGraph): Generator<string> {
  const head = { format: "arcgis-backup-for-azure dependencies", version: DEPENDENCIES_VERSION };
  yield `${JSON.stringify({ ...head, counts: graph.counts }).slice(0, -1)}`;
  yield* list("items", graph.items);
  yield* list("outside", graph.outside);
  yield* list("edges", graph.edges());
  yield "}\n";
}

function* list(name: string, entries: Iterable<GraphItem | ExternalNode | Edge>): Generator<string> {
  yield `,\n"${name}": [`;
  let before = "\n";
  for (const entry of entries) {
    yield `${before}${JSON.stringify(entry)}`;
    before = ",\n";
  }
  yield "\n]";
}

/** dependencies.dot: items that use something or are used, and all edges. */
export function* graphDot(graph: DependencyGraph): Generator<string> {
  yield "digraph dependencies {\nrankdir=LR;\nnode [shape=box];\n";
  for (const item of graph.items) {
    if (graph.isJoined(item.id)) yield `${dotText(item.id)} [label=${dotText(nameOf(item))}];\n`;
  }
  for (const { id, kind } of graph.outside) {
    yield `${dotText(id)} [label=${dotText(outsideName(id, kind))}, style=dashed];\n`;
  }
  for (const { from, to, label } of graph.edges()) {
    yield `${dotText(from)} -> ${dotText(to)} [label=${dotText(label)}];\n`;
  }
  yield "}\n";
}

/** A quoted text of Graphviz: only quotes and backslashes mean anything in it. */
function dotText(text: string): string {
  return `"${printable(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** dependencies.mmd: at most MOST_DRAWN edges, and a comment that says what is left out. */
export function* graphMermaid(graph: DependencyGraph): Generator<string> {
  const all = graph.counts.betweenItems + graph.counts.toOutside;
  yield "flowchart LR\n";
  if (all > MOST_DRAWN) {
    yield `%% The first ${formatCount(MOST_DRAWN)} of ${formatCount(all)} edges: dependencies.dot has all of them\n`;
  }
  const names = new Map<string, string>();
  for (const item of graph.items) if (graph.isJoined(item.id)) names.set(item.id, nameOf(item));
  for (const { id, kind } of graph.outside) if (kind === "item") names.set(id, outsideName(id, kind));
  const drawn = new Map<string, string>();
  let count = 0;
  for (const { from, to, label } of graph.edges()) {
    if (count === MOST_DRAWN) return;
    const ends: string[] = [];
    for (const id of [from, to]) {
      const before = drawn.get(id);
      const end = before ?? `n${drawn.size}`;
      ends.push(end);
      if (before !== undefined) continue;
      drawn.set(id, end);
      // What has no name is a service, and named by its address.
      yield `${end}["${mermaidText(names.get(id) ?? outsideName(id, "service"))}"]\n`;
    }
    yield `${ends.join(` -->|${label}| `)}\n`;
    count += 1;
  }
}

/** What stands between quotes in Mermaid: everything that is not plainly a letter, digit or mild sign by its number. */
function mermaidText(text: string): string {
  return printable(text).replace(
    /[^\p{L}\p{M}\p{N} .,:()/_-]/gu,
    (sign) => `#${String(sign.codePointAt(0))};`,
  );
}

function nameOf({ title, type }: GraphItem): string {
  return `${printable(title, TITLE)} (${printable(type, 40)})`;
}

function outsideName(id: string, kind: ExternalNode["kind"]): string {
  return kind === "item" ? `Item ${id}, not listed` : printable(id, 120);
}

/** Cells of the inventory: what an item uses and what uses it. */
export interface UsesCells {
  readonly uses: string;
  readonly usedBy: string;
}

/** Items named in one cell; the rest is counted. */
const MOST_NAMED = 50;

/** `Parcels [8a01...77]; Hydrants [...]`: titles for the eye, ids for the search. */
export function usesCells(graph: DependencyGraph, id: string): UsesCells {
  const outside = graph.usedOutside(id).map((node) => outsideName(node.id, node.kind));
  return {
    uses: named([...graph.usedItems(id).map(shown), ...outside]),
    usedBy: named(graph.usingItems(id).map(shown)),
  };
}

function shown({ title, id }: GraphItem): string {
  return `${printable(title, TITLE)} [${id}]`;
}

function named(names: readonly string[]): string {
  const rest = names.length - MOST_NAMED;
  const told = names.slice(0, MOST_NAMED).join("; ");
  return rest <= 0 ? told : `${told}; and ${formatCount(rest)} more`;
}
