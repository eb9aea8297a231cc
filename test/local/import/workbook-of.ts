// Workbooks as Excel writes them, made by hand: shared strings, rich text, formulas with their last result, dates by format.
import { makeBundle } from "../../../src/clients/bundle.ts";
import { columnName, xmlText } from "../../../src/core/xml-text.ts";

export type Cell =
  | string
  | number
  | boolean
  | null
  /** Days since 1899-12-30, shown as a date. */
  | { readonly day: number }
  /** Runs of a text with formats of their own. */
  | { readonly runs: readonly string[] }
  | { readonly formula: string; readonly result: string };

export interface SheetOf {
  readonly name: string;
  readonly rows: readonly (readonly Cell[])[];
  readonly merged?: readonly string[];
}

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"';

/** `more` replaces or adds parts. */
export async function workbookOf(
  sheets: readonly SheetOf[],
  more: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const strings: string[] = [];
  const shared = (xml: string): number => strings.push(`<si>${xml}</si>`) - 1;
  const texts = sheets.map((sheet) => sheetXml(sheet, shared));
  const relations = [...sheets.keys()].map(
    (at) =>
      `<Relationship Id="rId${at + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`,
  );
  const parts: Record<string, string> = {
    "[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    "_rels/.rels": `<Relationships ${RELATIONS}><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `<workbook ${MAIN} xmlns:r="${OFFICE}"><sheets>${sheets.map(({ name }, at) => `<sheet name="${xmlText(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships ${RELATIONS}>${relations.join("")}<Relationship Id="s1" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="s2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    "xl/styles.xml": `<styleSheet ${MAIN}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ...Object.fromEntries(texts.map((text, at) => [`xl/worksheets/sheet${at + 1}.xml`, text])),
    "xl/sharedStrings.xml": `<sst ${MAIN}>${strings.join("")}</sst>`,
    ...more,
  };
  const entries = Object.entries(parts).map(([name, xml]) => ({ name, bytes: Buffer.from(xml) }));
  return (await makeBundle(entries)).bytes;
}

function sheetXml({ rows, merged = [] }: SheetOf, shared: (xml: string) => number): string {
  const lines = rows.map(
    (cells, row) =>
      `<row r="${row + 1}">${cells.map((cell, column) => cellXml(cell, `${columnName(column + 1)}${row + 1}`, shared)).join("")}</row>`,
  );
  const joined = merged.map((range) => `<mergeCell ref="${range}"/>`).join("");
  return `<worksheet ${MAIN}><sheetData>${lines.join("")}</sheetData>${joined === "" ? "" : `<mergeCells>${joined}</mergeCells>`}</worksheet>`;
}

function cellXml(cell: Cell, place: string, shared: (xml: string) => number): string {
  if (cell === null) return "";
  if (typeof cell === "string") return `<c r="${place}" t="s"><v>${shared(textXml(cell))}</v></c>`;
  if (typeof cell === "number") return `<c r="${place}"><v>${cell}</v></c>`;
  if (typeof cell === "boolean") return `<c r="${place}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  if ("day" in cell) return `<c r="${place}" s="1"><v>${cell.day}</v></c>`;
  if ("runs" in cell) {
    const runs = cell.runs.map((run) => `<r><rPr><b/></rPr>${textXml(run)}</r>`);
    return `<c r="${place}" t="s"><v>${shared(runs.join(""))}</v></c>`;
  }
  return `<c r="${place}" t="str"><f>${xmlText(cell.formula)}</f><v>${xmlText(cell.result)}</v></c>`;
}

function textXml(text: string): string {
  return `<t xml:space="preserve">${xmlText(text)}</t>`;
}
