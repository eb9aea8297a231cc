// `npm run campaign -- [NAME ...] [--seed N] [--count N]`: many cases of trouble, each from a seed that runs it again. One line for
// each case that went wrong, a table of figures at the end; exit code 1 when any did.
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { build } from "../tools/build.ts";
import { CAMPAIGNS } from "./campaign/all.ts";
import type { Figures, Order, Report } from "./campaign/one.ts";

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
const started = performance.now();
console.log(`Seed ${seed}`);
await build();
const rows = new Map<string, Figures>();
const waiting = chosen.map(({ name }) => name);
// Each campaign is a process, and mostly waits or uses one core: two at a time use what a small machine has.
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));

console.log(`\nSeed ${seed}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
for (const { name } of chosen) console.log(rowOf(name));
const whole = chosen.every(({ name }) => rows.get(name)?.wrong === 0);
process.exitCode = whole ? 0 : 1;

async function lane(): Promise<void> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const figures = await carryOut({ name, seed, ...(values.count && { count: Number(values.count) }) });
    if (figures !== undefined) rows.set(name, figures);
  }
}

/** Undefined = its process ended before its figures came. */
function carryOut(order: Order): Promise<Figures | undefined> {
  const child = fork(path.join(import.meta.dirname, "campaign", "one.ts"), [JSON.stringify(order)]);
  return new Promise((resolve) => {
    let figures: Figures | undefined;
    child.on("message", (report: Report) => {
      if ("line" in report) console.log(report.line);
      else figures = report;
    });
    child.on("close", (code, signal) => {
      if (figures === undefined) console.error(`WRONG ${order.name}: it ended by ${String(signal ?? code)}`);
      resolve(figures);
    });
  });
}

function rowOf(name: string): string {
  const figures = rows.get(name);
  if (figures === undefined) return `${name.padEnd(8)}  did not end`;
  const { cases, wrong, seconds, counted } = figures;
  return [
    name.padEnd(8),
    `${cases} cases`.padStart(12),
    `${wrong} wrong`.padStart(9),
    `${seconds} s`.padStart(7),
    counted.map(([what, number]) => `${number} ${what}`).join(", "),
  ].join("  ");
}
