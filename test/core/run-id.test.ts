import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { folderName, parseRunFolder, parseRunId, parseStamp, runId } from "../../src/core/run-id.ts";

const at = Date.UTC(2025, 4, 14, 2, 0, 0);
const moment = fc.integer({ min: 0, max: 253_402_300_799 }).map((seconds) => seconds * 1000);
const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/);

describe("runId() and folderName()", () => {
  test("end in the start of the run in UTC", () => {
    expect(runId("nightly", at + 999)).toBe("nightly-20250514T020000Z");
    expect(folderName("ACME_x", at)).toBe("ACME_x_20250514T020000Z");
  });

  test("are read back, whatever the name and the moment", () => {
    fc.assert(
      fc.property(name, moment, (profile, startedAt) => {
        expect(parseRunId(runId(profile, startedAt))).toEqual({ name: profile, at: startedAt });
        expect(parseRunFolder(folderName(profile, startedAt))).toEqual({ name: profile, at: startedAt });
      }),
    );
  });

  test("take nothing else for their own", () => {
    for (const text of [
      "",
      "x",
      "x-20250230T000000Z",
      "-20250514T020000Z",
      "X y-20250514T020000Z",
      "x-2025-05-14",
    ]) {
      expect(parseRunId(text)).toBeUndefined();
    }
    expect(parseStamp("20250514T250000Z")).toBeUndefined();
  });
});

describe("parseRunFolder()", () => {
  test("reads a folder that had to be numbered", () => {
    expect(parseRunFolder("acme_20250514T020000Z_2")).toEqual({ name: "acme", at });
  });
});
