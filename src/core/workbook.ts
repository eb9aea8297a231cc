// Inventory.xlsx: the inventory with typed cells that sort and filter (SpreadsheetML, ECMA-376 part 1, section 18). It is
// a few texts that zipped together are the file; worksheet.ts makes those of a sheet. There is never a formula in it.
import { COLUMNS } from "./inventory-columns.ts";
import { columnName, xmlText } from "./xml-text.ts";

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** `xl/workbook.xml`: names the sheets, which have so many items each. */
export function workbookText(rows: readonly number[]): string {
  const name = (at: number): string => (at === 0 ? "Items" : `Items ${at + 1}`);
  const sheets = rows.map((_, at) => `<sheet name="${name(at)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`);
  // Excel looks up the range of a sheet's filter under this name.
  const filters = rows.map(
    (count, at) =>
      `<definedName name="_xlnm._FilterDatabase" localSheetId="${at}" hidden="1">'${name(at)}'!$A$1:$${columnName(COLUMNS.length)}$${count + 1}</definedName>`,
  );
  return `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${sheets.join("")}</sheets><definedNames>${filters.join("")}</definedNames></workbook>`;
}

/** `xl/_rels/workbook.xml.rels`: where sheets and formats lie. */
export function workbookRelations(sheets: number): string {
  return relations([
    ...Array.from({ length: sheets }, (_, at) => ({
      type: "worksheet",
      target: `worksheets/sheet${at + 1}.xml`,
    })),
    { type: "styles", target: "styles.xml" },
  ]);
}

/** `_rels/.rels`: where the workbook lies. */
export function packageRelations(): string {
  return relations([{ type: "officeDocument", target: "xl/workbook.xml" }]);
}

function relations(all: readonly { readonly type: string; readonly target: string }[]): string {
  const each = all.map(
    ({ type, target }, at) =>
      `<Relationship Id="rId${at + 1}" Type="${OFFICE}/${type}" Target="${xmlText(target)}"/>`,
  );
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${each.join("")}</Relationships>`;
}

/** `[Content_Types].xml`: what each file of the zip is. */
export function contentTypes(sheets: number): string {
  const overrides = [
    ["/xl/workbook.xml", "sheet.main"],
    ["/xl/styles.xml", "styles"],
    ...Array.from({ length: sheets }, (_, at) => [`/xl/worksheets/sheet${at + 1}.xml`, "worksheet"]),
  ].map(([path, type]) => `<Override PartName="${path}" ContentType="${CONTENT}.${type}+xml"/>`);
  return `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${overrides.join("")}</Types>`;
}

/** `xl/styles.xml`: cell formats in the order of `STYLE` in worksheet.ts: plain, header, date, number, link, text that looks like a formula. */
export const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss&quot; UTC&quot;"/></numFmts><fonts count="3"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font><font><u/><sz val="11"/><color rgb="FF0563C1"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
