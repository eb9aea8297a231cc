import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columns, cut } from "../../src/core/columns.ts";
import { logLine } from "../../src/core/log-line.ts";
import { printable } from "../../src/core/printable.ts";
import { formatBytes, formatDuration, formatSpan, isoTime } from "../../src/core/units.ts";
import { wrap } from "../../src/core/wrap.ts";

const text = fc.string({ unit: "binary" });

test.each([
  ["line ends and tabs", "a\r\n\tb\u2028c", "a\\r\\n\\tb\\u{2028}c"],
  ["bidi overrides and isolates", "\u202Egnp.exe\u2066", "\\u{202E}gnp.exe\\u{2066}"],
  ["terminal sequences", "\u001B[2J\u009B", "\\u{1B}[2J\\u{9B}"],
  ["what looks like nothing", "a\u200B\u00AD\uFEFF\u3164", "a\\u{200B}\\u{AD}\\u{FEFF}\\u{3164}"],
  ["half a pair", "\uD800", "\\u{D800}"],
])("printable() shows %s", (_criterion, title, shown) => {
  expect(printable(title)).toBe(shown);
});

test.each(["Zażółć", "漢字", "خريطة المدينة", "می‌خواهم", "👩‍👩‍👧‍👦 🏳️‍🌈", "Straße (2019) – Nord/Süd"])(
  "printable() leaves %s alone",
  (title) => {
    expect(printable(title)).toBe(title);
  },
);

test("printable() stays in its columns and is stable", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 30 }), (title, most) => {
      expect(columns(printable(title, most))).toBeLessThanOrEqual(most);
      expect(printable(printable(title))).toBe(printable(title));
    }),
  );
});

test("cut() tears no character apart and trims towers of accents", () => {
  expect(cut("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 5)).toBe("👩‍👩‍👧‍👦👩‍👩‍👧‍👦…");
  expect(cut(`e${"\u0301".repeat(500)}`, 10).length).toBe(12);
});

test("wrap() keeps every word and every line within the width", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^\w{1,10}$/)), (words) => {
      const lines = wrap(words.join(" "), 20, "Do: ", "    ");
      expect(lines.map((line) => line.slice(4)).join(" ")).toBe(words.join(" "));
      expect(lines.every((line) => line.length <= 20)).toBe(true);
    }),
  );
});

describe("logLine()", () => {
  const event = {
    at: Date.UTC(2026, 10, 23, 23, 53, 0, 123),
    level: "info",
    topic: "listing",
    text: "412 items",
  } as const;

  test("is time, level, topic, text, and the item at the end", () => {
    expect(logLine(event)).toBe("2026-11-23T23:53:00.123Z  INFO   listing   412 items");
    expect(logLine({ ...event, level: "error", itemId: "ab" })).toBe(
      "2026-11-23T23:53:00.123Z  ERROR  listing   412 items  [ab]",
    );
  });

  test("is one line whatever the text holds", () => {
    fc.assert(
      fc.property(text, (any) => {
        expect(logLine({ ...event, text: any, topic: any })).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1000, "1.0 kB"],
  [999_949, "999.9 kB"],
  [999_950, "1.0 MB"],
  [48_200_000_000, "48.2 GB"],
])("formatBytes() of %d is %s", (bytes, shown) => {
  expect(formatBytes(bytes)).toBe(shown);
});

test.each([
  [400, "under 1 s"],
  [52_000, "52 s"],
  [41 * 60_000, "41 min"],
  [60 * 60_000, "1 h"],
  [134 * 60_000, "2 h 14 min"],
  [76 * 3_600_000, "3 d 4 h"],
])("formatDuration() of %d is %s", (ms, shown) => {
  expect(formatDuration(ms)).toBe(shown);
});

test("formatSpan() names both days of a run past midnight", () => {
  expect(formatSpan(Date.UTC(2026, 4, 14, 23, 50), Date.UTC(2026, 4, 15, 2, 10))).toBe(
    "14 May 2026 23:50 - 15 May 2026 02:10 UTC",
  );
});

test("isoTime() of what is no time is empty", () => {
  expect([isoTime(NaN), isoTime(9e15), isoTime(Infinity)]).toEqual(["", "", ""]);
});
