// One writer of a path at a time, among all processes that write to the folder. Replacing a file only when it is
// unchanged is two steps on every file system, and so is creating one where there are no hard links. A lock is a file
// that must not be there yet; that of a process which died is broken by one of the waiting ones alone, who holds a
// second lock for that moment.
import { hostname } from "node:os";
import path from "node:path";
import { codeOf, type Disk } from "./disk.ts";
import { FolderSaidNo } from "./disk-refusals.ts";
import { type Ground, keyOf } from "./ground.ts";

const LOOK_EVERY_MS = 15;
/** What is done under a lock takes milliseconds; on the slowest share less than this. */
const LOST_MS = 10 * 60_000;
/** A lock that does not say whose it is: its process died, or is between making and signing it. */
const UNSIGNED_MS = 10_000;

/** Does the work as the only writer of the blob's path. Paths that differ in case alone are one: to Windows they are one file. */
export async function locked<T>(ground: Ground, blob: string, work: () => Promise<T>): Promise<T> {
  const { disk, locks, patience } = ground;
  const lock = path.join(locks, keyOf(blob.normalize("NFC").toLowerCase()));
  const began = performance.now();
  while (!(await take(disk, lock))) {
    if (await isLost(disk, lock)) {
      await breakLock(disk, lock);
      continue;
    }
    if (performance.now() - began > patience.lockMs) {
      throw new FolderSaidNo(
        "transient",
        `another program has been writing "${blob}" for ${patience.lockMs / 1000} s`,
        `Start the backup again; if it stays so, end every backup and delete "${lock}"`,
      );
    }
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  try {
    return await work();
  } finally {
    // What was done is done. A lock that cannot be removed is lost, and broken in its time.
    await disk.remove(lock).catch(() => undefined);
  }
}

/** False when somebody else has it. */
async function take(disk: Disk, lock: string): Promise<boolean> {
  try {
    const file = await disk.open(lock, "new");
    try {
      await file.write(Buffer.from(`${process.pid} ${hostname()}`));
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Whether the process that made the lock is gone; of another machine's only its age tells. */
async function isLost(disk: Disk, lock: string): Promise<boolean> {
  try {
    const file = await disk.open(lock, "read");
    try {
      const text = Buffer.alloc(300);
      const signed = text.subarray(0, await file.read(text, 0)).toString();
      const ageMs = Date.now() - (await file.facts()).modifiedMs;
      const [, pid, host] = /^(\d+) (.+)$/.exec(signed) ?? [];
      if (pid === undefined) return ageMs > UNSIGNED_MS;
      return ageMs > LOST_MS || (host === hostname() && !isAlive(Number(pid)));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

async function breakLock(disk: Disk, lock: string): Promise<void> {
  const breaking = `${lock}.breaking`;
  if (!(await take(disk, breaking))) {
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    return;
  }
  try {
    // Looked at again: another one may have broken it, and a third one taken it, since.
    if (await isLost(disk, lock)) await disk.remove(lock);
  } finally {
    await disk.remove(breaking).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It may not be asked, so it is there.
    return codeOf(error) !== "ESRCH";
  }
}
