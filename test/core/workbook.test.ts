import fc from "fast-check";
import { expect, test } from "vitest";
import { COLUMNS } from "../../src/core/inventory-columns.ts";
import type { ItemLine } from "../../src/core/run.ts";
import { workbookText } from "../../src/core/workbook.ts";
import { type LinkAt, sheetEnd, sheetHead, sheetRow } from "../../src/core/worksheet.ts";
import { columnName } from "../../src/core/xml-text.ts";
import { aLine, id } from "./report-samples.ts";

const FACTS = { portalBase: "https://acme.maps.arcgis.com" };

/** The cell under a column's name, as XML. */
function cellOf(line: ItemLine, name: string): string {
  const column = columnName(COLUMNS.findIndex((known) => known.name === name) + 1);
  return new RegExp(`<c r="${column}2".*?</c>`, "s").exec(sheetRow(2, line, FACTS, []))?.[0] ?? "";
}

test("a sheet freezes its header, filters all columns and gives each a width", () => {
  const sheet = sheetHead(true) + sheetEnd(2, []);
  expect(sheet).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>');
  expect(sheet).toContain(`<autoFilter ref="A1:${columnName(COLUMNS.length)}3"/>`);
  expect(sheet.match(/<col /g)).toHaveLength(COLUMNS.length);
  expect(sheet).toContain('<sheetView tabSelected="1" workbookViewId="0">');
  expect(sheetHead(false)).toContain('<sheetView workbookViewId="0">');
  const two = workbookText([1_048_575, 3]);
  expect(two.match(/<sheet name="[^"]*" sheetId="\d"/g)).toEqual([
    '<sheet name="Items" sheetId="1"',
    '<sheet name="Items 2" sheetId="2"',
  ]);
  expect(two).toContain("'Items 2'!$A$1:");
  expect(workbookText([2])).toContain(`'Items'!$A$1:$${columnName(COLUMNS.length)}$3<`);
});

test("times and numbers are typed, in UTC, and what is none is no cell", () => {
  const line = aLine(1, "saved", { created: Date.UTC(2026, 0, 1, 12), modified: NaN });
  expect(cellOf(line, "Created")).toBe('<c r="G2" s="2"><v>46023.5</v></c>');
  expect(cellOf(line, "Modified")).toBe("");
  expect(cellOf(line, "Bytes")).toContain("<v>1000</v>");
  expect(cellOf(aLine(1, "saved", {}, { sizeBytes: Infinity }), "Bytes")).toBe("");
  for (const created of [-1e15, 1e20, Date.UTC(1900, 1, 28)]) {
    expect(cellOf(aLine(1, "saved", { created }), "Created")).toBe("");
  }
});

test("an item's page is a link until the sheet can take no more, then a text", () => {
  const links: LinkAt[] = [];
  sheetRow(2, aLine(1, "saved"), FACTS, links);
  expect(links).toEqual([{ cell: "W2", target: `https://acme.maps.arcgis.com/home/item.html?id=${id(1)}` }]);
  const full = Array.from({ length: 65_530 }, () => ({ cell: "W2", target: "https://x" }));
  expect(sheetRow(2, aLine(1, "saved"), FACTS, full)).toContain("/home/item.html?id=");
  expect(full).toHaveLength(65_530);
});

test("a URL of an item is never a link, and a portal's address that is none neither", () => {
  const links: LinkAt[] = [];
  sheetRow(2, aLine(1, "saved", { url: "https://elsewhere.example" }), { portalBase: null }, links);
  sheetRow(2, aLine(1, "saved"), { portalBase: 'javascript:"' }, links);
  expect(links).toEqual([]);
});

test("no formula is written; a text that looks like one is marked as text", () => {
  expect(cellOf(aLine(1, "saved", { title: "=1+1" }), "Title")).toBe(
    '<c r="B2" s="5" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>',
  );
  expect(cellOf(aLine(1, "saved", { title: "_x0041_" }), "Title")).toContain(">_x005F_x0041_<");
});

test("a sheet is well-formed whatever the items hold", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }),
      fc.double(),
      (title, owner, at) => {
        const links: LinkAt[] = [];
        const line = aLine(1, "saved", { title, owner, created: at, url: owner, tags: [title] });
        const sheet = sheetHead(true) + sheetRow(2, line, FACTS, links) + sheetEnd(1, links);
        // eslint-disable-next-line no-control-regex -- what XML has no room for
        expect(sheet).not.toMatch(/[\u{0}-\u{8}\u{B}\u{C}\u{E}-\u{1F}\p{Cs}\u{FFFE}\u{FFFF}]|<f[ >]/u);
        const plain = sheet.replace(/<\/?[a-zA-Z?][^<>]*>/g, "").replace(/&(amp|lt|gt|quot);/g, "");
        expect(plain).not.toMatch(/[<>&]/);
      },
    ),
    { numRuns: 50 },
  );
});
