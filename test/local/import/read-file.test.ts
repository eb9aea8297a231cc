// Files that are none, or that mean harm: each is told in a sentence, and none takes memory or time without end.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readParameters } from "../../../src/local/import/read-file.ts";
import { MOST_FILE_BYTES } from "../../../src/local/import/sheet.ts";
import { workbookOf } from "./workbook-of.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "read-file-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(bytes: Uint8Array) {
  const file = path.join(folder, "parameters.xlsx");
  await writeFile(file, bytes);
  return readParameters(file);
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const result = await read(bytes);
  return result.ok ? "it was read" : `${result.failure.text} / ${result.failure.next}`;
}

const ROWS = [["ArcGIS URL", "acme"]];
const SHEET = "xl/worksheets/sheet1.xml";

test("a workbook's cells are texts, whatever their type", async () => {
  const rows = [
    ["a", 1.5, true, { day: 46023 }, { day: 0.25 }, { runs: ["b", "c"] }, { formula: "A1", result: "d" }],
  ];
  const result = await read(await workbookOf([{ name: "S", rows, merged: ["A2:B2"] }]));
  expect(result).toEqual({
    ok: true,
    value: [{ name: "S", rows: [["a", "1.5", "true", "2026-01-01", "06:00", "bc", "d"]] }],
  });
});

test("a file that is too large is not read further", async () => {
  expect(await refusal(new Uint8Array(MOST_FILE_BYTES + 10))).toContain("larger than a sheet of parameters");
});

test.each([
  ["an empty file", new Uint8Array(), "empty"],
  ["a workbook of Excel 97", Buffer.from("d0cf11e0a1b11ae1", "hex"), "Excel 97"],
  ["a picture", Buffer.from("89504e470d0a1a0a0000000d", "hex"), "neither an Excel workbook"],
])("%s is told", async (_, bytes, words) => {
  expect(await refusal(bytes)).toContain(words);
});

test("a path where nothing lies, and a folder, are told", async () => {
  for (const file of [path.join(folder, "nothing.xlsx"), folder]) {
    const result = await readParameters(file);
    expect(result.ok ? "" : result.failure.text).toContain(`Cannot read "${file}"`);
  }
});

test("a workbook that was cut off, or changed anywhere, never breaks the program", async () => {
  const whole = await workbookOf([{ name: "S", rows: ROWS }]);
  expect(await refusal(whole.subarray(0, whole.length - 100))).toContain("broken, or was not copied whole");
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
      const changed = Uint8Array.from(whole);
      changed[at] = byte;
      expect(typeof (await refusal(changed))).toBe("string");
    }),
    { numRuns: 40 },
  );
});

test("a document type is refused before the reader sees it", async () => {
  const doctype = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>';
  const xml = `${doctype}<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a;</t></si></sst>`;
  const bytes = await workbookOf([{ name: "S", rows: ROWS }], { "xl/sharedStrings.xml": xml });
  expect(await refusal(bytes)).toContain("document type");
});

test.each(["A99999999", "ZZZ1", "A&#49;", "a1"])(
  "a cell at %s is refused: all before it would be filled up",
  async (place) => {
    const xml = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="${place}"><v>1</v></c></row></sheetData></worksheet>`;
    expect(await refusal(await workbookOf([{ name: "S", rows: ROWS }], { [SHEET]: xml }))).toContain(
      "cannot be read",
    );
  },
);

test("a part that unpacks to far more than it tells, or tells far too much, is refused", async () => {
  const bomb = zipOf(SHEET, Buffer.alloc(40 * 1024 * 1024), 1_000);
  expect(await refusal(bomb)).toContain("far larger unpacked");
  expect(await refusal(zipOf(SHEET, Buffer.alloc(40 * 1024 * 1024)))).toContain("far larger unpacked");
});

/** A zip of one entry, with a wrong size where one is given. */
function zipOf(name: string, content: Buffer, told = content.length): Buffer {
  const packed = deflateRawSync(content);
  const sizes = Buffer.alloc(12);
  sizes.writeUInt32LE(packed.length, 4);
  sizes.writeUInt32LE(told, 8);
  const lengths = Buffer.alloc(4);
  lengths.writeUInt16LE(name.length, 0);
  const common = Buffer.concat([Buffer.from("14000000080000000000", "hex"), sizes, lengths]);
  const local = Buffer.concat([Buffer.from("504b0304", "hex"), common, Buffer.from(name), packed]);
  const entry = Buffer.concat([
    Buffer.from("504b01021400", "hex"),
    common,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.from("504b0506000000000100010000000000000000000000", "hex");
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}
