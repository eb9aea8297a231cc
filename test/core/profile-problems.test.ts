import { describe, expect, test } from "vitest";
import * as z from "zod";
import { type Vocabulary, problemsOf } from "../../src/core/profile-problems.ts";

const WORDS: Vocabulary = {
  whole: "The body",
  expected: { name: "a name", lanes: "a whole number from 1 to 8", owners: "a list of user names" },
  shown: new Set(["name"]),
};
const SCHEMA = z.strictObject({
  name: z.string().optional(),
  lanes: z.number().optional(),
  owners: z.array(z.string()).optional(),
  inner: z.strictObject({}).optional(),
  more: z.string().optional(),
});

function told(json: unknown): readonly string[] {
  return problemsOf(json, SCHEMA.safeParse(json).error?.issues ?? [], WORDS).map(({ text }) => text);
}

describe("problemsOf()", () => {
  test.each<[unknown, string]>([
    [{ name: {} }, "name: found an object, expected a name"],
    [{ name: [] }, "name: found a list, expected a name"],
    [{ name: null }, "name: found null, expected a name"],
    [{ name: 7 }, "name: found a number, expected a name"],
    [{ lanes: true }, "lanes: found true, expected a whole number from 1 to 8"],
    [{ lanes: "7" }, "lanes: found a text instead of a number, expected a whole number from 1 to 8"],
    // An entry of a list takes what the list takes.
    [{ owners: [5] }, "owners.0: found a number, expected a list of user names"],
    [{ more: 5 }, "more: found a number, expected another value"],
    [{ "a b": 1 }, "(unknown key): this key is not known; accepted here: name, lanes, owners"],
    [5, "The body: found a number, expected another value"],
    [{ nam: 1 }, "nam: this key is not known; did you mean name? Accepted here: name, lanes, owners"],
  ])("says of %j", (json, text) => {
    expect(told(json)).toEqual([text]);
  });

  test("sends a secret to where secrets are", () => {
    expect(told({ apiKey: "x" })[0]).toContain("apiKey: this key is not known; a profile names secrets");
  });

  test("says that nothing is accepted where there is nothing below", () => {
    const json = { inner: { zzz: 1 } };
    const [problem] = problemsOf(json, SCHEMA.safeParse(json).error?.issues ?? [], WORDS);
    expect(problem).toMatchObject({ path: "inner.zzz", expected: "one of no further keys" });
  });

  test("tells fifty keys that are not known, and counts the rest", () => {
    const json = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`x${n}`, 1]));
    const all = told(json);
    expect(all).toHaveLength(51);
    expect(all.at(-1)).toBe("The body: found 10 further keys that are not known, expected none");
  });
});
