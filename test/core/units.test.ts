import { expect, test } from "vitest";
import { formatBytes, formatDay } from "../../src/core/units.ts";

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1000, "1.0 kB"],
  [999_949, "999.9 kB"],
  // "1000.0 kB" is no size.
  [999_950, "1.0 MB"],
  [48_200_000_000, "48.2 GB"],
  [2.5e15, "2.5 PB"],
  [5e18, "5000.0 PB"],
])("formatBytes(%d) is %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test("formatDay() names every month", () => {
  const days = Array.from({ length: 12 }, (_, month) => formatDay(Date.UTC(2026, month, 1)));
  expect(days.map((day) => day.slice(2, 5)).join(" ")).toBe(
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
  );
});
