// Turns text from outside into one path segment that is legal on Windows, on Linux and in Azure Blob Storage,
// and still readable: letters of every script and emoji stay.

/** Windows takes these as devices, also with any extension behind them. */
export const DEVICE_NAME = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(?:\.|$)/i;

/**
 * The segment for `text`: at most `most` UTF-16 units and `mostBytes` bytes of UTF-8, NFC, well formed, without controls,
 * bidi and zero-width characters; `_` stands for what is not allowed and for nothing at all.
 */
export function safeName(text: string, most: number, mostBytes = Infinity): string {
  // What lies beyond is cut in any case; a title of megabytes must not cost seconds.
  const readable = text
    .slice(0, most * 4 + 64)
    .replace(/[\p{Zs}\p{Zl}\p{Zp}\t\r\n]+/gu, " ")
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .replace(/[\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\uFFFD<>:"/\\|?*]/gu, "_")
    .normalize("NFC");
  return notReserved(fitting(trimmed(cutText(trimmed(readable), most)), mostBytes), most);
}

/** Linux counts bytes, of which a letter may have three. */
function fitting(name: string, mostBytes: number): string {
  let fits = name;
  while (UTF8.encode(fits).length > mostBytes) fits = trimmed(cutText(fits, fits.length - 1));
  return fits;
}

const UTF8 = new TextEncoder();

/** The longest start of `text` that has at most `most` UTF-16 units and ends between two graphemes. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = 0;
  // A grapheme that reaches past the limit by itself (hundreds of combining marks) is cut between code points.
  for (const { index, segment } of GRAPHEMES.segment(text.slice(0, most + 64))) {
    if (index + segment.length > most) break;
    end = index + segment.length;
  }
  return end > 0 ? text.slice(0, end) : betweenCodePoints(text, most);
}

const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });

function betweenCodePoints(text: string, most: number): string {
  const cut = text.slice(0, most);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

/** Windows drops dots and spaces at the end; a dot in front hides the file elsewhere. */
function trimmed(name: string): string {
  return name
    .replace(/[. ]+$/, "")
    .replace(/^ +/, "")
    .replace(/^\.+/, "_");
}

function notReserved(name: string, most: number): string {
  if (name === "") return "_";
  return DEVICE_NAME.test(name) ? trimmed(cutText(`_${name}`, most)) : name;
}
