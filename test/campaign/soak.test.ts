// A few runs of the soak: what each of them leaves open shows soon.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { soak } from "../../bench/campaign/soak.ts";
import { azurite } from "../azurite.ts";

test("runs one after another on one host end well and leave no handle open", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "soak-"));
  try {
    const ground = { connection: azurite(), folder, tell: () => undefined };
    let runs = 0;
    for await (const { wrong } of soak.run(ground, { seed: 1, count: 4 }, new Map())) {
      runs += 1;
      expect(wrong).toEqual([]);
    }
    expect(runs).toBe(4);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}, 120_000);
