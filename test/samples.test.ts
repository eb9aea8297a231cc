// docs/samples are the texts of today: `npm run samples` writes them again.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { samples } from "../tools/samples.ts";

const folder = path.resolve(import.meta.dirname, "..", "docs", "samples");

test("docs/samples holds what a run shows, reports and mails today", () => {
  const stored = readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), "utf8")]);
  expect(Object.fromEntries(stored)).toEqual(Object.fromEntries(samples()));
});

test("the sample night has the numbers that its texts tell", () => {
  const mail = samples().get("mail.txt") ?? "";
  expect(mail).toContain("412 listed = 316 saved + 0 unchanged + 93 skipped + 3 failed");
  expect(mail).toContain("3rd");
});
