// What is made of archives that are not what they should be, and of a store that does not read them.
import { readFileSync } from "node:fs";
import JSZip from "jszip";
import { describe, expect, test } from "vitest";
import { type ReadRange, inspectGdb, inspectZip } from "../../src/clients/archive.ts";
import { makeBundle } from "../../src/clients/bundle.ts";
import { inspectShapefiles } from "../../src/clients/shapefile.ts";
import { failed, ok } from "../../src/core/result.ts";

const GDB = new Uint8Array(readFileSync(new URL("../core/fixtures/gaps.gdb.zip", import.meta.url)));

const reading =
  (bytes: Uint8Array): ReadRange =>
  async (offset, length) =>
    ok(bytes.subarray(offset, offset + length));

/** A zip of these texts; `stored`: not deflated. */
async function zipOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  stored = false,
): Promise<Uint8Array> {
  const zip = new JSZip();
  for (const [name, content] of Object.entries(files)) zip.file(name, content);
  return zip.generateAsync({ type: "uint8array", compression: stored ? "STORE" : "DEFLATE" });
}

/** The bytes with some of them replaced. */
function patched(bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(values, at);
  return copy;
}

/** Offset of the first entry of the directory. */
function directoryEntry(bytes: Uint8Array): number {
  return Buffer.from(bytes).indexOf("PK\u0001\u0002", 0, "latin1");
}

describe("inspectGdb()", () => {
  test("reads the tables, and answers with the store's failure whichever read fails", async () => {
    let reads = 0;
    const whole = await inspectGdb((offset, length) => {
      reads += 1;
      return reading(GDB)(offset, length);
    }, GDB.length);
    expect(whole.ok).toBe(true);
    for (let broken = 1; broken <= reads; broken += 1) {
      let n = 0;
      const read: ReadRange = async (offset, length) =>
        (n += 1) === broken ? failed("storage-refused", "scripted", "") : reading(GDB)(offset, length);
      expect(await inspectGdb(read, GDB.length), `read ${broken}`).toMatchObject({
        ok: false,
        failure: { text: "scripted" },
      });
    }
  });

  test.each([
    ["no catalog", { "a.gdb/b.gdbtable": "x" }, "none of its 2 entries"],
    [
      "two geodatabases",
      { "a.gdb/a00000001.gdbtable": "x", "b.gdb/a00000001.gdbtable": "x" },
      "2 geodatabases",
    ],
    ["a catalog without its index", { "a.gdb/a00000001.gdbtable": "x" }, "catalog (table 1) is missing"],
    [
      "a catalog that is none",
      { "a.gdb/a00000001.gdbtable": "x", "a.gdb/a00000001.gdbtablx": "y" },
      "Cannot",
    ],
  ])("refuses %s", async (_, files, said) => {
    const zip = await zipOf(files);
    const told = await inspectGdb(reading(zip), zip.length);
    expect(told).toMatchObject({ ok: false, failure: { reason: "wrong-content" } });
    expect(!told.ok && told.failure.text).toContain(said);
  });

  test("whatever byte is lost or changed, the answer is a result", async () => {
    for (let at = 0; at < GDB.length; at += 97) {
      const changed = patched(GDB, at, (GDB[at] ?? 0) ^ 0xff);
      expect(await inspectGdb(reading(changed), changed.length)).toHaveProperty("ok");
      const cut = GDB.subarray(0, at);
      expect((await inspectGdb(reading(cut), cut.length)).ok, `cut at ${at}`).toBe(false);
    }
  });
});

describe("inspectZip()", () => {
  test.each([
    ["nothing", "", "it is empty"],
    ["a page", "<!DOCTYPE html><html></html>", "it begins like html"],
  ])("tells %s for what it is", async (_, content, said) => {
    const bytes = Buffer.from(content);
    const told = await inspectZip(reading(bytes), bytes.length);
    expect(!told.ok && told.failure.text).toContain(said);
  });

  test("a store that hands out less than there is has a truncated file", async () => {
    const told = await inspectZip(async () => ok(new Uint8Array(3)), 100);
    expect(told).toMatchObject({ ok: false, failure: { reason: "truncated" } });
  });

  test("a page that the store does not read again is the store's failure", async () => {
    const page = Buffer.from("<html></html>".padEnd(5000, " "));
    const read: ReadRange = async (offset, length) =>
      offset === 0 ? failed("storage-refused", "scripted", "") : reading(page)(offset, length);
    expect(await inspectZip(read, page.length)).toMatchObject({ failure: { text: "scripted" } });
  });
});

describe("inspectShapefiles()", () => {
  const header = patched(new Uint8Array(40), 4, 7);

  test("counts the rows of each table, in a folder or not", async () => {
    const zip = await zipOf({ "roads.dbf": header, "deep/rivers.DBF": header, "roads.shp": "x" }, true);
    expect(await inspectShapefiles(reading(zip), zip.length)).toEqual(
      ok([
        { name: "roads", rows: 7 },
        { name: "rivers", rows: 7 },
      ]),
    );
  });

  test.each([
    ["no table", { "roads.shp": "x" }, "none of its 1 entries"],
    ["a table without a header", { "roads.dbf": "x" }, "no header"],
  ])("refuses %s", async (_, files, said) => {
    const zip = await zipOf(files);
    const told = await inspectShapefiles(reading(zip), zip.length);
    expect(!told.ok && told.failure.text).toContain(said);
  });

  test("refuses what is no zip, what is encrypted, and what is not where the directory says", async () => {
    const zip = await zipOf({ "roads.dbf": header });
    const entry = directoryEntry(zip);
    for (const [bytes, said] of [
      [Buffer.from("no zip"), "not like a zip"],
      [patched(zip, entry + 8, 1), "encrypted"],
      [patched(zip, entry + 10, 12), "method 12"],
      [patched(zip, 0, 0), "Cannot read the zip"],
    ] as const) {
      const told = await inspectShapefiles(reading(bytes), bytes.length);
      expect(!told.ok && told.failure.text).toContain(said);
    }
  });
});

test("makeBundle() refuses what cannot stand in a zip", async () => {
  const entry = (name: string, size = 1) => ({ name, bytes: new Uint8Array(size) });
  await expect(makeBundle([entry("a", 17 * 1024 * 1024)])).rejects.toThrow("at most");
  await expect(makeBundle([entry("a"), entry("a")])).rejects.toThrow('two entries named "a"');
  for (const name of ["a\\b", "../a", "a//b"]) {
    await expect(makeBundle([entry(name)])).rejects.toThrow("Cannot name");
  }
});
