// One case of the campaign of churn: a whole run while people go on working at the portal.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { churnCase } from "../../bench/campaign/churn.ts";
import { azurite } from "../azurite.ts";

test("what is saved while people work was true once, and the rest is told", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "churn-"));
  try {
    const ground = { connection: azurite(), folder, tell: () => undefined };
    expect((await churnCase(ground, 1, new Map())).wrong).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}, 120_000);
