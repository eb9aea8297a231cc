// Reads a CSV file as spreadsheets write it: UTF-8 or UTF-16 with a mark, UTF-8 without, or the code page of western Windows;
// parted by commas, semicolons or tabs; RFC 4180 quotes.
import { MOST_COLUMNS, MOST_ROWS, type Sheet } from "./sheet.ts";

const SEPARATORS = [";", "\t", ","] as const;
/** Lines that tell what separates. */
const LOOKED_AT = 200;

/** Never fails: any bytes are some text. */
export function csvSheet(bytes: Uint8Array): Sheet {
  const text = decoded(bytes);
  // A line that Excel reads and does not show.
  const told = /^sep=(.)\r?\n/i.exec(text);
  const body = told === null ? text : text.slice(told[0].length);
  return { name: "", rows: rowsOf(body, told?.[1] ?? separatorOf(body)) };
}

function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // So the decoder tells of bytes that are no UTF-8.
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The one that most lines have: a list in a cell brings others into some of them. */
function separatorOf(text: string): string {
  const lines = text.replace(/"[^"]*"/g, "").split(/\r\n|\r|\n/, LOOKED_AT);
  const ranked = SEPARATORS.map((sign) => ({
    sign,
    lines: lines.filter((line) => line.includes(sign)).length,
    all: lines.reduce((sum, line) => sum + line.split(sign).length - 1, 0),
  })).sort((a, b) => b.lines - a.lines || b.all - a.all);
  return ranked[0]?.sign ?? ",";
}

function rowsOf(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  const endRow = (): void => {
    row.push(cell);
    rows.push(row.slice(0, MOST_COLUMNS));
    [row, cell] = [[], ""];
  };
  for (let at = 0; at < text.length && rows.length < MOST_ROWS; at += 1) {
    const sign = text.charAt(at);
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (text.charAt(at + 1) === '"') {
        cell += sign;
        at += 1;
      } else isQuoted = false;
    } else if (sign === '"' && cell === "") isQuoted = true;
    else if (sign === separator) {
      row.push(cell);
      cell = "";
    } else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text.charAt(at + 1) === "\n") at += 1;
      endRow();
    } else cell += sign;
  }
  if (cell !== "" || row.length > 0) endRow();
  return rows;
}
