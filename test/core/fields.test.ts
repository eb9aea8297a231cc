import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldsOf, isFields, listOf, numberOf, textOf } from "../../src/core/fields.ts";

test("a field of another type is as good as absent", () => {
  const value = { text: "a", empty: "", list: [1], object: { a: 1 }, number: 2, numeric: " 3 ", none: null };
  expect(Object.keys(value).map((name) => textOf(value, name))).toEqual([
    ...["a", undefined, undefined, undefined, undefined, " 3 ", undefined],
  ]);
  expect(Object.keys(value).map((name) => numberOf(value, name))).toEqual([
    ...[undefined, undefined, undefined, undefined, 2, 3, undefined],
  ]);
  expect([listOf(value, "list"), listOf(value, "object")]).toEqual([[1], undefined]);
  expect([fieldsOf(value, "object"), fieldsOf(value, "list"), fieldsOf(value, "gone")]).toEqual([
    { a: 1 },
    {},
    {},
  ]);
});

test("numbers are finite, whatever the text says, and anything may be asked for", () => {
  expect(["Infinity", "NaN", "x", ""].map((number) => numberOf({ number }, "number"))).toEqual(
    Array.from({ length: 4 }, () => undefined),
  );
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(isFields(value)).toBe(typeof value === "object" && value !== null && !Array.isArray(value));
    }),
  );
});
