// `npm run coverage`: the branches of core, clients and activities over the whole suite, the hosts and commands that tests
// start as processes of their own included. `npm run coverage -- test/clients` measures some tests and asks for no share.
// Tells each folder's share and each file below its folder's, with the lines; exit code 1 below what is wanted.
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Profiler } from "node:inspector";
import { build } from "./build.ts";
import { type Branch, type FileCoverage, addTaken, branchesOf } from "./measuring/branches.ts";
import { convertBundle, convertSource } from "./measuring/branches.ts";
import { COVERAGE_FOLDER, MEASURED } from "./measuring/ending.ts";
import { addHits, asFunctions } from "./measuring/hits.ts";

/** Per cent of the branches that the whole suite has to take. */
const WANTED: Readonly<Record<(typeof MEASURED)[number], number>> = {
  core: 100,
  clients: 90,
  activities: 90,
};
/** A file below is listed, but for those of a folder that wants all. */
const LISTED_BELOW = 90;

const root = path.resolve(import.meta.dirname, "..");
const src = path.join(root, "src");

async function main(): Promise<number> {
  const only = process.argv.slice(2);
  const folder = await mkdtemp(path.join(tmpdir(), "backup-coverage-"));
  try {
    const ended = runTests(folder, only);
    const files = await measuredBranches();
    await addVitest(files, path.join(folder, "vitest", "coverage-final.json"));
    await addChildren(files, folder);
    const holds = tell(files);
    if (ended !== 0) console.error(`The tests ended with ${ended}`);
    return ended === 0 && (holds || only.length > 0) ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function runTests(folder: string, only: readonly string[]): number | null {
  const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
  const coverage = [
    "enabled=true",
    "provider=v8",
    "reporter=json",
    "reportOnFailure=true",
    `reportsDirectory=${path.join(folder, "vitest")}`,
    ...MEASURED.map((name) => `include=src/${name}/**/*.ts`),
  ].map((option) => `--coverage.${option}`);
  const child = pathToFileURL(path.join(import.meta.dirname, "measuring", "child.ts")).href;
  const run = spawnSync(process.execPath, [vitest, "run", ...coverage, ...only], {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      [COVERAGE_FOLDER]: folder,
      NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --import=${child}`.trim(),
      // Functions out of the cache are counted whole, not by their branches.
      NODE_DISABLE_COMPILE_CACHE: "1",
    },
  });
  return run.status;
}

type Files = ReadonlyMap<string, readonly Branch[]>;

/** Every file of the measured folders with its branches, none of them taken. */
async function measuredBranches(): Promise<Files> {
  const files = new Map<string, readonly Branch[]>();
  for (const name of MEASURED) {
    for (const file of await readdir(path.join(src, name), { recursive: true })) {
      const whole = path.join(src, name, file);
      if (file.endsWith(".ts")) files.set(whole, await branchesOf(whole));
    }
  }
  return files;
}

async function addVitest(files: Files, report: string): Promise<void> {
  const found = JSON.parse(await readFile(report, "utf8")) as Record<string, FileCoverage>;
  for (const coverage of Object.values(found)) addFile(files, coverage);
}

/** What the child processes wrote, added up per script before it is read as branches. */
async function addChildren(files: Files, folder: string): Promise<void> {
  const { entry, map = "" } = await build({ withMap: true });
  const totals = new Map<string, Float64Array>();
  const written = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  for (const name of written) {
    const scripts = JSON.parse(await readFile(path.join(folder, name), "utf8")) as Profiler.ScriptCoverage[];
    for (const { url, functions } of scripts) {
      const script = fileURLToPath(url);
      const total = totals.get(script) ?? new Float64Array((await readFile(script, "utf8")).length);
      totals.set(script, total);
      addHits(total, functions);
    }
  }
  for (const [script, total] of totals) {
    const isBundle = script === entry;
    const found = isBundle
      ? await convertBundle(entry, map, asFunctions(total), (source) => files.has(source))
      : [await convertSource(script, asFunctions(total))];
    for (const coverage of found) addFile(files, coverage);
  }
  console.log(`Child processes that told what they ran: ${written.length}`);
}

function addFile(files: Files, coverage: FileCoverage): void {
  const strange = addTaken(files.get(coverage.path) ?? [], coverage);
  if (strange > 0)
    console.error(`${path.relative(root, coverage.path)}: ${strange} branches not found again`);
}

/** Prints the table; whether every folder has the share that it wants. */
function tell(files: Files): boolean {
  let holds = true;
  const low: string[] = [];
  console.log("\nBranches\n");
  for (const name of MEASURED) {
    const own = [...files].filter(([file]) => file.startsWith(path.join(src, name) + path.sep));
    const whole = shareOf(own.flatMap(([, branches]) => branches));
    const isEnough = whole.percent >= WANTED[name];
    holds &&= isEnough;
    console.log(`${line(name, whole)}  ${isEnough ? "" : "below "}${WANTED[name]}`);
    const bound = Math.max(LISTED_BELOW, WANTED[name]);
    for (const [file, branches] of own) {
      const share = shareOf(branches);
      if (share.percent < bound) low.push(`${line(path.relative(src, file), share)}  ${missing(branches)}`);
    }
  }
  if (low.length > 0) console.log(`\n${low.join("\n")}`);
  return holds;
}

interface Share {
  readonly taken: number;
  readonly all: number;
  readonly percent: number;
}

function shareOf(branches: readonly Branch[]): Share {
  const ways = branches.flatMap(({ taken }) => taken);
  const taken = ways.filter((count) => count > 0).length;
  return { taken, all: ways.length, percent: ways.length === 0 ? 100 : (100 * taken) / ways.length };
}

function line(name: string, { taken, all, percent }: Share): string {
  // Rounded down: 99.99 is not all.
  const shown = (Math.floor(percent * 10) / 10).toFixed(1);
  return `${name.padEnd(44)} ${shown.padStart(6)} %  ${`${taken}/${all}`.padStart(10)}`;
}

/** Where a way was not taken: line, and which way of how many. */
function missing(branches: readonly Branch[]): string {
  return branches
    .flatMap(({ start, taken }) =>
      taken.flatMap((count, way) => (count > 0 ? [] : [`${start.line}(${way + 1}/${taken.length})`])),
    )
    .join(" ");
}

process.exitCode = await main();
