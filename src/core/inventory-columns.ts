// The columns of the inventory: one table that Inventory.csv and Inventory.xlsx are both made from. A new column is one line.
import type { UsesCells } from "./dependency-text.ts";
import type { Outcome } from "./outcome.ts";
import type { ItemLine } from "./run.ts";

/** What rows tell beside the items themselves, the same for all rows of a run. */
export interface InventoryFacts {
  /** Address of the portal's pages, without a slash at its end; null = not known, and no links. */
  readonly portalBase: string | null;
  /** What an item uses and what uses it; absent where the profile does not ask for it. */
  readonly uses?: (itemId: string) => UsesCells;
}

/** `date`: epoch milliseconds. `link`: an address, or empty. A number that is none makes an empty cell. */
export type Column = { readonly name: string; readonly width: number } & (
  | { readonly kind: "text" | "link"; readonly value: (line: ItemLine, facts: InventoryFacts) => string }
  | { readonly kind: "number" | "date"; readonly value: (line: ItemLine, facts: InventoryFacts) => number }
);

/** Widths are in characters, as spreadsheets count them. */
export const COLUMNS: readonly Column[] = [
  text("Item ID", 34, ({ item }) => item.id),
  text("Title", 40, ({ item }) => item.title),
  text("Type", 22, ({ item }) => item.type),
  text("Owner", 18, ({ item }) => item.owner),
  text("Folder", 18, ({ item }) => item.folder ?? ""),
  text("Access", 10, ({ item }) => item.access),
  date("Created", ({ item }) => item.created),
  date("Modified", ({ item }) => item.modified),
  text("Strategy", 18, ({ outcome }) => outcome.strategy),
  text("Why", 30, ({ outcome }) => outcome.why),
  text("Outcome", 11, ({ outcome }) => outcome.state),
  text("Cause or reason", 20, ({ outcome }) => causeOf(outcome)),
  text("What happened", 40, ({ outcome }) => (outcome.state === "failed" ? outcome.failure.text : "")),
  text("What to do", 40, ({ outcome }) => (outcome.state === "failed" ? outcome.failure.next : "")),
  text("Loss", 30, ({ outcome }) => (outcome.state === "saved" ? outcome.loss.map(wordsOf).join("; ") : "")),
  text("Rung", 14, ({ outcome }) => outcome.rung ?? ""),
  text("Notes", 30, ({ outcome }) => outcome.notes.join("; ")),
  number("Artifacts", 10, ({ outcome }) => outcome.artifacts.length),
  number("Bytes", 16, ({ outcome }) => outcome.sizeBytes),
  text("Where", 50, ({ outcome }) => outcome.artifacts[0]?.path ?? ""),
  number("Seconds", 10, ({ outcome }) => Math.round(outcome.tookMs / 1000)),
  text("Covered by", 34, ({ outcome }) => (outcome.state === "skipped" ? outcome.coveredBy.join("; ") : "")),
  link("Item page", 30, ({ item }, { portalBase }) => itemPage(portalBase, item.id)),
  // Anybody who may edit an item writes its URL: it stays a text, which nobody opens by a click.
  text("URL", 40, ({ item }) => item.url ?? ""),
  text("Tags", 30, ({ item }) => item.tags.join("; ")),
  text("Found by", 10, ({ item }) => item.found),
  text("ArcGIS trace ID", 20, ({ outcome }) =>
    outcome.state === "failed" ? (outcome.failure.traceId ?? "") : "",
  ),
  text("Uses", 34, ({ item }, { uses }) => uses?.(item.id).uses ?? ""),
  text("Used by", 34, ({ item }, { uses }) => uses?.(item.id).usedBy ?? ""),
];

type Value<T> = (line: ItemLine, facts: InventoryFacts) => T;

function text(name: string, width: number, value: Value<string>): Column {
  return { name, width, kind: "text", value };
}

function number(name: string, width: number, value: Value<number>): Column {
  return { name, width, kind: "number", value };
}

function date(name: string, value: Value<number>): Column {
  return { name, width: 24, kind: "date", value };
}

function link(name: string, width: number, value: Value<string>): Column {
  return { name, width, kind: "link", value };
}

/** The item's page for people (REST API: `/home/item.html?id=`). */
function itemPage(portalBase: string | null, id: string): string {
  return portalBase === null ? "" : `${portalBase}/home/item.html?id=${id}`;
}

function wordsOf(loss: { readonly text: string }): string {
  return loss.text;
}

function causeOf(outcome: Outcome): string {
  switch (outcome.state) {
    case "saved":
      return outcome.loss.length > 0 ? "with loss" : "";
    case "unchanged":
      return `since ${outcome.since}`;
    case "skipped":
      return outcome.cause;
    case "failed":
      return outcome.failure.reason;
  }
}
