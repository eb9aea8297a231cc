// The gate: format, lint, types, templates, tests. Runs every part, tells each one's outcome, and fails when one of them fails.
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const bin = (name: string, file: string) => path.join(root, "node_modules", name, ...file.split("/"));

const parts: readonly (readonly [name: string, script: string, ...args: readonly string[]])[] = [
  ["format", bin("prettier", "bin/prettier.cjs"), "--check", "--log-level", "warn", "."],
  ["lint", bin("eslint", "bin/eslint.js"), "--max-warnings", "0", "."],
  ["types", bin("typescript", "bin/tsc"), "-p", "."],
  ["templates", path.join(root, "tools", "bicep.ts")],
  ["tests", bin("vitest", "vitest.mjs"), "run"],
];

const skipped = process.argv.includes("--no-tests") ? ["tests"] : [];
const failed: string[] = [];
for (const [name, script, ...args] of parts) {
  if (skipped.includes(name)) continue;
  const started = performance.now();
  const run = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: "inherit" });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${run.status === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (run.status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`The check failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
