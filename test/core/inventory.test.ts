import fc from "fast-check";
import { expect, test } from "vitest";
import { inventoryHeader, inventoryRow } from "../../src/core/inventory.ts";
import type { ItemLine } from "../../src/core/run.ts";
import { aLine, id } from "./report-samples.ts";

const FACTS = { portalBase: "https://acme.maps.arcgis.com" };
const rowOf = (line: ItemLine): string => inventoryRow(line, FACTS);

/** A reader of RFC 4180 that knows nothing of the writer. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const match = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;
    match.lastIndex = at;
    const found = match.exec(text);
    row.push((found?.[1]?.replaceAll('""', '"') ?? found?.[2]) as string);
    at = match.lastIndex;
    if (text.startsWith("\r\n", at)) {
      rows.push(row);
      row = [];
      at += 2;
    } else {
      expect(text[at]).toBe(",");
      at += 1;
    }
  }
  return rows;
}

function cellsOf(row: string): Record<string, string> {
  const [names, cells] = readCsv(inventoryHeader().slice(1) + row);
  return Object.fromEntries((names ?? []).map((name, at) => [name, cells?.[at] ?? "(missing)"]));
}

test("inventoryHeader() starts with a byte order mark, so that Excel reads UTF-8", () => {
  expect(inventoryHeader().startsWith("\u{FEFF}Item ID,Title,Type,Owner")).toBe(true);
});

test("inventoryRow() tells a saved item", () => {
  const cells = cellsOf(
    rowOf(aLine(1, "saved", { title: 'Parcels, "new"', folder: "Water" }, { tookMs: 3400 })),
  );
  expect(cells).toMatchObject({
    "Item ID": id(1),
    Title: 'Parcels, "new"',
    Folder: "Water",
    Created: "2026-01-01T00:00:00.000Z",
    Outcome: "saved",
    Artifacts: "1",
    Bytes: "1000",
    Where: `items/jdoe/Item_${id(1)}.zip`,
    Seconds: "3",
    "Item page": `https://acme.maps.arcgis.com/home/item.html?id=${id(1)}`,
  });
});

test("inventoryRow() tells why an item failed and what to do", () => {
  expect(cellsOf(rowOf(aLine(1, "failed")))).toMatchObject({
    Outcome: "failed",
    "Cause or reason": "portal-error",
    "What happened": "Cannot read the item: code 500",
    "What to do": "Try again.",
    Where: "",
  });
});

test.each([
  [aLine(1, "saved", {}, { loss: [{ kind: "lesser-format", text: "CSV" }] }), "with loss", "CSV", ""],
  [aLine(1, "saved"), "", "", ""],
  [aLine(1, "unchanged", {}, { since: "2026-05-13" }), "since 2026-05-13", "", ""],
  [
    aLine(1, "skipped", {}, { cause: "package-saved", coveredBy: [id(7), id(8)] }),
    "package-saved",
    "",
    `${id(7)}; ${id(8)}`,
  ],
])("inventoryRow() tells why an item ended as it did", (line, cause, loss, coveredBy) => {
  expect(cellsOf(rowOf(line))).toMatchObject({
    "Cause or reason": cause,
    Loss: loss,
    "Covered by": coveredBy,
    "What happened": "",
  });
});

test("inventoryRow() has no item page where the portal's address is not known", () => {
  expect(cellsOf(inventoryRow(aLine(1, "saved"), { portalBase: null }))["Item page"]).toBe("");
});

const FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠A"];

test.each([
  ...FORMULAS,
  ...[" =1+1", "\u{A0}=1", "\u{3000}＝1", "\u{200D}=1", '"=1', '" "=1', "\u{FEFF}=1", "\u{202E}=1"],
])("inventoryRow() lets no spreadsheet run %j", (title) => {
  expect(cellsOf(rowOf(aLine(1, "saved", { title })))["Title"]).toMatch(/^(['\\]|[\s"\u{200D}]+')/u);
});

test.each([
  ["Roads;=cmd()", "Roads;'=cmd()"],
  ['Roads; "=cmd()', "Roads; \"'=cmd()"],
  ["-a;-b", "'-a;'-b"],
  ["Roads; a-b", "Roads; a-b"],
])("inventoryRow() lets none be run either where semicolons part the cells: %j", (title, shown) => {
  expect(cellsOf(rowOf(aLine(1, "saved", { title })))["Title"]).toBe(shown);
});

test("inventoryRow() leaves numbers of ours as they are, and tells none that is no number", () => {
  const cells = (sizeBytes: number) => cellsOf(rowOf(aLine(1, "saved", {}, { sizeBytes })))["Bytes"];
  expect([cells(-5), cells(NaN), cells(Infinity)]).toEqual(["-5", "", ""]);
});

test("a date far away is no formula either, though ISO 8601 writes its year with a sign", () => {
  const { Created, Modified } = cellsOf(
    rowOf(aLine(1, "saved", { created: 8.64e15, modified: -62_198_755_200_000 })),
  );
  expect([Created, Modified]).toEqual(["'+275760-09-13T00:00:00.000Z", "'-000001-01-01T00:00:00.000Z"]);
});

test("no cell is longer than Excel takes, whatever letters it is made of", () => {
  for (const letter of ["x", "界", "e\u{301}\u{302}\u{303}", "👩‍👩‍👧‍👦", ";=", "\u{1}"]) {
    const title = letter.repeat(40_000);
    expect(cellsOf(rowOf(aLine(1, "saved", { title })))["Title"]?.length).toBeLessThanOrEqual(32_767);
  }
});

test("inventoryRow() is one line with as many cells as the header, whatever the item holds", () => {
  const [names] = readCsv(inventoryHeader());
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }),
      fc.double(),
      (title, owner, created) => {
        const row = rowOf(aLine(1, "saved", { title, owner, created, tags: [title, owner] }));
        expect(row.indexOf("\n")).toBe(row.length - 1);
        expect(readCsv(row)[0]?.length).toBe(names?.length);
      },
    ),
  );
});
