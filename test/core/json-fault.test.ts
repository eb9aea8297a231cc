import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonFault } from "../../src/core/json-fault.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("jsonFault()", () => {
  test.each([
    ['{"a": 1,\n  "b": hunter2}', 2, 8],
    ['{"a": 1,}', 1, 9],
    ["[1, 2", 1, 6],
    ['{"a" 1}', 1, 6],
    ["{'a': 1}", 1, 2],
    ['{"a": 1} x', 1, 10],
    ['{"a": "b\n"}', 1, 7],
    ["", 1, 1],
    ["[1\r\n2]", 2, 1],
  ])("finds the place in %j", (text, line, column) => {
    expect(jsonFault(text)).toMatchObject({ line, column });
  });

  test("agrees with JSON.parse on what is JSON, and quotes nothing of the text", () => {
    const broken = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom("", ",", "}", "]", '"', "hunter2", "\\", "0", "-", ".", "e", "\n", "\u0001"),
      )
      .map(([text, at, noise]) => {
        const cut = at % (text.length + 1);
        return `${text.slice(0, cut)}${noise}${text.slice(cut + (at % 2))}`;
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), broken, fc.string()), (text) => {
        const fault = jsonFault(text);
        expect(fault === undefined).toBe(isJson(text));
        expect(fault?.what ?? "").not.toContain("hunter2");
      }),
      { numRuns: 1000 },
    );
  });

  test("tells the end of a list and of a text apart from what may not be there", () => {
    for (const text of ["[]", "[1]", '{"a":[]}', '{"a":"b"}']) expect(jsonFault(text)).toBeUndefined();
    expect(jsonFault("[1,]")).toMatchObject({ line: 1, column: 4 });
    expect(jsonFault('{\r\n"a')).toMatchObject({ line: 2, column: 1 });
  });

  test("takes any depth", () => {
    expect(jsonFault("[".repeat(200_000))).toMatchObject({ line: 1, column: 200_001 });
  });
});
