import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { locateDirectory, ZIP_TAIL_BYTES } from "../../src/core/zip-end.ts";
import type { ZipProblem } from "../../src/core/zip-end.ts";
import { LOCAL_HEADER_BYTES, localHeaderBytes, parseDirectory } from "../../src/core/zip.ts";
import type { ZipDirectory } from "../../src/core/zip.ts";
import { zipOf } from "./zip-bytes.ts";

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const TWO = [
  { name: "a.gdb/gdb", bytes: text("12345678") },
  { name: "Straße/道路.txt", bytes: text("content") },
];

/** Reads a whole zip from one buffer, seeing at first only its last `tailBytes`. */
function opened(zip: Uint8Array, tailBytes = zip.length): ZipDirectory | ZipProblem {
  let located = locateDirectory(zip.subarray(zip.length - Math.min(tailBytes, zip.length)), zip.length);
  for (let more = 0; located.kind === "need" && more < 2; more++) {
    located = locateDirectory(zip.subarray(located.from), zip.length);
  }
  if (located.kind === "need") throw new Error(`needs ${located.from} again`);
  if (located.kind === "problem") return located;
  return parseDirectory(zip.subarray(located.offset, located.offset + located.sizeBytes), located);
}

function problemOf(found: ZipDirectory | ZipProblem): ZipProblem {
  if (!("kind" in found)) throw new Error("no problem found");
  return found;
}

