// `npm run campaign -- [NAME ...] [--seed N] [--count N]`: many cases of trouble, each from a seed that runs it again. One line for
// each case that went wrong, a table of figures at the end; exit code 1 when any did.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { build } from "../tools/build.ts";
import { startAzurite } from "../test/azurite.ts";
import { CAMPAIGNS } from "./campaign/all.ts";
import type { Campaign, CampaignGround } from "./campaign/campaign.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string" }, count: { type: "string" } },
});
const names = CAMPAIGNS.map(({ name }) => name);
const problems = [
  ...positionals
    .filter((name) => !names.includes(name))
    .map((name) => `No campaign is called "${name}": ${names.join(", ")}`),
  ...(["seed", "count"] as const)
    .filter((option) => values[option] !== undefined && !/^\d{1,9}$/.test(values[option]))
    .map((option) => `--${option} takes a whole number of at most 9 digits`),
];
if (problems.length > 0) {
  for (const problem of problems) console.error(problem);
  process.exit(2);
}

const chosen = CAMPAIGNS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const seed = Number(values.seed ?? Date.now() % 1_000_000);
console.log(`Seed ${seed}`);
await build();
const azurite = await startAzurite();
const folder = await mkdtemp(path.join(tmpdir(), "campaign-"));
const rows: (readonly string[])[] = [];
let wrong = 0;
try {
  for (const campaign of chosen) wrong += await carryOut(campaign);
} finally {
  await azurite.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
for (const row of rows) console.log(row.join("  "));
process.exitCode = wrong === 0 ? 0 : 1;

/** Number of cases that went wrong. */
async function carryOut(campaign: Campaign): Promise<number> {
  const ground: CampaignGround = {
    connection: azurite.connectionString,
    folder: await mkdtemp(path.join(folder, `${campaign.name}-`)),
    tell: (line) => console.log(`  ${line}`),
  };
  const options = { seed, count: Number(values.count ?? campaign.count) };
  const figures = new Map<string, number>();
  const started = performance.now();
  let cases = 0;
  let failed = 0;
  console.log(`${campaign.name}: ${campaign.about}`);
  for await (const result of campaign.run(ground, options, figures)) {
    cases += 1;
    if (result.wrong.length === 0) continue;
    failed += 1;
    const again = `npm run campaign -- ${campaign.name} --seed ${result.seed} --count 1`;
    console.log(`WRONG ${campaign.name} ${result.name} (${again}): ${result.wrong.join("; ")}`);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const told = [...figures].map(([name, number]) => `${number} ${name}`).join(", ");
  rows.push([
    campaign.name.padEnd(8),
    `${cases} cases`.padStart(12),
    `${failed} wrong`.padStart(9),
    `${seconds} s`.padStart(7),
    told,
  ]);
  return failed;
}
