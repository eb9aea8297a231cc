import { readFileSync } from "node:fs";
import JSZip from "jszip";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { catalogTables, gdbFileName, rowCount } from "../../src/core/fgdb.ts";

function header(version: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(40);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, version, true);
  write(view);
  return bytes;
}

describe("rowCount()", () => {
  test("reads version 3 and version 4 where each has it", () => {
    const narrow = header(3, (view) => view.setInt32(4, 70_000, true));
    const wide = header(4, (view) => {
      view.setInt32(4, 1, true);
      view.setBigInt64(16, 5_000_000_000n, true);
    });
    expect(rowCount(narrow)).toEqual({ ok: true, value: 70_000 });
    expect(rowCount(wide)).toEqual({ ok: true, value: 5_000_000_000 });
  });

  test.each([
    ["an unknown version", header(9, () => undefined), "unknown version 9"],
    ["a negative count", header(3, (view) => view.setInt32(4, -1, true)), "claims -1 rows"],
    ["a header that breaks off", new Uint8Array(39), "39 of 40 bytes"],
  ])("refuses %s", (_, bytes, said) => {
    const result = rowCount(bytes);
    expect(result).toMatchObject({ ok: false, failure: { reason: "wrong-content" } });
    expect(!result.ok && result.failure.text).toContain(said);
  });
});

describe("catalogTables()", () => {
  let table: Uint8Array;
  let index: Uint8Array;
  beforeAll(async () => {
    const zip = await JSZip.loadAsync(readFileSync(new URL("fixtures/gaps.gdb.zip", import.meta.url)));
    table = (await zip.file("gaps.gdb/a00000001.gdbtable")?.async("uint8array")) ?? new Uint8Array();
    index = (await zip.file("gaps.gdb/a00000001.gdbtablx")?.async("uint8array")) ?? new Uint8Array();
  });

  test("names the tables by their ids, without Esri's own and without a dropped one", () => {
    expect(catalogTables(table, index)).toEqual({
      ok: true,
      value: [
        { id: 10, name: "Many" },
        { id: 11, name: "Empty" },
        { id: 12, name: "Straßen_道路" },
      ],
    });
    expect(gdbFileName(12)).toBe("a0000000c");
  });

  test("reads the wider index of version 4", () => {
    const old = new DataView(index.buffer, index.byteOffset);
    const blocks = old.getUint32(4, true) * 1024 * old.getUint32(12, true);
    const wide = new Uint8Array(16 + blocks + 12);
    wide.set(index.subarray(0, 16 + blocks));
    const view = new DataView(wide.buffer);
    view.setInt32(0, 4, true);
    view.setBigUint64(4, BigInt(old.getUint32(4, true)), true);
    view.setBigUint64(16 + blocks, BigInt(old.getUint32(8, true)), true);
    expect(catalogTables(table, wide)).toEqual(catalogTables(table, index));
  });

  test("reads an empty catalog of version 4", () => {
    const empty = new Uint8Array(16 + 12);
    const view = new DataView(empty.buffer);
    view.setInt32(0, 4, true);
    view.setUint32(12, 5, true);
    expect(catalogTables(table, empty)).toEqual({ ok: true, value: [] });
  });

  test.each([4, 5, 6])("reads offsets of %d bytes, and names in either encoding", (width) => {
    for (const utf8 of [true, false]) {
      expect(catalogTables(catalogOf("Straßen", utf8), indexOf(width, CATALOG_ROW))).toEqual({
        ok: true,
        value: [{ id: 1, name: "Straßen" }],
      });
    }
  });

  test.each([
    ["that is null", true],
    ["that holds a value", false],
  ])("reads over a field before the name %s", (_, isNull) => {
    expect(catalogTables(catalogOf("Roads", true, isNull), indexOf(4, CATALOG_ROW))).toEqual({
      ok: true,
      value: [{ id: 1, name: "Roads" }],
    });
  });

  test.each([
    ["offsets of 3 bytes", indexOf(3, 0)],
    ["offsets of 7 bytes", indexOf(7, 0)],
    ["1 tables in 0 blocks", indexOf(4, CATALOG_ROW, 0)],
  ])("refuses an index with %s", (said, index) => {
    const result = catalogTables(catalogOf("Roads", true), index);
    expect(!result.ok && result.failure.text).toContain(said);
  });

  test.each([
    ["too many fields", 40 + 12, 65, "65 fields"],
    ["a field of an unknown type", 40 + 14 + 10, 99, "field type 99"],
    ["a row that ends too early", CATALOG_ROW, 2, "row at 100"],
  ])("refuses a catalog with %s", (_, at, byte, said) => {
    const catalog = catalogOf("Roads", true);
    catalog[at] = byte;
    const result = catalogTables(catalog, indexOf(4, CATALOG_ROW));
    expect(!result.ok && result.failure.text).toContain(said);
  });

  test("refuses an index of more tables than any geodatabase has", () => {
    const many = new Uint8Array(16 + 64 * 1024 * 4 + 4096);
    for (const [at, value] of [3, 65, 65_537, 4].entries()) {
      new DataView(many.buffer).setUint32(4 * at, value, true);
    }
    const result = catalogTables(catalogOf("Roads", true), many);
    expect(!result.ok && result.failure.text).toContain("65537 tables");
  });

  test("finds no row where the file has long ended", () => {
    for (const width of [5, 6]) {
      const far = indexOf(width, CATALOG_ROW);
      far[16 + 4] = 1;
      expect(catalogTables(catalogOf("Roads", true), far)).toMatchObject({ ok: false });
    }
  });

  test("refuses a damaged catalog and never throws", () => {
    fc.assert(
      fc.property(damage(table.length), damage(index.length), (tableHarm, indexHarm) => {
        const result = catalogTables(harmed(table, tableHarm), harmed(index, indexHarm));
        if (!result.ok) expect(result.failure.reason).toBe("wrong-content");
      }),
      { numRuns: 300 },
    );
    expect(catalogTables(table.subarray(0, 200), index).ok).toBe(false);
    expect(catalogTables(table, index.subarray(0, 60)).ok).toBe(false);
  });
});

