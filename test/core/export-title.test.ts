import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  EXPORT_TAG,
  exportTitle,
  isOurs,
  looksTemporary,
  parseExportTitle,
} from "../../src/core/export-title.ts";
import { hexId, hostileText } from "./arbitrary.ts";

const parts = fc.record({
  itemId: hexId,
  attempt: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
  at: fc.integer({ min: 0, max: 253_402_300_799 }).map((seconds) => seconds * 1000),
});

describe("exportTitle()", () => {
  test("reads as the original's titles do", () => {
    const at = Date.UTC(2025, 4, 14, 2, 0, 9);
    expect(exportTitle({ itemId: "a".repeat(32), attempt: "fgdb-1", at })).toBe(
      `TEMP_FOR_EXPORT_${"a".repeat(32)}_fgdb-1_20250514020009`,
    );
  });

  test("is read back by parseExportTitle(), whatever its parts", () => {
    fc.assert(
      fc.property(parts, (title) => {
        expect(parseExportTitle(exportTitle(title))).toEqual(title);
      }),
    );
  });

  test("refuses parts that would make a title nobody may delete", () => {
    expect(() => exportTitle({ itemId: "x", attempt: "1", at: 0 })).toThrow("malformed");
    expect(() => exportTitle({ itemId: "a".repeat(32), attempt: "a_b", at: 0 })).toThrow("malformed");
  });
});

describe("isOurs()", () => {
  test("needs our tag and our title, both", () => {
    fc.assert(
      fc.property(parts, fc.array(hostileText), hostileText, (title, tags, other) => {
        const ours = exportTitle(title);
        expect(isOurs({ title: ours, tags: [...tags, EXPORT_TAG] })).toBe(true);
        expect(isOurs({ title: ours, tags })).toBe(false);
        expect(isOurs({ title: other, tags: [EXPORT_TAG] })).toBe(false);
      }),
    );
  });

  test("does not take a title that only resembles ours", () => {
    const ours = exportTitle({ itemId: "a".repeat(32), attempt: "1", at: 0 });
    for (const title of [
      `${ours} `,
      ` ${ours}`,
      `${ours}\n`,
      ours.toLowerCase(),
      ours.replace(/\d{14}$/, "20250230000000"),
    ]) {
      expect(isOurs({ title, tags: [EXPORT_TAG] })).toBe(false);
    }
  });
});

describe("looksTemporary()", () => {
  test("knows the titles of backup products, and leaves words that go on alone", () => {
    expect(["TEMP_FOR_EXPORT", "TEMP_FOR_BACKUP_7", "TEMP_FOR_EXPORT-x"].every(looksTemporary)).toBe(true);
    expect(["My TEMP_FOR_EXPORT", "TEMP_FOR_EXPORTING", "temp_for_export"].some(looksTemporary)).toBe(false);
  });
});
