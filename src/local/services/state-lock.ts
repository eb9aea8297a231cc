// One command line at a time on a state folder. The operating system gives the lock back when the process ends, also
// by kill -9, so there is never a stale one to clear away.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

const SQLITE_BUSY = 5;

export interface StateLock {
  release(): void;
}

/** Locks the state folder for this process; undefined when another one (or another lock in this one) has it. */
export function lockState(stateFolder: string): StateLock | undefined {
  mkdirSync(stateFolder, { recursive: true });
  const db = new DatabaseSync(path.join(stateFolder, "lock.db"), { timeout: 0 });
  try {
    // Never committed: the open transaction is the lock.
    db.exec("BEGIN EXCLUSIVE");
    return { release: () => db.close() };
  } catch (error) {
    db.close();
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
}
