// How wide a text is on a terminal or in a fixed-width report, and how to cut it there without tearing a character
// apart. Wide letters (Chinese, Japanese, Korean, emoji) take two columns.

const CHARACTERS = new Intl.Segmenter("en", { granularity: "grapheme" });
const WIDE =
  /[\u{1100}-\u{115F}\u{2E80}-\u{303E}\u{3041}-\u{A4CF}\u{AC00}-\u{D7A3}\u{F900}-\u{FAFF}\u{FE30}-\u{FE6F}\u{FF00}-\u{FF60}\u{FFE0}-\u{FFE6}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}|\u{FE0F}/u;
const PLAIN = /^[\x20-\x7E]*$/;
/** More code points than any honest letter or emoji family has; what goes beyond is stacked accents. */
const MOST_POINTS = 12;

/** Columns that the text takes; 0 for the empty text. */
export function columns(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of CHARACTERS.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** The text in at most `most` columns; what was cut ends in "…". Towers of combining marks are trimmed on the way. */
export function cut(text: string, most: number): string {
  if (PLAIN.test(text)) return text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1))}…`;
  let whole = "";
  let short = "";
  let width = 0;
  for (const { segment } of CHARACTERS.segment(text)) {
    const character = segment.length > MOST_POINTS ? [...segment].slice(0, MOST_POINTS).join("") : segment;
    const wide = WIDE.test(character) ? 2 : 1;
    width += wide;
    if (width > most) return `${short}…`;
    whole += character;
    if (width < most) short = whole;
  }
  return whole;
}
