// Breaks a paragraph into lines for a fixed-width report. A word longer than the line (an address) stays whole.
import { columns } from "./columns.ts";

/** Lines of at most `width` columns: the first starts with `first`, the others with `rest` (both count). */
export function wrap(text: string, width: number, first = "", rest = first): string[] {
  const lines: string[] = [];
  let line = first;
  let used = columns(first);
  let empty = true;
  for (const word of text.split(" ").filter((part) => part !== "")) {
    const wide = columns(word);
    if (!empty && used + 1 + wide > width) {
      lines.push(line);
      line = rest;
      used = columns(rest);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    used += empty ? wide : wide + 1;
    empty = false;
  }
  return empty ? lines : [...lines, line];
}
