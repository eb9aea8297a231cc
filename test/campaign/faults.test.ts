// A fixed slice of the campaign `faults`: some cases of each side, spread over the whole table, and those that once went wrong.
import { expect, test } from "vitest";
import { CASES, runCases } from "../../bench/campaign/faults.ts";
import { azurite } from "../azurite.ts";

/** A prime: kinds of trouble come in all combinations with calls. */
const STRIDE = 211;

/** What a run lost, or kept quiet, before the campaign found it. */
const FOUND = [
  "portal: item: redirect elsewhere, once",
  "portal: groups: redirect elsewhere, always",
  "portal: thumbnail: cut, once",
  "portal: thumbnail: 404, always",
  "portal: metadata: empty, always",
  "portal: data, json: empty, once",
  "portal: data, json: empty, always",
  "portal: storage, photo: empty, once",
  "portal: resource: short, cleanly, once",
  "portal: resource: empty, always",
  "portal: attachment: short, cleanly, once",
  "portal: attachment: empty, always",
  "portal: export data: 404, once",
  "portal: extract start: 404, always",
  "portal: extract start: reset before, once",
  "portal: tiles start, switched on: json error, always",
  "portal: tiles switch: length too short, always",
  "storage: write a bundle: 409 exists, once",
  "storage: write an export: 503, once",
];

test("whatever portal, storage and mail service do, the outcome is the promised one and nothing wrong is kept", async () => {
  const seeds = CASES.flatMap(({ name }, seed) => {
    const isFound = FOUND.includes(name);
    // A case that hangs lasts for seconds.
    return isFound || (seed % STRIDE === 0 && !name.includes("hang")) ? [seed] : [];
  });
  const wrong: string[] = [];
  let cases = 0;
  for await (const result of runCases(seeds, { connection: azurite() }, new Map())) {
    cases += 1;
    if (result.wrong.length > 0)
      wrong.push(`${result.name} (seed ${result.seed}): ${result.wrong.join("; ")}`);
  }
  expect(wrong).toEqual([]);
  expect(cases).toBe(seeds.length);
  expect(FOUND.filter((name) => !CASES.some((each) => each.name === name))).toEqual([]);
}, 90_000);
