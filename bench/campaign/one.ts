// One campaign in a process of its own, with a storage of its own; tells whoever started it line by line.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startAzurite } from "../../test/azurite.ts";
import { CAMPAIGNS } from "./all.ts";

/** The argument of this process, as JSON. */
export interface Order {
  readonly name: string;
  readonly seed: number;
  /** Left out: the campaign's own. */
  readonly count?: number;
}

/** What the table at the end tells of a campaign. */
export interface Figures {
  readonly cases: number;
  readonly wrong: number;
  readonly seconds: number;
  readonly counted: readonly (readonly [what: string, number: number])[];
}

export type Report = { readonly line: string } | Figures;

if (process.send === undefined) throw new Error("npm run campaign starts this");
const { name, seed, count } = JSON.parse(process.argv[2] ?? "{}") as Order;
const campaign = CAMPAIGNS.find((each) => each.name === name);
if (campaign === undefined) throw new Error(`No campaign is called ${name}`);
const azurite = await startAzurite();
const folder = await mkdtemp(path.join(tmpdir(), `campaign-${name}-`));
try {
  tell({ line: `${name}: ${campaign.about}` });
  const ground = {
    connection: azurite.connectionString,
    folder,
    tell: (line: string) => tell({ line: `  ${name}: ${line}` }),
  };
  const counted = new Map<string, number>();
  const started = performance.now();
  let cases = 0;
  let wrong = 0;
  for await (const result of campaign.run(ground, { seed, count: count ?? campaign.count }, counted)) {
    cases += 1;
    if (result.wrong.length === 0) continue;
    wrong += 1;
    const again = `npm run campaign -- ${name} --seed ${result.seed} --count 1`;
    tell({ line: `WRONG ${name} ${result.name} (${again}): ${result.wrong.join("; ")}` });
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  tell({ cases, wrong, seconds, counted: [...counted] });
} finally {
  await azurite.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
process.disconnect();

function tell(report: Report): void {
  process.send?.(report);
}
