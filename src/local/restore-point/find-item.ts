// Finds one item in a restore point, by its id or by its title as people remember it.
import { printable } from "../../core/printable.ts";
import { failed, ok, type Result } from "../../core/result.ts";
import type { ItemLine } from "../../core/run.ts";
import { formatCount } from "../../core/units.ts";
import { readItems, type RestorePoint } from "./restore-point.ts";

const SHOWN = 20;

/** The item; a failure lists those that may have been meant. Letter case does not count. */
export async function findItem(point: RestorePoint, asked: string): Promise<Result<ItemLine>> {
  const wanted = fold(asked);
  let byId: ItemLine | undefined;
  const same = new Few();
  const similar = new Few();
  const read = await readItems(point, (line) => {
    const title = fold(line.item.title);
    if (line.item.id === wanted) byId = line;
    else if (title === wanted) same.add(line);
    else if (wanted !== "" && title.includes(wanted)) similar.add(line);
  });
  if (!read.ok) return read;
  if (byId !== undefined) return ok(byId);
  const [only] = same.lines;
  if (only !== undefined && same.count === 1) return ok(only);
  if (same.count > 1) {
    return failed(
      "bad-input",
      `${formatCount(same.count)} items are called "${printable(asked, 60)}":\n${same.text()}`,
      "Name the one you want by its id",
    );
  }
  const run = point.manifest.run.id;
  if (similar.count > 0) {
    return failed(
      "not-found",
      `No item of ${run} is called "${printable(asked, 60)}". Similar:\n${similar.text()}`,
      "Name the one you want by its id",
    );
  }
  return failed(
    "not-found",
    `No item of ${run} has the id or the title "${printable(asked, 60)}"`,
    "Look it up in Inventory.csv of that run, or try an earlier run: npm run runs",
  );
}

class Few {
  readonly lines: ItemLine[] = [];
  count = 0;

  add(line: ItemLine): void {
    this.count += 1;
    if (this.lines.length < SHOWN) this.lines.push(line);
  }

  text(): string {
    const rest = this.count - this.lines.length;
    const shown = this.lines.map(
      ({ item, outcome }) =>
        `  ${item.id}  ${printable(item.title, 40)} (${printable(item.type, 30)}, ${printable(item.owner, 30)}, ${outcome.state})`,
    );
    return [...shown, ...(rest === 0 ? [] : [`  ... and ${formatCount(rest)} more`])].join("\n");
  }
}

function fold(text: string): string {
  return text.trim().normalize("NFC").toLowerCase();
}
