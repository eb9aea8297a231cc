// Reads a file of parameters: a workbook by its first bytes, and any other text as CSV.
import { open } from "node:fs/promises";
import { fileTrouble } from "../../clients/secrets/file-trouble.ts";
import { contentKind } from "../../core/formats.ts";
import { type Result, failed, ok } from "../../core/result.ts";
import { csvSheet } from "./csv-sheet.ts";
import { MOST_FILE_BYTES, type Sheet } from "./sheet.ts";
import { xlsxSheets } from "./xlsx-sheets.ts";

/** Never reads more than 4 MiB, whatever lies at the path. */
export async function readParameters(file: string): Promise<Result<readonly Sheet[]>> {
  const bytes = await beginning(file);
  if (!bytes.ok) return bytes;
  if (bytes.value.length > MOST_FILE_BYTES) {
    return failed(
      "wrong-content",
      `"${file}" is larger than a sheet of parameters can be (4 MiB)`,
      "Name the file parameters.xlsx, or a copy of it without its other sheets",
    );
  }
  const read = await sheetsOf(bytes.value);
  if (read.ok) return read;
  const { failure } = read;
  return failed(failure.reason, `"${file}": ${failure.text}`, failure.next);
}

async function beginning(file: string): Promise<Result<Uint8Array>> {
  try {
    const handle = await open(file, "r");
    try {
      const bytes = new Uint8Array(MOST_FILE_BYTES + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
        length += bytesRead;
        if (bytesRead === 0 || length === bytes.length) return ok(bytes.subarray(0, length));
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    return fileTrouble(
      error,
      `Cannot read "${file}"`,
      "Name the file parameters.xlsx of the original, or a copy of it",
    );
  }
}

/** What Excel 97 wrote, and what it writes where a file has a password. */
const OLD_EXCEL = [0xd0, 0xcf, 0x11, 0xe0];

async function sheetsOf(bytes: Uint8Array): Promise<Result<readonly Sheet[]>> {
  const saveAgain = "Open it in Excel and save it as an Excel workbook (.xlsx) without a password, or as CSV";
  if (bytes.length === 0) return failed("wrong-content", "The file is empty", saveAgain);
  if (OLD_EXCEL.every((byte, at) => bytes[at] === byte)) {
    return failed("wrong-content", "It is a workbook of Excel 97, or one with a password", saveAgain);
  }
  if (contentKind(bytes.subarray(0, 1024)) === "zip") return xlsxSheets(bytes);
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  if (!isWide && bytes.includes(0)) {
    return failed("wrong-content", "It is neither an Excel workbook (.xlsx) nor a CSV file", saveAgain);
  }
  return ok([csvSheet(bytes)]);
}
