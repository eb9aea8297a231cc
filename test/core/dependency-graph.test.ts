import fc from "fast-check";
import { expect, test } from "vitest";
import { type DependencyGraph, type ItemReferences, startGraph } from "../../src/core/dependency-graph.ts";
import { graphDot, graphJson, graphMermaid, MOST_DRAWN, usesCells } from "../../src/core/dependency-text.ts";
import type { Reference } from "../../src/core/references.ts";
import { anItem, hostileText } from "./arbitrary.ts";

const SERVICE = "https://services1.arcgis.com/Acme/arcgis/rest/services/Wells/FeatureServer";
const id = (n: number) => n.toString(16).padStart(32, "0");
const item = (n: number, over: Parameters<typeof anItem>[0] = {}) =>
  anItem({ id: id(n), title: `Item ${n}`, ...over });
const record = (
  n: number,
  references: readonly Reference[],
  more: Partial<ItemReferences> = {},
): ItemReferences => ({
  itemId: id(n),
  references,
  capped: false,
  unread: [],
  ...more,
});
const sure = (to: string, label: Reference["label"] = "item"): Reference => ({ to, label, sure: true });
const mention = (to: string): Reference => ({ to, label: "mention", sure: false });
const edgesOf = (graph: DependencyGraph) =>
  [...graph.edges()].map(({ from, to, label }) => [from, label, to]);
const textOf = (parts: Iterable<string>) => [...parts].join("");

const LISTING = [
  item(1, { type: "Feature Service", url: SERVICE, typeKeywords: ["Hosted Service"] }),
  item(2, { type: "Web Map" }),
  item(3, { type: "Dashboard" }),
  item(4, { type: "Feature Service", url: `${SERVICE}/0` }),
];

test("startGraph() resolves ids and addresses against the listing; what is not sure must be listed", () => {
  const builder = startGraph(LISTING);
  builder.add(record(1, [sure(SERVICE, "service address"), mention(id(1))]));
  builder.add(
    record(2, [
      sure(SERVICE, "layer"),
      sure(id(1), "layer"),
      mention(id(77)),
      sure(id(88), "basemap"),
      sure("https://h/rest/services/a/MapServer", "service"),
    ]),
  );
  builder.add(record(3, [mention(id(2))], { capped: true }));
  builder.add(record(4, [sure(SERVICE, "service address")], { unread: ["data"] }));
  builder.add(record(99, [sure(id(1))]));
  const graph = builder.done();
  expect(edgesOf(graph)).toEqual([
    [id(2), "layer", id(1)],
    [id(2), "basemap", id(88)],
    [id(2), "service", "https://h/rest/services/a/MapServer"],
    [id(3), "mention", id(2)],
    [id(4), "service address", id(1)],
  ]);
  expect(graph.outside).toEqual([
    { id: id(88), kind: "item" },
    { id: "https://h/rest/services/a/MapServer", kind: "service" },
  ]);
  expect(graph.counts).toEqual({ read: 4, capped: 2, betweenItems: 3, toOutside: 2, outside: 2, leftOut: 0 });
  expect(usesCells(graph, id(2))).toEqual({
    uses: `Item 1 [${id(1)}]; Item ${id(88)}, not listed; https://h/rest/services/a/MapServer`,
    usedBy: `Item 3 [${id(3)}]`,
  });
  expect(usesCells(graph, id(99))).toEqual({ uses: "", usedBy: "" });
});

test("startGraph() counts what goes beyond its bounds", () => {
  const builder = startGraph(LISTING, { edges: 1, outside: 1 });
  builder.add(record(2, [sure(id(1)), sure(id(3)), sure(id(50)), sure(id(51))]));
  expect(builder.done().counts).toMatchObject({ betweenItems: 1, toOutside: 0, leftOut: 3 });
});

test("startGraph() tells what lies outside once, however many items use it", () => {
  const builder = startGraph(LISTING);
  for (const n of [2, 3]) builder.add(record(n, [sure(id(88), "basemap")]));
  const graph = builder.done();
  expect(graph.outside).toEqual([{ id: id(88), kind: "item" }]);
  expect(edgesOf(graph)).toEqual([
    [id(2), "basemap", id(88)],
    [id(3), "basemap", id(88)],
  ]);
});

test("usesCells() names fifty uses and counts the rest", () => {
  const listing = Array.from({ length: 53 }, (_, n) => item(n));
  const builder = startGraph(listing);
  builder.add(
    record(
      0,
      listing.slice(1).map(({ id: to }) => sure(to)),
    ),
  );
  const { uses } = usesCells(builder.done(), id(0));
  expect(uses.match(/Item \d+ \[/g)).toHaveLength(50);
  expect(uses).toMatch(/\]; and 2 more$/);
});

