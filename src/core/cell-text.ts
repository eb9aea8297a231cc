// Text from outside as one cell of a spreadsheet: on one line, and not longer than a cell may be.
import { printable } from "./printable.ts";
import { cutText } from "./safe-name.ts";

/** Excel takes at most 32,767 characters a cell and calls a file with more damaged. */
const MOST_CHARACTERS = 32_000;

// Also the full-width forms, which some spreadsheets read as the plain ones.
const STARTS = "=+\\-@\\u{FF1D}\\u{FF0B}\\u{FF0D}\\u{FF20}";
/** What spreadsheets may skip before they look for a formula: blanks, joiners, the quotes of CSV. */
const SKIPPED = '[\\s"\\u{200C}\\u{200D}]*';
const BEGINS_FORMULA = new RegExp(`^${SKIPPED}[${STARTS}]`, "u");
const FORMULA_PLACES = new RegExp(`(^|;)(${SKIPPED})(?=[${STARTS}])`, "gu");

/** The text made printable and cut. */
export function cellText(text: string): string {
  return limited(printable(text, MOST_CHARACTERS));
}

/** True for a text that a spreadsheet would take for a formula if it was typed in. */
export function beginsFormula(text: string): boolean {
  return BEGINS_FORMULA.test(text);
}

/**
 * The text for a file without types (CSV), with an apostrophe before what would be run as a formula: at its begin, and
 * after each semicolon, at which Excel parts the cells wherever the comma is the decimal sign, inside of quotes too.
 */
export function disarmed(text: string): string {
  return limited(text.replace(FORMULA_PLACES, "$1$2'"));
}

/** In UTF-16 units, as Excel counts: one letter with its marks may have a dozen. */
function limited(text: string): string {
  return cutText(text, MOST_CHARACTERS);
}
