// Text as it may stand in the XML of a spreadsheet.

// What XML 1.0 has no room for: controls, halves of a pair, the last two code points.
// eslint-disable-next-line no-control-regex -- control characters are what must not pass
const ILLEGAL = /[\u{0}-\u{8}\u{B}\u{C}\u{E}-\u{1F}\p{Cs}\u{FFFE}\u{FFFF}]/gu;

/** For content and for attributes in double quotes. */
export function xmlText(text: string): string {
  return text
    .replace(ILLEGAL, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** For the text of a cell: spreadsheets read `_x0041_` as the letter A, so such an underscore is written as one. */
export function cellString(text: string): string {
  return xmlText(text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_"));
}

/** `A` for 1, `AA` for 27. */
export function columnName(nth: number): string {
  const letter = String.fromCharCode(65 + ((nth - 1) % 26));
  return nth <= 26 ? letter : `${columnName(Math.floor((nth - 1) / 26))}${letter}`;
}
