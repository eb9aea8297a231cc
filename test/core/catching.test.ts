import { expect, test } from "vitest";
import { catching } from "../../src/core/catching.ts";

test("catching() gives what was made, or what was thrown where it was expected", () => {
  expect(catching(() => 7, RangeError)).toEqual({ ok: true, value: 7 });
  const thrown = new URIError("URI malformed");
  const make = () => {
    throw thrown;
  };
  expect(catching(make, TypeError, URIError)).toEqual({ ok: false, error: thrown });
});

test("catching() lets through what nobody expected: the program is broken", () => {
  const broken = new TypeError("not a function");
  const make = () => {
    throw broken;
  };
  expect(() => catching(make, SyntaxError)).toThrow(broken);
  expect(() =>
    catching(() => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a foreign library may throw
      throw "a text";
    }, Error),
  ).toThrow("a text");
});
