// The files inside Inventory.xlsx, made while the items are walked once.
import type { ZipPart } from "../../clients/zip-stream.ts";
import type { InventoryFacts } from "../../core/inventory-columns.ts";
import type { ItemLine } from "../../core/run.ts";
import {
  STYLES,
  contentTypes,
  packageRelations,
  workbookRelations,
  workbookText,
} from "../../core/workbook.ts";
import { type LinkAt, MOST_ROWS, linksOf, sheetEnd, sheetHead, sheetRow } from "../../core/worksheet.ts";

/** What is known of a sheet when its rows are written. */
interface Sheet {
  rows: number;
  readonly links: LinkAt[];
}

/**
 * The parts, in the order in which they must be read. `items` is how many `lines` has at most: what is more than a sheet
 * takes (1,048,575) goes on on further sheets.
 */
export function workbookParts(
  lines: AsyncIterable<ItemLine>,
  items: number,
  facts: InventoryFacts,
  mostRows = MOST_ROWS,
): readonly ZipPart[] {
  const sheets: readonly Sheet[] = Array.from({ length: Math.max(1, Math.ceil(items / mostRows)) }, () => ({
    rows: 0,
    links: [],
  }));
  const rest = lines[Symbol.asyncIterator]();
  const written = (sheet: Sheet) => sheetText(rest, sheet, sheet === sheets.at(-1), facts, mostRows);
  return [
    part("[Content_Types].xml", () => contentTypes(sheets.length)),
    part("_rels/.rels", packageRelations),
    part("xl/styles.xml", () => STYLES),
    ...sheets.flatMap((sheet, at) => [
      {
        path: `xl/worksheets/sheet${at + 1}.xml`,
        async *text() {
          yield sheetHead(at === 0);
          yield* written(sheet);
        },
      },
      part(`xl/worksheets/_rels/sheet${at + 1}.xml.rels`, () => linksOf(sheet.links)),
    ]),
    // Only now it is known how far the filters reach.
    part("xl/workbook.xml", () => workbookText(sheets.map(({ rows }) => rows))),
    part("xl/_rels/workbook.xml.rels", () => workbookRelations(sheets.length)),
  ];
}

function part(path: string, whole: () => string): ZipPart {
  return {
    path,
    async *text() {
      yield whole();
    },
  };
}

async function* sheetText(
  rest: AsyncIterator<ItemLine>,
  sheet: Sheet,
  isLast: boolean,
  facts: InventoryFacts,
  mostRows: number,
): AsyncGenerator<string> {
  while (sheet.rows < mostRows) {
    const next = await rest.next();
    if (next.done === true) break;
    sheet.rows += 1;
    yield sheetRow(sheet.rows + 1, next.value, facts, sheet.links);
  }
  if (isLast && (await rest.next()).done !== true) throw new Error("There are more items than were counted");
  yield sheetEnd(sheet.rows, sheet.links);
}
