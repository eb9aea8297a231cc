// The pages of the guide that follow from the code are those of today: `npm run guide` writes them again.
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { guidePages } from "../tools/guide.ts";

const folder = path.resolve(import.meta.dirname, "..", "docs", "guide");

test("the guide tells what happens to each type of item, and every option, as the program has them", async () => {
  for (const [name, text] of await guidePages()) {
    expect(readFileSync(path.join(folder, name), "utf8")).toBe(text);
  }
});
