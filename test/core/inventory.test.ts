import fc from "fast-check";
import { expect, test } from "vitest";
import { inventoryHeader, inventoryRow } from "../../src/core/inventory.ts";
import { aLine, id } from "./report-samples.ts";

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
    inventoryRow(aLine(1, "saved", { title: 'Parcels, "new"', folder: "Water" }, { tookMs: 3400 })),
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
  });
});

test("inventoryRow() tells why an item failed and what to do", () => {
  expect(cellsOf(inventoryRow(aLine(1, "failed")))).toMatchObject({
    Outcome: "failed",
    "Cause or reason": "portal-error",
    "What happened": "Cannot read the item: code 500",
    "What to do": "Try again.",
    Where: "",
  });
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"])(
  "inventoryRow() lets no spreadsheet run %j",
  (title) => {
    expect(cellsOf(inventoryRow(aLine(1, "saved", { title })))["Title"]).toMatch(/^('|\\)/);
  },
);

test("inventoryRow() is one line with as many cells as the header, whatever the item holds", () => {
  const [names] = readCsv(inventoryHeader());
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }),
      fc.double(),
      (title, owner, created) => {
        const row = inventoryRow(aLine(1, "saved", { title, owner, created, tags: [title, owner] }));
        expect(row.indexOf("\n")).toBe(row.length - 1);
        expect(readCsv(row)[0]?.length).toBe(names?.length);
      },
    ),
  );
});
