// Tells by its first bytes what the portal really sent. A reply fails only on a certain contradiction: a page or an error
// where a binary format was asked for. What merely looks odd passes, because people upload odd files.

/** How many first bytes are looked at. */
export const HEAD_BYTES = 1024;

export type ContentKind =
  | "empty"
  | "zip"
  | "pdf"
  | "png"
  | "jpeg"
  | "gif"
  | "sqlite"
  | "gzip"
  | "7z"
  | "ole"
  | "html"
  | "portal-error"
  | "json"
  | "xml"
  | "text"
  | "binary";

const SIGNATURES: readonly (readonly [ContentKind, string])[] = [
  ["zip", "504b0304"],
  ["zip", "504b0506"],
  ["zip", "504b0708"],
  ["pdf", "255044462d"],
  ["png", "89504e470d0a1a0a"],
  ["jpeg", "ffd8ff"],
  ["gif", "474946383761"],
  ["gif", "474946383961"],
  ["sqlite", "53514c69746520666f726d6174203300"],
  ["gzip", "1f8b08"],
  ["7z", "377abcaf271c"],
  ["ole", "d0cf11e0a1b11ae1"],
];

// The whole of what ArcGIS sends with HTTP 200 when something went wrong; no item's own JSON begins and ends so.
const PORTAL_ERROR =
  /^\{\s*"error"\s*:\s*\{\s*"(code|message|messageCode|extendedCode|details)"\s*:[^]*\}\s*\}\s*$/;

/** Classifies the first bytes (1 KiB is enough) of a reply. */
export function contentKind(head: Uint8Array): ContentKind {
  if (head.length === 0) return "empty";
  const hex = Array.from(head.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const signature = SIGNATURES.find(([, start]) => hex.startsWith(start));
  if (signature !== undefined) return signature[0];
  if (head.includes(0)) return "binary";
  // Windows-1252 gives every byte a character: the ASCII that is looked for is the same in UTF-8.
  const text = new TextDecoder("latin1").decode(head).replace(/^(ï»¿)?\s*/, "");
  if (/^<(!doctype\s+html|html[\s>]|head[\s>]|body[\s>])/i.test(text)) return "html";
  if (/^<(\?xml\s|!--)/.test(text)) return /<html[\s>]/i.test(text) ? "html" : "xml";
  if (PORTAL_ERROR.test(text)) return "portal-error";
  if (/^[{[]/.test(text)) return "json";
  // Readers accept bytes before the signature of a PDF, and some writers leave blanks there.
  return /%PDF-\d/.test(text) ? "pdf" : "text";
}

/** What a file's first bytes must be: a binary format of this name, JSON or text; null = nothing certain. */
export type Expectation = { readonly shape: "binary" | "json" | "text"; readonly format: string } | null;

export const ZIP: Expectation = { shape: "binary", format: "a zip" };
/** A table as text, or several of them in a zip. */
export const TEXT_OR_ZIP: Expectation = { shape: "text", format: "CSV" };
// Packages of older programs are 7-Zip archives, those of newer ones zips.
const PACKAGE: Expectation = { shape: "binary", format: "a package" };
const SQLITE: Expectation = { shape: "binary", format: "an SQLite database" };
const PDF: Expectation = { shape: "binary", format: "a PDF" };
const PICTURE: Expectation = { shape: "binary", format: "a picture" };
const OFFICE: Expectation = { shape: "binary", format: "an Office file" };
const JSON_TEXT: Expectation = { shape: "json", format: "JSON" };

/**
 * Only endings of formats that cannot begin like a page or a message. Text formats (csv, txt, kml, svg) can, and so do
 * many files that are named .doc or .xls: programs write tables and pages under these names.
 */
const BY_ENDING: ReadonlyMap<string, Expectation> = new Map([
  ...each("zip kmz slpk tpk tpkx vtpk spk dlpk esriaddin esriaddinx surveyaddin", ZIP),
  ...each("mpk mpkx lpk lpkx ppkx gpk gpkx gcpk mmpk mspk rpk aptx 7z gz", PACKAGE),
  ...each("docx xlsx pptx ppt vsd vsdx", OFFICE),
  ...each("geodatabase gpkg sqlite", SQLITE),
  ...each("pdf", PDF),
  ...each("png jpg jpeg gif tif tiff", PICTURE),
  ...each("geojson ipynb", JSON_TEXT),
]);

/** For names without an ending: types whose data can be one kind of file only. */
const BY_TYPE: ReadonlyMap<string, Expectation> = new Map([
  ["File Geodatabase", ZIP],
  ["Shapefile", ZIP],
  ["Scene Package", ZIP],
  ["Vector Tile Package", ZIP],
  ["Compact Tile Package", ZIP],
  ["Tile Package", ZIP],
  ["Deep Learning Package", ZIP],
  ["SQLite Geodatabase", SQLITE],
  ["GeoPackage", SQLITE],
  ["PDF", PDF],
  ["Notebook", JSON_TEXT],
  ["GeoJson", JSON_TEXT],
]);

/** What the data of an item of this type and file name (null = unknown) must begin with. */
export function expectation(type: string, fileName: string | null): Expectation {
  const ending = /\.([a-z0-9]+)$/i.exec(fileName ?? "")?.[1]?.toLowerCase();
  return (ending === undefined ? BY_TYPE.get(type) : BY_ENDING.get(ending)) ?? null;
}

/** What portals, and proxies in front of them, send instead of a file, by the shape that was expected. */
const IMPOSTORS: Readonly<Record<"binary" | "json" | "text", readonly ContentKind[]>> = {
  binary: ["empty", "html", "portal-error", "json", "xml", "text"],
  json: ["empty", "html", "portal-error", "xml"],
  text: ["empty", "html", "portal-error", "json", "xml", "binary"],
};

/** undefined = nothing certain speaks against the content; else why, in words that follow "The portal sent ". */
export function judgeContent(expected: Expectation, head: Uint8Array): string | undefined {
  const found = contentKind(head);
  if (expected === null)
    return found === "portal-error" ? "an error message instead of the content" : undefined;
  return IMPOSTORS[expected.shape].includes(found)
    ? `${NAMES[found] ?? found} instead of ${expected.format}`
    : undefined;
}

const NAMES: Partial<Record<ContentKind, string>> = {
  empty: "nothing",
  html: "a web page",
  "portal-error": "an error message",
  json: "JSON",
  xml: "XML",
  text: "plain text",
};

function each(endings: string, expected: Expectation): (readonly [string, Expectation])[] {
  return endings.split(" ").map((ending) => [ending, expected]);
}