describe("locateDirectory() and parseDirectory()", () => {
  test.each([
    {},
    { zip64: true },
    { comment: text("made by hand") },
    { comment: new Uint8Array(0xffff), zip64: true },
  ])("list what a zip holds (%o)", (options) => {
    const found = opened(zipOf(TWO, options));
    expect(found).toMatchObject({
      entries: [
        { name: "a.gdb/gdb", sizeBytes: 8, compressedBytes: 8, offset: 0, method: 0, encrypted: false },
        { name: "Straße/道路.txt", sizeBytes: 7, offset: 47 },
      ],
    });
  });

  test("take an empty zip", () => {
    expect(opened(zipOf([]))).toEqual({ entries: [], offset: 0 });
  });

  test("ask for more of the end when a comment or a zip64 record lies before what they see", () => {
    const large = [{ name: "large", bytes: new Uint8Array(200_000) }];
    for (const options of [{ comment: new Uint8Array(60_000) }, { zip64: true }]) {
      const zip = zipOf(large, options);
      expect(locateDirectory(zip.subarray(zip.length - 30), zip.length).kind).toBe("need");
      expect(opened(zip, 30)).toMatchObject({ entries: [{ sizeBytes: 200_000 }] });
    }
    expect(locateDirectory(new Uint8Array(ZIP_TAIL_BYTES), 1e9)).toMatchObject({ reason: "truncated" });
  });

  test("are not led astray by the signature of an end record inside of the comment", () => {
    const comment = Uint8Array.from([0x50, 0x4b, 5, 6, ...new Uint8Array(18)]);
    expect(opened(zipOf(TWO, { comment }))).toMatchObject({ entries: [{}, {}] });
  });

  test.each([
    ["a split archive", { end: { 4: 1, 6: 1 } }, "wrong-content", "one part of a split archive"],
    ["a directory behind the end", { end: { 16: 5_000 } }, "truncated", "should end at byte"],
    ["bytes that belong to nothing", { end: { 16: 3 } }, "wrong-content", "belong to nothing"],
    ["fewer entries than counted", { end: { 8: 3, 10: 3 } }, "wrong-content", "cannot hold 3 entries"],
    ["more entries than counted", { end: { 8: 1, 10: 1 } }, "wrong-content", "more than the 1 entries"],
    ["more entries than could be", { end: { 8: 999, 10: 999 } }, "wrong-content", "cannot hold 999"],
  ])("name %s", (_, options, reason, said) => {
    const problem = problemOf(opened(zipOf(TWO, options)));
    expect(problem.reason).toBe(reason);
    expect(problem.text).toContain(said);
  });

  test("name a directory that is not whole", () => {
    const zip = zipOf(TWO);
    const located = locateDirectory(zip, zip.length);
    if (located.kind !== "found") throw new Error("no directory");
    const part = zip.subarray(located.offset, located.offset + located.sizeBytes - 1);
    expect(parseDirectory(part, located)).toMatchObject({ reason: "truncated" });
  });

  test.each([
    ["a zip64 locator of another kind", -42, "should end at byte"],
    ["a zip64 record on another disk", -42 + 4, "split archive"],
    ["a zip64 record behind its locator", -42 + 8, "outside the file"],
    ["a zip64 record of another kind", -98, "is not one"],
    ["a zip64 record of another part", -98 + 16, "split archive"],
    ["a zip64 record that counts itself otherwise", -98 + 24, "split archive"],
  ])("name %s", (_, at, said) => {
    const zip = Uint8Array.from(zipOf(TWO, { zip64: true }));
    const view = new DataView(zip.buffer);
    view.setUint32(zip.length + at, 0x7fff_0001, true);
    expect(problemOf(opened(zip)).text).toContain(said);
  });

  test.each([
    ["breaks off", 0, "breaks off before entry 1 of 2"],
    ["has a name that is too long", 28, "entry 1 reaches over the end"],
    ["places an entry too far", 42, "reaches into the directory"],
  ])("name a directory that %s", (_, at, said) => {
    const zip = Uint8Array.from(zipOf(TWO));
    const located = locateDirectory(zip, zip.length);
    if (located.kind !== "found") throw new Error("no directory");
    new DataView(zip.buffer).setUint16(located.offset + at, 0x7fff, true);
    expect(problemOf(opened(zip)).text).toContain(said);
  });

  test("name an entry whose wide sizes are not all there", () => {
    for (const bytes of [0, 8, 16]) {
      const zip = Uint8Array.from(zipOf(TWO.slice(0, 1), { zip64: true }));
      const located = locateDirectory(zip, zip.length);
      if (located.kind !== "found") throw new Error("no directory");
      new DataView(zip.buffer).setUint16(located.offset + 46 + "a.gdb/gdb".length + 2, bytes, true);
      expect(problemOf(opened(zip)).text).toContain("the sizes of entry 1 are missing");
    }
  });

  test("name entries that overlap", () => {
    const zip = Uint8Array.from(zipOf(TWO));
    const second = zip.length - 22 - (46 + text("Straße/道路.txt").length);
    new DataView(zip.buffer).setUint32(second + 42, 10, true);
    expect(problemOf(opened(zip)).text).toContain("overlap");
  });

  test("replace control and direction characters in names", () => {
    const found = opened(zipOf([{ name: "a\u0000\n\u202egpj.exe", bytes: text("") }]));
    expect(found).toMatchObject({ entries: [{ name: "a\ufffd\ufffd\ufffdgpj.exe" }] });
  });

  test("find every truncation, also one right behind a whole inner zip", () => {
    const inner = zipOf(TWO);
    const outer = zipOf([
      { name: "first", bytes: text("something before") },
      { name: "inner.zip", bytes: inner },
      { name: "last", bytes: text("something behind") },
    ]);
    for (let length = 0; length < outer.length; length++) {
      expect("kind" in opened(outer.subarray(0, length)), `cut to ${length} bytes`).toBe(true);
    }
  });

  test("list exactly the entries written, whatever they hold", () => {
    const entry = fc.record({ name: fc.stringMatching(/^[a-z0-9/äö道]{1,20}$/), bytes: fc.uint8Array() });
    fc.assert(
      fc.property(fc.array(entry), fc.boolean(), fc.uint8Array(), (entries, zip64, comment) => {
        const found = opened(zipOf(entries, { zip64, comment }));
        const expected = entries.map(({ name, bytes }) => ({ name, sizeBytes: bytes.length }));
        expect(
          "entries" in found && found.entries.map(({ name, sizeBytes }) => ({ name, sizeBytes })),
        ).toEqual(expected);
      }),
    );
  });

  test("never throw and never place an entry outside of the file, whatever bytes are changed", () => {
    const zips = [zipOf(TWO), zipOf(TWO, { zip64: true, comment: text("comment") })];
    const change = fc.record({ back: fc.nat({ max: 260 }), byte: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(fc.constantFrom(...zips), fc.array(change, { maxLength: 8 }), (whole, changes) => {
        const zip = Uint8Array.from(whole);
        for (const { back, byte } of changes) zip[Math.max(0, zip.length - 1 - back)] = byte;
        const found = opened(zip);
        if ("kind" in found) return;
        for (const { offset, compressedBytes } of found.entries) {
          expect(offset + compressedBytes).toBeLessThanOrEqual(zip.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test("localHeaderBytes() finds where an entry's data begin, and nothing where no entry begins", () => {
  const zip = zipOf(TWO);
  expect(localHeaderBytes(zip.subarray(0, LOCAL_HEADER_BYTES))).toBe(30 + "a.gdb/gdb".length);
  const extra = Uint8Array.from(zip);
  extra[28] = 5;
  expect(localHeaderBytes(extra)).toBe(30 + "a.gdb/gdb".length + 5);
  expect(localHeaderBytes(zip.subarray(1))).toBeUndefined();
  expect(localHeaderBytes(zip.subarray(0, LOCAL_HEADER_BYTES - 1))).toBeUndefined();
});
