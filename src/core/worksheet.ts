// One sheet of Inventory.xlsx as text: a frozen header, a filter over all columns, typed cells, links to the items' pages.
import { beginsFormula, cellText } from "./cell-text.ts";
import { COLUMNS, type Column, type InventoryFacts } from "./inventory-columns.ts";
import type { ItemLine } from "./run.ts";
import { cellString, columnName, xmlText } from "./xml-text.ts";

/** Excel's limit for a sheet, 1,048,576, without the header. */
export const MOST_ROWS = 1_048_575;
/** Excel refuses a sheet with more links, and a link that is longer: the address then stays a text. */
const MOST_LINKS = 65_530;
const LONGEST_LINK = 2_000;

/** A cell that is a link. */
export interface LinkAt {
  readonly cell: string;
  readonly target: string;
}

/** Numbers of the formats in STYLES of workbook.ts. */
const STYLE = { plain: 0, header: 1, date: 2, number: 3, link: 4, formulaLike: 5 } as const;

const LETTERS = COLUMNS.map((_, at) => columnName(at + 1));
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const HEAD = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n`;

/** All before the first item; `selected`: the sheet that shows when the file is opened. */
export function sheetHead(selected: boolean): string {
  const widths = COLUMNS.map(
    ({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`,
  );
  const names = COLUMNS.map(({ name }, at) => stringCell(`${LETTERS[at]}1`, STYLE.header, name));
  return `${HEAD}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"><sheetViews><sheetView${selected ? ' tabSelected="1"' : ""} workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join("")}</cols><sheetData><row r="1">${names.join("")}</row>`;
}

/** One item; `nth` is the row's number in the sheet. A link is added to `links`. */
export function sheetRow(nth: number, line: ItemLine, facts: InventoryFacts, links: LinkAt[]): string {
  const cells = COLUMNS.map((column, at) => cell(column, `${LETTERS[at]}${nth}`, line, facts, links));
  return `<row r="${nth}">${cells.join("")}</row>`;
}

/** All behind the last item. */
export function sheetEnd(rows: number, links: readonly LinkAt[]): string {
  const each = links.map((link, at) => `<hyperlink ref="${link.cell}" r:id="rId${at + 1}"/>`);
  const hyperlinks = links.length === 0 ? "" : `<hyperlinks>${each.join("")}</hyperlinks>`;
  return `</sheetData><autoFilter ref="A1:${LETTERS.at(-1)}${rows + 1}"/>${hyperlinks}</worksheet>`;
}

/** The sheet's relations: where its links lead to. */
export function linksOf(links: readonly LinkAt[]): string {
  const each = links.map(
    ({ target }, at) =>
      `<Relationship Id="rId${at + 1}" Type="${OFFICE}/hyperlink" Target="${xmlText(target)}" TargetMode="External"/>`,
  );
  return `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${each.join("")}</Relationships>`;
}

function cell(column: Column, place: string, line: ItemLine, facts: InventoryFacts, links: LinkAt[]): string {
  switch (column.kind) {
    case "number": {
      const value = column.value(line, facts);
      return Number.isFinite(value) ? numberCell(place, STYLE.number, value) : "";
    }
    case "date": {
      const serial = serialOf(column.value(line, facts));
      return serial === undefined ? "" : numberCell(place, STYLE.date, serial);
    }
    case "text": {
      const text = cellText(column.value(line, facts));
      return stringCell(place, beginsFormula(text) ? STYLE.formulaLike : STYLE.plain, text);
    }
    case "link": {
      const text = cellText(column.value(line, facts));
      if (!isLink(text) || links.length >= MOST_LINKS) return stringCell(place, STYLE.plain, text);
      links.push({ cell: place, target: text });
      return stringCell(place, STYLE.link, text);
    }
  }
}

function isLink(text: string): boolean {
  return text.length <= LONGEST_LINK && /^https?:\/\/[^\s"<>\\^`{|}]+$/.test(text);
}

function numberCell(place: string, style: number, value: number): string {
  return `<c r="${place}" s="${style}"><v>${value}</v></c>`;
}

function stringCell(place: string, style: number, text: string): string {
  if (text === "") return "";
  const format = style === STYLE.plain ? "" : ` s="${style}"`;
  return `<c r="${place}"${format} t="inlineStr"><is><t xml:space="preserve">${cellString(text)}</t></is></c>`;
}

const DAY_MS = 86_400_000;
/** 1 March 1900: Excel believes in a 29 February 1900, so that earlier days are off by one. */
const FIRST_MS = Date.UTC(1900, 2, 1);
const LAST_MS = Date.UTC(9999, 11, 31);

/** Days since 30 December 1899, as Excel counts, of epoch milliseconds; undefined outside of what it can tell. */
function serialOf(ms: number): number | undefined {
  return ms >= FIRST_MS && ms <= LAST_MS ? ms / DAY_MS + 25_569 : undefined;
}