test("graphMermaid() draws each node where it is met first, what lies outside by its id or address", () => {
  const builder = startGraph([...LISTING.slice(0, 3), item(5)]);
  builder.add(record(2, [sure(id(1), "layer"), sure(id(88), "basemap")]));
  builder.add(record(3, [sure("https://h/rest/services/a/MapServer", "service"), sure(id(2), "map")]));
  expect(textOf(graphMermaid(builder.done())).split("\n")).toEqual([
    "flowchart LR",
    'n0["Item 2 (Web Map)"]',
    'n1["Item 1 (Feature Service)"]',
    "n0 -->|layer| n1",
    `n2["Item ${id(88)}, not listed"]`,
    "n0 -->|basemap| n2",
    'n3["Item 3 (Dashboard)"]',
    'n4["https://h/rest/services/a/MapServer"]',
    "n3 -->|service| n4",
    "n3 -->|map| n0",
    "",
  ]);
});

test("graphJson() is JSON with every item and edge", () => {
  const builder = startGraph(LISTING);
  builder.add(record(2, [sure(id(1), "layer")]));
  const graph = builder.done();
  expect(JSON.parse(textOf(graphJson(graph)))).toEqual({
    format: "arcgis-backup-for-azure dependencies",
    version: 1,
    counts: graph.counts,
    items: LISTING.map(({ id, title, type, owner }) => ({ id, title, type, owner })),
    outside: [],
    edges: [{ from: id(2), to: id(1), label: "layer" }],
  });
  expect(JSON.parse(textOf(graphJson(startGraph([]).done())))).toMatchObject({ items: [], edges: [] });
});

test("graphDot() and graphMermaid() keep to a line per node and per edge, with balanced quotes, whatever a title holds", () => {
  fc.assert(
    fc.property(hostileText, hostileText, hostileText, (one, other, service) => {
      const builder = startGraph([
        item(1, { title: one, type: other }),
        item(2, { title: other, type: one }),
        // Nothing uses it and it uses nothing: it is not drawn.
        item(3),
      ]);
      builder.add(record(1, [sure(id(2)), sure(`https://h/rest/services/${service}/MapServer`)]));
      const graph = builder.done();
      const dot = textOf(graphDot(graph)).split("\n");
      expect(dot).toHaveLength(3 + 3 + 2 + 1 + 1);
      for (const line of dot) {
        const bare = line.replaceAll(/\\[\\"]/g, "");
        expect(bare.split('"').length % 2).toBe(1);
        expect(bare).not.toContain("\\");
        expect(bare.replaceAll(/"[^"]*"/g, "_")).toMatch(
          /^(?:_ \[label=_(?:, style=dashed)?\];|_ -> _ \[label=_\];|digraph dependencies \{|rankdir=LR;|node \[shape=box\];|\}|)$/,
        );
      }
      const mermaid = textOf(graphMermaid(graph)).split("\n");
      expect(mermaid).toHaveLength(1 + 3 + 2 + 1);
      for (const line of mermaid) {
        expect(line).toMatch(/^(?:flowchart LR|n\d+\["[^"<>`]*"\]|n\d+ -->\|[a-z ]+\| n\d+|)$/);
      }
    }),
  );
});

test("a graph of 25,000 items and 250,000 edges is made and written in bounded memory; Mermaid is cut and says so", () => {
  const size = 25_000;
  const listing = Array.from({ length: size }, (_, n) => item(n, { title: `Item ${n}`, url: null }));
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const started = performance.now();
  const builder = startGraph(listing);
  for (let n = 0; n < size; n += 1) {
    builder.add(
      record(
        n,
        Array.from({ length: 10 }, (_, k) => mention(id((n * 7 + k * 2_503 + 1) % size))),
      ),
    );
  }
  const graph = builder.done();
  let bytes = 0;
  for (const part of graphJson(graph)) bytes += part.length;
  const cells = usesCells(graph, id(7)).usedBy.length;
  const seconds = (performance.now() - started) / 1000;
  const megabytes = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  expect(graph.counts.betweenItems).toBeGreaterThan(249_000);
  expect([cells > 0, bytes > 20_000_000]).toEqual([true, true]);
  const mermaid = textOf(graphMermaid(graph)).split("\n");
  expect(mermaid[1]).toMatch(/^%% The first 2,000 of 2\d\d,\d\d\d edges: dependencies.dot has all of them$/);
  expect(mermaid.filter((line) => line.includes("-->"))).toHaveLength(MOST_DRAWN);
  expect(seconds).toBeLessThan(20);
  expect(megabytes).toBeLessThan(400);
});
