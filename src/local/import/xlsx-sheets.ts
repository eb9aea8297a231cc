// Reads the sheets of an Excel workbook (.xlsx). The file is unpacked here, with bounds, and only its plain XML reaches the
// reader: a file that unpacks without end, or that names other files, is refused before.
import readXlsxFile from "read-excel-file/node";
import { inspectZip } from "../../clients/archive.ts";
import { type BundleEntry, makeBundle } from "../../clients/bundle.ts";
import { type Result, failed, ok } from "../../core/result.ts";
import type { ZipEntry } from "../../core/zip.ts";
import { unpackEntry } from "../restore-point/unbundle.ts";
import { MOST_COLUMNS, MOST_ROWS, type Sheet } from "./sheet.ts";

/** Plain bytes of all XML together; a sheet of parameters has a hundred kilobytes. */
const MOST_PLAIN_BYTES = 8 * 1024 * 1024;
const MOST_ENTRIES = 500;
/** Parts that hold cells, and what they refer to. Pictures, macros and settings of printers are left out. */
const WANTED =
  /^(\[Content_Types\]\.xml|_rels\/\.rels|xl\/[^/]+\.xml|xl\/_rels\/[^/]+|xl\/worksheets\/[^/]+\.xml)$/i;

/** Every sheet that holds cells, in the order of the workbook. Safe for any bytes. */
export async function xlsxSheets(bytes: Uint8Array): Promise<Result<readonly Sheet[]>> {
  const range = (offset: number, length: number) =>
    Promise.resolve(ok(bytes.subarray(offset, offset + length)));
  const directory = await inspectZip(range, bytes.length);
  if (!directory.ok) return refused(`it is broken, or was not copied whole`);
  const { entries } = directory.value;
  const plain = entries.length > MOST_ENTRIES ? undefined : unpacked(bytes, entries);
  if (plain === undefined)
    return refused("it is packed in a way that Excel does not, or far larger unpacked");
  const suspect = plain.map(suspicion).find((found) => found !== undefined);
  if (suspect !== undefined) return refused(suspect);
  try {
    const bundle = await makeBundle(plain);
    const sheets = await readXlsxFile(Buffer.from(bundle.bytes), { trim: false });
    return ok(
      sheets.map(({ sheet, data }) => ({
        name: sheet,
        rows: data.slice(0, MOST_ROWS).map((row) => row.slice(0, MOST_COLUMNS).map(textOf)),
      })),
    );
  } catch (error) {
    // The reader throws for whatever it does not expect; its words may repeat what the cells hold.
    if (error instanceof Error) return refused("it is no workbook, or not whole");
    throw error;
  }
}

/** The wanted parts; undefined when they cannot be unpacked, or not within the bounds. */
function unpacked(bytes: Uint8Array, entries: readonly ZipEntry[]): readonly BundleEntry[] | undefined {
  const plain = new Map<string, Uint8Array>();
  let room = MOST_PLAIN_BYTES;
  for (const entry of entries.filter(({ name }) => WANTED.test(name))) {
    const content = entry.sizeBytes > room ? undefined : unpackEntry(bytes, entry, entry.sizeBytes);
    if (content?.length !== entry.sizeBytes || plain.has(entry.name)) return undefined;
    room -= content.length;
    plain.set(entry.name, content);
  }
  return [...plain].map(([name, content]) => ({ name, bytes: content }));
}

/** Addresses of cells and rows, wherever a sheet tells them. */
const PLACE = /\sr\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Why a part must not be read; undefined when nothing speaks against it. */
function suspicion({ name, bytes }: BundleEntry): string | undefined {
  const text = new TextDecoder("utf-8").decode(bytes);
  // No spreadsheet program writes a document type; it could name other files, or texts that grow without end.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return "it has a document type, which no spreadsheet has";
  if (!/^xl\/worksheets\//i.test(name)) return undefined;
  // A reader fills up all rows and columns before a cell.
  for (const [, double, single] of text.matchAll(PLACE)) {
    const place = /^([A-Z]{0,3})(\d{0,7})$/.exec(double ?? single ?? "");
    if (place === null) return "an address in it is none";
    const [, letters = "", digits = ""] = place;
    if (columnOf(letters) > MOST_COLUMNS) return `it reaches further to the right than column IV`;
    if (Number(digits) > 1_048_576) return "it has more rows than a sheet may have";
  }
  return undefined;
}

function columnOf(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

/** A time of day is a moment of the day before the first one. */
const FIRST_DAY = Date.UTC(1900, 0, 1);

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) {
    const [day = "", time = ""] = value.toISOString().split("T");
    if (value.getTime() < FIRST_DAY) return time.slice(0, 5);
    return time.startsWith("00:00:00") ? day : `${day} ${time.slice(0, 5)}`;
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}

function refused(why: string): Result<never> {
  return failed(
    "wrong-content",
    `The workbook cannot be read: ${why}`,
    "Open it in Excel and save it once more as an Excel workbook (.xlsx), or as CSV",
  );
}
