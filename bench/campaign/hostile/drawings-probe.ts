// The dependencies of a hostile portal as drawings and cells: no title ends its own line or its own quotes.
import { startGraph } from "../../../src/core/dependency-graph.ts";
import { graphDot, graphJson, graphMermaid, usesCells } from "../../../src/core/dependency-text.ts";
import type { ListedItem } from "../../../src/core/item.ts";
import { findReferences } from "../../../src/core/references.ts";
import { wrongText } from "./judges.ts";
import { hostileJsonText, hostileText, type Next, oneOf } from "./texts.ts";

const DOT_LINE = /^(?:"" (?:\[label=""(?:, style=dashed)?\]|-> "" \[label=""\]);)$/;
const MERMAID_LINE = /^(?:n\d+\["[^"[\]{}|<>]*"\]|n\d+ -->\|[a-z ]+\| n\d+)$/;

export function probeDrawings(next: Next, items: readonly ListedItem[]): readonly string[] {
  const builder = startGraph(items);
  for (const { id, type } of items) {
    const found = findReferences({
      type,
      name: oneOf(next, ["data", "item.json", hostileText(next)]),
      text: hostileJsonText(next),
    });
    const others = items.map((item) => ({ to: item.id, label: "item", sure: true }) as const);
    builder.add({ itemId: id, ...found, references: [...found.references, ...others], unread: [] });
  }
  const graph = builder.done();
  const dot = [...graphDot(graph)].join("");
  const mermaid = [...graphMermaid(graph)].join("");
  const cells = items.map(({ id }) => usesCells(graph, id)).flatMap(({ uses, usedBy }) => [uses, usedBy]);
  const plainDot = dot
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .trimEnd()
    .split("\n")
    .slice(3, -1);
  const badDot = plainDot.find((line) => !DOT_LINE.test(line));
  const badMermaid = mermaid
    .trimEnd()
    .split("\n")
    .slice(1)
    .find((line) => !MERMAID_LINE.test(line));
  return [
    ...(badDot === undefined ? [] : [`a line of the .dot leaves its quotes: ${badDot.slice(0, 100)}`]),
    ...(badMermaid === undefined
      ? []
      : [`a line of the .mmd leaves its quotes: ${badMermaid.slice(0, 100)}`]),
    ...[dot, mermaid, ...cells].flatMap((text) => wrongText("a drawing", text)),
    ...readsAsJson([...graphJson(graph)].join("")),
  ];
}

function readsAsJson(text: string): readonly string[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    if (error instanceof SyntaxError) return ["dependencies.json is no JSON"];
    throw error;
  }
}
