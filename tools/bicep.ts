// The templates' part of the gate: `npm run infra` holds infra against the real compiler, `npm run infra -- --update`
// writes what it compiles to. Compared: every warning, azuredeploy.json, and one snapshot per file of infra/parameters.
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findBicep } from "./bicep-compiler.ts";

const root = path.resolve(import.meta.dirname, "..");
const infra = path.join(root, "infra");
const compiled = path.join(infra, "azuredeploy.json");

/** Where the snapshots are predicted for: made-up ids, so that they are the same on every machine. */
const PLACE = [
  ...["--subscription-id", "00000000-0000-4000-8000-000000000000"],
  ...["--tenant-id", "99999999-9999-4999-8999-999999999999"],
  ...["--resource-group", "rg-backup"],
  ...["--location", "westeurope"],
];

type Bicep = (...args: string[]) => { status: number | null; stdout: string; stderr: string };

function main(): number {
  const compiler = findBicep();
  if (!compiler.ok) {
    console.error(compiler.text);
    return 1;
  }
  const bicep: Bicep = (...args) =>
    spawnSync(compiler.file, args, { cwd: infra, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  const updates = process.argv.includes("--update");
  const problems = [...lint(bicep), ...template(bicep, updates), ...snapshots(bicep, updates)];
  for (const problem of problems) console.error(problem);
  console.log(`infra: ${problems.length} problems`);
  return problems.length === 0 ? 0 : 1;
}

/** Every diagnostic of every template, a line each. A compiler that only warns exits with 0, so they are counted. */
function lint(bicep: Bicep): readonly string[] {
  const run = bicep("lint", "--pattern", "**/*.bicep");
  const told = run.stderr.split(/\r?\n/).filter((line) => line.trim() !== "");
  return told.length === 0 && run.status !== 0 ? [`bicep lint ended with ${run.status}`] : told;
}

/** azuredeploy.json is what the button deploys: it equals what main.bicep compiles to. */
function template(bicep: Bicep, updates: boolean): readonly string[] {
  const run = bicep("build", "main.bicep", "--stdout");
  if (run.status !== 0) return ["main.bicep does not compile"];
  const text = `${run.stdout.replaceAll("\r\n", "\n").trimEnd()}\n`;
  if (updates) writeFileSync(compiled, text);
  else if (readFileSync(compiled, "utf8") !== text) {
    return ["azuredeploy.json is not what main.bicep compiles to: npm run infra -- --update"];
  }
  return [];
}

/** The resources that each way to deploy would make equal the ones that the tests look at. */
function snapshots(bicep: Bicep, updates: boolean): readonly string[] {
  const mode = updates ? "overwrite" : "validate";
  const problems: string[] = [];
  for (const file of readdirSync(path.join(infra, "parameters")).sort()) {
    if (!file.endsWith(".bicepparam")) continue;
    const run = bicep("snapshot", `parameters/${file}`, "--mode", mode, ...PLACE);
    if (run.status === 0 && run.stderr === "") continue;
    problems.push(`${file}: ${(run.stderr + run.stdout).slice(0, 2000)}`);
    problems.push(
      `${file}: its snapshot does not hold: look at what changed, then npm run infra -- --update`,
    );
  }
  return problems;
}

process.exitCode = main();
