// A fixed slice of the campaigns over whole runs: `npm run campaign` takes many cases.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CampaignGround } from "../../bench/campaign/campaign.ts";
import { kill } from "../../bench/campaign/kill.ts";
import { twice } from "../../bench/campaign/twice.ts";
import { azurite } from "../azurite.ts";

let ground: CampaignGround;

beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "campaign-"));
  ground = { connection: azurite(), folder, tell: () => undefined };
});
afterAll(() => rm(ground.folder, { recursive: true, force: true, maxRetries: 5 }));

/** Seeds are fixed: kills in the middle of saving, and both orders of completion at an Enterprise. */
test.each([
  ["kill", kill, 11],
  ["twice", twice, 5],
] as const)(
  "one case of %s",
  async (_, campaign, seed) => {
    const figures = new Map<string, number>();
    const wrong: string[] = [];
    let cases = 0;
    for await (const result of campaign.run(ground, { seed, count: 1 }, figures)) {
      cases += 1;
      wrong.push(...result.wrong.map((text) => `${result.name}: ${text}`));
    }
    expect(wrong).toEqual([]);
    expect(cases).toBe(1);
  },
  120_000,
);
