// What people and spreadsheets read of a hostile portal: inventory, report, mail, log.
import JSZip from "jszip";
import { workbookParts } from "../../../src/activities/run/inventory-workbook.ts";
import { itemEvent } from "../../../src/activities/run/items.ts";
import { zipStream } from "../../../src/clients/zip-stream.ts";
import { cellText } from "../../../src/core/cell-text.ts";
import { COLUMNS } from "../../../src/core/inventory-columns.ts";
import { inventoryHeader, inventoryRow } from "../../../src/core/inventory.ts";
import { itemLineText, parseItemLine } from "../../../src/core/item-line.ts";
import { logLine } from "../../../src/core/log-line.ts";
import { mailOf } from "../../../src/core/mail.ts";
import { manifestText, parseManifest } from "../../../src/core/manifest.ts";
import { resultsText } from "../../../src/core/results.ts";
import type { ItemLine, RunSummary } from "../../../src/core/run.ts";
import { xlsxSheets } from "../../../src/local/import/xlsx-sheets.ts";
import { aSummary, PORTAL, tallyOf } from "../../../test/core/report-samples.ts";
import { csvRows, isRun, wrongText } from "./judges.ts";
import { hexId, hostileText, type Next, oneOf, times } from "./texts.ts";

export async function probeReports(next: Next, lines: readonly ItemLine[]): Promise<readonly string[]> {
  return [
    ...records(lines),
    ...csv(lines),
    ...(next() < 0.2 ? await workbook(lines) : []),
    ...texts(next, lines),
  ];
}

/** items.jsonl is read back as it was written, for whatever the portal calls its items. */
function records(lines: readonly ItemLine[]): readonly string[] {
  return lines.flatMap((line, at) => {
    const text = itemLineText(line);
    const read = parseItemLine(text, at + 1);
    if (text.trimEnd().includes("\n")) return ["a line of items.jsonl has several lines"];
    if (!read.ok) return [`a line of items.jsonl cannot be read back: ${read.failure.text}`];
    const same = JSON.stringify(read.value.item.title) === JSON.stringify(line.item.title);
    return same ? [] : ["a title is not read back as it was written"];
  });
}

function csv(lines: readonly ItemLine[]): readonly string[] {
  const facts = { portalBase: "https://acme.maps.arcgis.com" };
  const text = `${inventoryHeader()}${lines.map((line) => inventoryRow(line, facts)).join("")}`;
  const rows = csvRows(text.replace(/^\uFEFF/, ""));
  const run = rows.slice(1).flat().find(isRun);
  return [
    ...(rows.length === lines.length + 1
      ? []
      : [`${lines.length} items make ${rows.length - 1} rows of CSV`]),
    ...(rows.some((row) => row.length !== COLUMNS.length) ? ["a row of the CSV has other columns"] : []),
    ...(run === undefined ? [] : [`a cell of the CSV is a formula: ${JSON.stringify(run.slice(0, 80))}`]),
    ...rows.flat().flatMap((cell) => wrongText("a cell of the CSV", cell, 32_767)),
  ];
}

async function workbook(lines: readonly ItemLine[]): Promise<readonly string[]> {
  async function* each(): AsyncGenerator<ItemLine> {
    yield* lines;
  }
  const pieces: Uint8Array[] = [];
  const facts = { portalBase: "https://acme.maps.arcgis.com" };
  for await (const piece of zipStream(workbookParts(each(), lines.length, facts))) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  const sheet =
    (await (await JSZip.loadAsync(bytes)).file("xl/worksheets/sheet1.xml")?.async("string")) ?? "";
  const read = await xlsxSheets(bytes);
  if (!read.ok) return [`Inventory.xlsx cannot be read: ${read.failure.text}`];
  const titles = read.value[0]?.rows.slice(1).map((row) => row[1] ?? "") ?? [];
  const lost = lines.filter(({ item }, at) => {
    const wanted = cellText(item.title);
    // XML has no room for what Unicode calls no character, and a reader makes one line end of two.
    return /[\uFFFE\uFFFF]/.test(wanted) ? false : (titles[at] ?? "") !== wanted;
  });
  return [
    ...(/<f[ >]/.test(sheet) ? ["Inventory.xlsx holds a formula"] : []),
    ...(titles.length === lines.length
      ? []
      : [`${lines.length} items make ${titles.length} rows of a workbook`]),
    ...lost.map(
      ({ item }) => `a title of Inventory.xlsx is another: ${JSON.stringify(item.title.slice(0, 80))}`,
    ),
  ];
}

function texts(next: Next, lines: readonly ItemLine[]): readonly string[] {
  const tally = tallyOf(lines);
  const summary: RunSummary = aSummary(lines, {
    organisation: hostileText(next),
    verdict: oneOf(next, ["succeeded", "partial", "failed", "canceled"]),
    portal: { ...PORTAL, name: hostileText(next), version: hostileText(next), username: hostileText(next) },
    failure:
      next() < 0.5 ? null : { reason: "portal-error", text: hostileText(next), next: hostileText(next) },
    leftBehind: times(next, 3, () => ({
      ...{ id: "a", title: hostileText(next), owner: hostileText(next), ours: next() < 0.5 },
      text: hostileText(next),
    })),
    books: {
      ...{ walked: 1, searchTotal: 2, searchListed: 1, notes: times(next, 2, () => hostileText(next)) },
      differences: times(next, 2, () => ({
        ...{ id: hexId(next), title: hostileText(next), type: hostileText(next) },
        ...{ owner: hostileText(next), onlyIn: "walk", label: "not told" },
      })),
      unlisted: times(next, 2, () => ({ username: hostileText(next), text: hostileText(next) })),
    },
  });
  const mail = mailOf(summary, tally);
  const manifest = parseManifest(manifestText(summary, []));
  const log = lines.map((line) =>
    logLine(itemEvent({ planned: { item: line.item } as never, outcome: line.outcome, finishedAt: 0 })),
  );
  return [
    ...wrongText("Results.txt", resultsText(summary, tally)),
    ...wrongText("the mail", mail.text),
    ...wrongText("the subject", mail.subject, 400),
    ...(mail.subject.includes("\n") ? ["the subject has several lines"] : []),
    ...(Buffer.byteLength(mail.text) > 100_000 ? ["the mail is larger than 100,000 bytes"] : []),
    ...log.flatMap((line) => wrongText("a line of the log", line, 60_000)),
    ...(log.some((line) => line.includes("\n")) ? ["a line of the log is several"] : []),
    ...(manifest.ok ? [] : [`manifest.json cannot be read back: ${manifest.failure.text}`]),
  ];
}
