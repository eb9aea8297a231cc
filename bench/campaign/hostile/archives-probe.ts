// Files that a portal hands out as zips, geodatabases and shapefiles, broken in every place, and zips that unpack without end.
import { readFileSync } from "node:fs";
import path from "node:path";
import { deflateRawSync } from "node:zlib";
import { inspectGdb, inspectZip, readWhole, type ReadRange } from "../../../src/clients/archive.ts";
import { inspectShapefiles } from "../../../src/clients/shapefile.ts";
import { catalogTables, rowCount } from "../../../src/core/fgdb.ts";
import { judgeContent, expectation } from "../../../src/core/formats.ts";
import { ok, type Result } from "../../../src/core/result.ts";
import { xlsxSheets } from "../../../src/local/import/xlsx-sheets.ts";
import { unbundle } from "../../../src/local/restore-point/unbundle.ts";
import { zipOf } from "../../../test/core/zip-bytes.ts";
import { shapefileZip } from "../../../test/portal/seed/media.ts";
import { wholeOf } from "../../../test/portal/content.ts";
import { wrongWords } from "./judges.ts";
import { hostileText, type Next, oneOf, times, whole } from "./texts.ts";

const fixture = (name: string): Uint8Array =>
  readFileSync(path.resolve(import.meta.dirname, "..", "..", "..", "test", "core", "fixtures", name));

let kept: readonly [Uint8Array, ...Uint8Array[]] | undefined;

/** Files that are right, read once. */
function originals(): readonly [Uint8Array, ...Uint8Array[]] {
  kept ??= [fixture("parcels.gdb.zip"), fixture("gaps.gdb.zip"), wholeOf(shapefileZip("lakes"))];
  return kept;
}

export async function probeArchives(next: Next): Promise<readonly string[]> {
  const bytes = next() < 0.6 ? broken(next) : next() < 0.5 ? madeUp(next) : bomb(next);
  const before = process.memoryUsage.rss();
  const read: ReadRange = async (offset, length) => ok(bytes.subarray(offset, offset + length));
  const zip = await inspectZip(read, bytes.length);
  const all: Result<unknown>[] = [
    zip,
    await inspectGdb(read, bytes.length),
    await inspectShapefiles(read, bytes.length),
  ];
  const wrong: string[] = [];
  if (zip.ok) {
    for (const entry of zip.value.entries.slice(0, 5)) all.push(await readWhole(read, entry));
    const sealed = zip.value.entries
      .slice(0, 5)
      .map(({ name, sizeBytes }) => ({ name, sizeBytes, hash: "sha256:00" }));
    all.push(await unbundle("items/x.zip", bytes, sealed), await xlsxSheets(bytes));
    if (zip.value.entries.some(({ name }) => /[\p{Cc}\u202e]/u.test(name)))
      wrong.push("an entry's name is shown raw");
  }
  rowCount(bytes.subarray(whole(next, 100)));
  catalogTables(bytes.subarray(whole(next, 100)), bytes.subarray(whole(next, 400)));
  judgeContent(
    expectation(oneOf(next, ["Shapefile", "PDF", hostileText(next)]), hostileText(next)),
    bytes.subarray(0, 1024),
  );
  for (const each of all) if (!each.ok) wrong.push(...wrongWords("a failure", each.failure.text, 100_000));
  const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
  return grown > 400 ? [...wrong, `a file of ${bytes.length} bytes took ${grown.toFixed(0)} MiB`] : wrong;
}

function broken(next: Next): Uint8Array {
  const bytes = Uint8Array.from(oneOf(next, originals()));
  for (let n = whole(next, 12); n >= 0; n -= 1) {
    // The directory and the end of a zip are where its numbers are.
    const near =
      next() < 0.6
        ? bytes.length - 1 - whole(next, Math.min(bytes.length - 1, 1_500))
        : whole(next, bytes.length - 1);
    bytes[near] = oneOf(next, [0, 1, 0x7f, 0x80, 0xff, whole(next, 255)]);
  }
  const cut = next() < 0.3 ? whole(next, bytes.length) : bytes.length;
  const from = next() < 0.1 ? whole(next, 100) : 0;
  return bytes.subarray(from, cut);
}

function madeUp(next: Next): Uint8Array {
  const entries = times(next, 8, () => ({
    name: oneOf(next, [
      "x.gdb/a00000001.gdbtable",
      "x.gdb/a00000001.gdbtablx",
      "a.dbf",
      hostileText(next).slice(0, 2_000),
    ]),
    bytes: Uint8Array.from({ length: whole(next, 300) }, () => whole(next, 255)),
  }));
  return zipOf(entries, {
    zip64: next() < 0.4,
    comment: new Uint8Array(oneOf(next, [0, 1, 22, 65_535])),
    ...(next() < 0.5 ? { end: { [oneOf(next, [4, 6, 8, 10, 12, 16])]: whole(next, 65_535) } } : {}),
  });
}

/** Zeros that deflate to a thousandth, under names that the readers look into; their directory tells little or much. */
function bomb(next: Next): Uint8Array {
  const packed = deflateRawSync(new Uint8Array(oneOf(next, [1, 4, 16]) * 2 ** 20));
  const claimed = oneOf(next, [100, 2 ** 20, 64 * 2 ** 20, 0xfffffffe]);
  const names = ["x.gdb/a00000001.gdbtable", "x.gdb/a00000001.gdbtablx", "[Content_Types].xml", "a.dbf"];
  const zip = Buffer.from(zipOf(names.map((name) => ({ name, bytes: packed }))));
  for (let at = 0; at + 4 < zip.length; at += 1) {
    const sign = zip.readUInt32LE(at);
    if (sign === 0x04034b50) zip.writeUInt16LE(8, at + 8);
    if (sign !== 0x02014b50) continue;
    zip.writeUInt16LE(8, at + 10);
    zip.writeUInt32LE(claimed, at + 24);
  }
  return zip;
}
