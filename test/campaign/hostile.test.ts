// The first cases of the campaign of hostile content that stay in one process.
import { expect, test } from "vitest";
import { inProcess } from "../../bench/campaign/hostile.ts";

const CASES = 30;

test("nothing that a hostile portal is made of leaves its folder, its cell, its quotes or its line", async () => {
  const wrong: string[] = [];
  for (let seed = 1; seed <= CASES; seed += 1) {
    for (const text of await inProcess(seed, new Map())) wrong.push(`${seed}: ${text}`);
  }
  expect(wrong).toEqual([]);
}, 60_000);
