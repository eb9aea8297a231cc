// host.log of a state folder: what the host and the app log, away from the screen.
import { appendFileSync, existsSync, renameSync, statSync } from "node:fs";
import path from "node:path";

const LARGEST_BYTES = 20_000_000;

export interface HostLog {
  readonly file: string;
  readonly log: (level: string, category: string, text: string) => void;
  /** Lines of level error or worse since it was opened. */
  readonly errors: () => number;
}

/** Opens the log; one that has grown past 20 MB is set aside as host.log.1. */
export function openHostLog(stateFolder: string): HostLog {
  const file = path.join(stateFolder, "host.log");
  if (existsSync(file) && statSync(file).size > LARGEST_BYTES) renameSync(file, `${file}.1`);
  let errors = 0;
  return {
    file,
    log: (level, category, text) => {
      if (/^(error|critical)$/i.test(level)) errors += 1;
      // At once and not buffered: the last lines before a crash are those that are wanted.
      appendFileSync(file, `${new Date().toISOString()} ${level} ${category}: ${text}\n`);
    },
    errors: () => errors,
  };
}
