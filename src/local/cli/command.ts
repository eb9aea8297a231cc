// What all commands have in common: where the person is, how mistakes and breakdowns are told, one command per state folder.
import { readFileSync } from "node:fs";
import path from "node:path";
import { lockState } from "../services/state-lock.ts";
import type { Args, Options } from "./args.ts";
import { EXIT } from "./exit-code.ts";
import type { Surroundings } from "./given-profile.ts";
import { openScreen, type Screen } from "./screen.ts";

export interface Stage {
  readonly projectRoot: string;
  /** Where the person is: typed paths start there, shown ones are shortened from there. */
  readonly folder: string;
  /** Settings of the app are written here, its secrets are read from here. */
  readonly env: Record<string, string | undefined>;
  readonly screen: Screen;
}

/** The real world. */
export function openStage(): Stage {
  return {
    projectRoot: path.resolve(import.meta.dirname, "../../.."),
    // npm runs its scripts in the project's folder and tells here where the person was.
    folder: process.env["INIT_CWD"] ?? process.cwd(),
    env: process.env,
    screen: openScreen(process.stdout, () => performance.now()),
  };
}

export function surroundingsOf({ env, folder, projectRoot }: Stage): Surroundings {
  return { env, folder, projectRoot, readFile: (file) => readFileSync(file, "utf8") };
}

/** Every reason why nothing was started; returns the exit code. */
export function refuse(problems: readonly string[]): number {
  process.stderr.write(`Nothing was started:\n${problems.map((problem) => `- ${problem}\n`).join("")}`);
  return EXIT.badInput;
}

/** Does the work while no other command works on the state folder; refuses when one does. */
export async function alone(stateFolder: string, work: () => Promise<number>): Promise<number> {
  const lock = lockState(stateFolder);
  if (lock === undefined) {
    return refuse([
      `Another backup (or npm start) is running on "${stateFolder}". Wait for its end, or name another folder with --state`,
    ]);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** What has been written reaches the screen meanwhile. */
const LINGER_MS = 1_000;

/** Runs a command as the process: help, its exit code, and a sentence for what broke. */
export async function runCommand<O extends Options>(
  help: string,
  read: (argv: readonly string[]) => Args<O>,
  command: (args: Args<O>, stage: Stage) => Promise<number>,
): Promise<void> {
  try {
    const args = read(process.argv.slice(2));
    if (args.help) process.stdout.write(help);
    process.exitCode = args.help ? EXIT.succeeded : await command(args, openStage());
  } catch (error) {
    process.stderr.write(`The program failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = EXIT.failed;
  }
  // A step of the app that was given up may go on repeating a call; nobody waits for it any more.
  setTimeout(() => process.exit(), LINGER_MS).unref();
}
