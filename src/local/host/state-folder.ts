// The folder that holds all state of one local host: one database, locked while a host runs on it. The operating system
// gives the lock back when the process ends, kill -9 included.
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

const SQLITE_BUSY = 5;
const VERSION = 1;

/** Opens the state folder for this host alone; throws a sentence when another host has it. */
export function openStateFolder(folder: string): DatabaseSync {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "host.db");
  const db = new DatabaseSync(file, { timeout: 500 });
  try {
    db.exec("PRAGMA locking_mode = EXCLUSIVE");
    db.exec("PRAGMA journal_mode = WAL");
    // With WAL, NORMAL loses nothing when the process is killed (only a power cut may take the last transactions).
    db.exec("PRAGMA synchronous = NORMAL");
    // The lock is taken by the first write and kept.
    db.exec(
      "BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL); COMMIT",
    );
    const version = kept(db, "version", () => String(VERSION));
    if (version !== String(VERSION)) {
      throw new Error(
        `The state in "${folder}" has version ${version}, this program reads ${String(VERSION)}`,
      );
    }
    return db;
  } catch (error) {
    db.close();
    const busy = error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
    if (!busy) throw error;
    throw new Error(
      `Another local host is running on the state folder "${folder}": stop it first, or name another folder`,
      { cause: error },
    );
  }
}

/** The value under `key`; made by `make` and kept the first time. */
export function kept(db: DatabaseSync, key: string, make: () => string): string {
  db.prepare("INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)").run(key, make());
  return String(db.prepare("SELECT value FROM meta WHERE key = ?").get(key)?.["value"]);
}

export interface HostKeys {
  readonly functionKey: string;
  readonly masterKey: string;
  /** Opens the management URLs (`code=`). */
  readonly systemKey: string;
  /** The path segment that keeps other programs and web pages off the client's loopback API. */
  readonly rpcKey: string;
}

/** The host's keys: made once per state folder. */
export function hostKeys(db: DatabaseSync): HostKeys {
  const key = (name: string): string => kept(db, name, () => randomBytes(32).toString("base64url"));
  return {
    functionKey: key("functionKey"),
    masterKey: key("masterKey"),
    systemKey: key("systemKey"),
    rpcKey: key("rpcKey"),
  };
}
