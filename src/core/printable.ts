// Makes text from outside (titles, owners, answers of the portal) safe to print: nothing in it can move the cursor,
// turn the reading direction, hide, or start a new line. For reading only; items.jsonl keeps the text verbatim.
import { cut } from "./columns.ts";

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

// Controls, format characters (bidi overrides, zero widths, tags), line separators, halves of a pair, fillers that
// look like nothing. ZWNJ and ZWJ stay: Persian, Hindi and emoji are written with them.

const UNPRINTABLE =
  /(?![\u{200C}\u{200D}])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u{115F}\u{1160}\u{3164}\u{FFA0}]/gu;

/** The text on one line with everything unprintable as `\u{hex}`, cut to `most` columns (default: not cut). */
export function printable(text: string, most = Infinity): string {
  const shown = text.replace(
    UNPRINTABLE,
    (point) => NAMED[point] ?? `\\u{${Number(point.codePointAt(0)).toString(16).toUpperCase()}}`,
  );
  return most === Infinity ? shown : cut(shown, most);
}
