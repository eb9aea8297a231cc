import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import readXlsxFile from "read-excel-file/node";
import { expect, test } from "vitest";
import { workbookParts } from "../../src/activities/run/inventory-workbook.ts";
import { zipStream } from "../../src/clients/zip-stream.ts";
import { COLUMNS } from "../../src/core/inventory-columns.ts";
import { aLine } from "../core/report-samples.ts";

const FACTS = { portalBase: "https://acme.maps.arcgis.com" };

async function* lines(items: number) {
  for (let n = 1; n <= items; n += 1) yield aLine(n, "saved", { title: `Straße "${n}" <&> =1` });
}

async function zipped(items: number, mostRows?: number): Promise<Buffer> {
  return buffer(Readable.from(zipStream(workbookParts(lines(items), items, FACTS, mostRows))));
}

test("a reader of others finds the inventory's rows, typed, on as many sheets as it takes", async () => {
  const sheets = await readXlsxFile(await zipped(500, 300));
  expect(sheets.map(({ sheet, data }) => [sheet, data.length])).toEqual([
    ["Items", 301],
    ["Items 2", 201],
  ]);
  const [names, first] = sheets[0]?.data ?? [];
  expect(names).toEqual(COLUMNS.map(({ name }) => name));
  const cell = (name: string) => first?.[names?.indexOf(name) ?? -1];
  expect(cell("Title")).toBe('Straße "1" <&> =1');
  expect(cell("Created")).toEqual(new Date(Date.UTC(2026, 0, 1)));
  expect(cell("Bytes")).toBe(1000);
});

test("equal items make equal bytes", async () => {
  const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  expect(hash(await zipped(300))).toBe(hash(await zipped(300)));
});

test("what a part throws is thrown, and no file is made", async () => {
  async function* broken() {
    yield "a beginning";
    throw new Error("the store is gone");
  }
  const made = zipStream([{ path: "a.xml", text: broken }]);
  await expect(buffer(Readable.from(made))).rejects.toThrow("the store is gone");
});

test("more items than were counted are no workbook: none is left out in silence", async () => {
  const made = zipStream(workbookParts(lines(3), 2, FACTS, 2));
  await expect(buffer(Readable.from(made))).rejects.toThrow("more items than were counted");
});
