// How a test kills a program of ours: at once, or, while coverage is measured, as soon as it has written what it ran.
import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";

/** Environment variable: the folder of the measurement; not set: nothing is measured. */
export const COVERAGE_FOLDER = "COVERAGE_FOLDER";
/** The folders of src whose branches are counted. */
export const MEASURED = ["core", "clients", "activities"] as const;

const PATIENCE_MS = 10_000;

/** The file that asks a process to write and to kill itself. */
export function endFile(folder: string, pid: number): string {
  return path.join(folder, `${pid}.end`);
}

/** SIGKILL to a child; its `exit` event tells when it is gone. */
export function kill(child: ChildProcess): void {
  const folder = process.env[COVERAGE_FOLDER];
  if (folder === undefined || child.pid === undefined) {
    child.kill("SIGKILL");
    return;
  }
  writeFileSync(endFile(folder, child.pid), "");
  setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS).unref();
}