const CATALOG_ROW = 100;

/** A catalog of one row, at CATALOG_ROW; `isNull` puts a field that may be null before "Name". */
function catalogOf(name: string, utf8: boolean, isNull?: boolean): Uint8Array {
  // Name, no alias, type 1 (32-bit), width, flags (nullable), no default.
  const number = isNull === undefined ? [] : [1, 0x46, 0, 0, 1, 4, 1, 0];
  // Name, no alias, type 4 (text), its longest length, flags, no default.
  const text = [4, ...Buffer.from("Name", "utf16le"), 0, 4, 0, 0, 0, 0, 0, 0];
  const bytes = Buffer.alloc(200);
  bytes.writeInt32LE(3, 0);
  bytes.writeBigUInt64LE(40n, 32);
  bytes.writeUInt8(utf8 ? 1 : 0, 40 + 9);
  bytes.writeUInt16LE(isNull === undefined ? 1 : 2, 40 + 12);
  bytes.set([...number, ...text], 40 + 14);
  const value = Buffer.from(name, utf8 ? "utf8" : "utf16le");
  const before = isNull === undefined ? [] : isNull ? [1] : [0, 7, 0, 0, 0];
  const row = [...before, value.length, ...value];
  bytes.writeInt32LE(row.length, CATALOG_ROW);
  bytes.set(row, CATALOG_ROW + 4);
  return bytes;
}

/** An index of version 3 with one row. */
function indexOf(width: number, offset: number, blocks = 1): Uint8Array {
  const bytes = Buffer.alloc(16 + 1024 * width);
  for (const [at, value] of [3, blocks, 1, width].entries()) bytes.writeUInt32LE(value, 4 * at);
  bytes.writeUInt32LE(offset, 16);
  return bytes;
}

interface Damage {
  readonly at: number;
  readonly byte: number;
}

function damage(length: number): fc.Arbitrary<readonly Damage[]> {
  const at = fc.oneof(fc.nat({ max: length - 1 }), fc.nat({ max: Math.min(length - 1, 160) }));
  return fc.array(fc.record({ at, byte: fc.nat({ max: 255 }) }), { maxLength: 6 });
}

function harmed(bytes: Uint8Array, harm: readonly Damage[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (const { at, byte } of harm) copy[at] = byte;
  return copy;
}
