// `npm run bench -- NAME`: measurements that take longer than a test may. Each prints its figures as ratios within one run.
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");

/** By name: the test that measures, and the size at which it does. */
const BENCHES: Readonly<Record<string, { readonly file: string; readonly env: Record<string, string> }>> = {
  parking: { file: "test/run/parking.test.ts", env: { PARKING_OTHERS: "50" } },
  cancel: { file: "test/run/cancel.test.ts", env: { CANCEL_RUNS: "20" } },
  cost: { file: "test/orchestrators/cost.test.ts", env: {} },
};

const bench = BENCHES[process.argv[2] ?? ""];
if (bench === undefined) {
  console.error(`Name a measurement: npm run bench -- ${Object.keys(BENCHES).join("|")}`);
  process.exit(2);
}
const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
const run = spawnSync(process.execPath, [vitest, "run", bench.file], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, ...bench.env },
});
process.exitCode = run.status ?? 1;
