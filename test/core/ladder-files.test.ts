import { expect, test } from "vitest";
import { attemptCode, fileSuffix, RUNG_FILES } from "../../src/core/ladder-files.ts";
import type { Rung } from "../../src/core/ladder.ts";

test("fileSuffix() gives a file of one layer its id, and one of several its number", () => {
  expect(fileSuffix("fgdb", [0, 1], 1)).toBe("_export.gdb.zip");
  expect(fileSuffix("fgdb-layers", [3], 1)).toBe("_export_L3.gdb.zip");
  expect(fileSuffix("tpkx", [], 2)).toBe("_export_F2.tpkx");
  expect(fileSuffix("fgdb-layers", [3], 2)).toBe("_export_L3_F2.gdb.zip");
});

test("attemptCode() tells all attempts of an item apart", () => {
  expect([attemptCode("fgdb", [0, 1]), attemptCode("fgdb-layers", [3])]).toEqual(["fgdb", "l3"]);
  const codes = (Object.keys(RUNG_FILES) as Rung[]).map((rung) => attemptCode(rung, [1]));
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code).toMatch(/^[a-z0-9]+$/);
});
