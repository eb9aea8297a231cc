// `npm run backup`: one backup on this machine, from nothing to its verdict.
import { readFileSync } from "node:fs";
import path from "node:path";
import { lockState } from "../services/state-lock.ts";
import { readArgs } from "./args.ts";
import { EXIT } from "./exit-code.ts";
import { HELP } from "./help.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { readOrder, type Order } from "./order.ts";
import { carryOut, type Stage } from "./carry-out.ts";
import { openScreen } from "./screen.ts";

const projectRoot = path.resolve(import.meta.dirname, "../../..");

async function main(argv: readonly string[]): Promise<number> {
  const args = readArgs(argv);
  if (args.help) {
    process.stdout.write(HELP);
    return EXIT.succeeded;
  }
  // npm runs its scripts in the project's folder and tells here where the person was.
  const folder = process.env["INIT_CWD"] ?? process.cwd();
  const found = readOrder(args, {
    env: process.env,
    folder,
    projectRoot,
    readFile: (file) => readFileSync(file, "utf8"),
  });
  if (!found.ok) return refuse(found.problems);
  const screen = openScreen(process.stdout, () => performance.now());
  return await alone(found.order, { projectRoot, folder, env: process.env, screen });
}

async function alone(order: Order, stage: Omit<Stage, "interrupted">): Promise<number> {
  const lock = lockState(order.stateFolder);
  if (lock === undefined) {
    return refuse([
      `Another backup is running on "${order.stateFolder}". Wait for its end, or name another folder with --state`,
    ]);
  }
  const interrupted = listenForInterrupt(() =>
    stage.screen.line(
      "Stopping ... (Ctrl-C again ends at once; the backup goes on when it is started again)",
    ),
  );
  try {
    return await carryOut(order, { ...stage, interrupted });
  } finally {
    lock.release();
  }
}

function refuse(problems: readonly string[]): number {
  process.stderr.write(`Nothing was started:\n${problems.map((problem) => `- ${problem}\n`).join("")}`);
  return EXIT.badInput;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(
    `The backup program failed: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = EXIT.failed;
}
