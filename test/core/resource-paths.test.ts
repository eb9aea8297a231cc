import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resourcePaths } from "../../src/core/resource-paths.ts";
import { hostileText } from "./arbitrary.ts";

const resourceName = fc.oneof(
  hostileText,
  fc
    .array(fc.constantFrom("a", "A", "..", ".", "", "b.png", "images", "CON"), { maxLength: 6 })
    .map((parts) => parts.join("/")),
);

describe("resourcePaths()", () => {
  test("keeps ordinary names as they are", () => {
    expect(resourcePaths(["images/banner.jpg", "config/config.json"])).toEqual([
      "resources/images/banner.jpg",
      "resources/config/config.json",
    ]);
  });

  test("never leads out of resources/", () => {
    expect(resourcePaths(["../../etc/passwd", "/root", "..\\x", "a/../../b"])).toEqual([
      "resources/_/_/etc/passwd",
      "resources/root",
      "resources/__x",
      "resources/a/_/_/b",
    ]);
  });

  test("tells names apart that differ in letter case or in signs that are not allowed", () => {
    const paths = resourcePaths(["Logo.png", "logo.png", "a:b.json", "a?b.json"]);
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(4);
    expect(paths[0]).toMatch(/^resources\/Logo_[0-9a-f]{8}\.png$/);
  });

  test("keeps a file apart from a folder of the same name", () => {
    const [file, inside] = resourcePaths(["data", "data/x.json"]);
    expect(inside).toBe("resources/data/x.json");
    expect(file).toMatch(/^resources\/data_[0-9a-f]{8}$/);
  });

  test("flattens a name that is too deep, and keeps its extension", () => {
    const deep = `${"folder/".repeat(30)}b.png`;
    const [path = ""] = resourcePaths([deep]);
    expect(path).toMatch(/^resources\/folder_b_[0-9a-f]{8}\.png$/);
  });

  test("gives a hashed name another hash where some resource is called like that already", () => {
    const [taken = ""] = resourcePaths(["Logo.png", "logo.png"]);
    const [again, , own] = resourcePaths(["Logo.png", "logo.png", taken.slice("resources/".length)]);
    expect(own).toBe(taken);
    expect(again).toMatch(/^resources\/Logo_[0-9a-f]{8}\.png$/);
    expect(again).not.toBe(taken);
  });

  test("is unique without letter case, bounded, well formed and independent of the order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(resourceName, { maxLength: 12 }), (names) => {
        const paths = resourcePaths(names);
        const folded = paths.map((path) => path.toLowerCase());
        expect(new Set(folded).size).toBe(names.length);
        for (const path of folded) {
          expect(folded.some((other) => other.startsWith(`${path}/`))).toBe(false);
          expect(path.length).toBeLessThan(140);
          expect(path.isWellFormed()).toBe(true);
          expect(path.split("/")).not.toContain("..");
        }
        expect(resourcePaths(names.toReversed())).toEqual(paths.toReversed());
      }),
      { numRuns: 300 },
    );
  });
});
