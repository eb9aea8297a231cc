import fc from "fast-check";
import { expect, test } from "vitest";
import { dayIn, momentIn } from "../../src/core/zone-time.ts";

test.each([
  ["UTC", Date.UTC(2026, 4, 14, 2, 5), "14 May 2026 02:05"],
  ["America/Denver", Date.UTC(2026, 4, 14, 2, 5), "13 May 2026 20:05"],
  ["Asia/Kolkata", Date.UTC(2026, 11, 31, 18, 30), "1 Jan 2027 00:00"],
  // Both sides of a change to summer time.
  ["Europe/Berlin", Date.UTC(2026, 2, 29, 0, 59), "29 Mar 2026 01:59"],
  ["Europe/Berlin", Date.UTC(2026, 2, 29, 1, 0), "29 Mar 2026 03:00"],
])("momentIn() %s", (zone, ms, expected) => {
  expect(momentIn(ms, zone)).toBe(expected);
  expect(expected.startsWith(dayIn(ms, zone))).toBe(true);
});

test("momentIn() in a zone of UTC's own clock is that of UTC", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(2100, 0) }), (ms) => {
      expect(momentIn(ms, "Etc/GMT")).toBe(momentIn(ms, "UTC"));
    }),
  );
});
