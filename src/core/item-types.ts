// What the product knows of an item type: the strategy that fits it as a rule, and the extension of its file.
import { TYPE_TABLE } from "./item-type-table.ts";
import { STRATEGIES, type Strategy } from "./item.ts";

export interface ItemType {
  /** As the portal writes it. */
  readonly type: string;
  readonly strategy: Strategy;
  /** Without dot; empty = no usual one. */
  readonly extension: string;
}

/** Every known type, grouped by strategy. */
export const ITEM_TYPES: readonly ItemType[] = STRATEGIES.flatMap((strategy) =>
  parseTable(strategy, TYPE_TABLE[strategy]),
);

const BY_NAME: ReadonlyMap<string, ItemType> = new Map(
  ITEM_TYPES.map((entry) => [entry.type.toLowerCase(), entry]),
);

/** The table's row for a type, letter case apart; undefined for a type that it does not know. */
export function itemTypeOf(type: string): ItemType | undefined {
  return BY_NAME.get(type.toLowerCase());
}

/** A line that begins with blanks only continues the one above. */
function parseTable(strategy: Strategy, table: string): readonly ItemType[] {
  const rows: ItemType[] = [];
  let extension = "";
  for (const line of table.split("\n")) {
    const parts = /^ {4}(\S*) +(.*\S) *$/.exec(line);
    if (parts === null) continue;
    const [, head = "", names = ""] = parts;
    if (head !== "") extension = head === "-" ? "" : head;
    for (const type of names.split(/, */).filter((name) => name !== ""))
      rows.push({ type, strategy, extension });
  }
  return rows;
}
