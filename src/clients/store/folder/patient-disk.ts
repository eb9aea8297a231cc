// A disk whose calls end: each has a deadline, and what a virus scanner or an indexer holds for a moment is tried
// again.
import { codeOf, type Disk, type OpenFile } from "./disk.ts";

export interface DiskPatience {
  /** Waits between tries of a call that another program stands in the way of. */
  readonly delaysMs: readonly number[];
  /** Deadline of one call. */
  readonly callMs: number;
  /** How long a writer waits for another one of the same path. */
  readonly lockMs: number;
}

export const DISK_PATIENCE: DiskPatience = {
  delaysMs: [20, 60, 150, 400, 1_000, 2_000],
  callMs: 60_000,
  lockMs: 30_000,
};

/** A call that did not come back in time. */
export class SlowDiskError extends Error {
  override readonly name = "SlowDiskError";
}

/** On Windows a file that a scanner has open is "not permitted" to be renamed, removed or opened for that moment. */
function isHeld(error: unknown, windows: boolean): boolean {
  const code = codeOf(error);
  if (["EBUSY", "EAGAIN", "EMFILE", "ENFILE", "ETXTBSY"].includes(code)) return true;
  return windows && (code === "EPERM" || code === "EACCES");
}

export function patientDisk(disk: Disk, { delaysMs, callMs }: DiskPatience, windows: boolean): Disk {
  async function inTime<T>(work: () => Promise<T>, late?: (value: T) => void): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    let isLate = false;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        isLate = true;
        reject(new SlowDiskError(`no answer within ${callMs / 1000} s`));
      }, callMs);
    });
    const asked = work().then((value) => {
      if (isLate) late?.(value);
      return value;
    });
    try {
      return await Promise.race([asked, deadline]);
    } finally {
      clearTimeout(timer);
    }
  }

  async function again<T>(work: () => Promise<T>, late?: (value: T) => void): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await inTime(work, late);
      } catch (error) {
        const delay = delaysMs[attempt];
        if (delay === undefined || !isHeld(error, windows)) throw error;
        await new Promise<void>((resolve) => setTimeout(resolve, delay));
      }
    }
  }

  const timed = (file: OpenFile): OpenFile => ({
    read: (into, position) => inTime(() => file.read(into, position)),
    // Never again: a part of it may be written.
    write: (bytes) => inTime(() => file.write(bytes)),
    facts: () => inTime(() => file.facts()),
    sync: () => inTime(() => file.sync()),
    close: () => inTime(() => file.close()),
  });

  return {
    open: async (file, how) =>
      timed(
        await again(
          () => disk.open(file, how),
          (late) => void late.close().catch(() => undefined),
        ),
      ),
    facts: (path) => again(() => disk.facts(path)),
    entries: (folder) => again(() => disk.entries(folder)),
    realPath: (path) => again(() => disk.realPath(path)),
    makeFolder: (folder) => again(() => disk.makeFolder(folder)),
    // Who links has another way where links are refused.
    link: (file, name) => inTime(() => disk.link(file, name)),
    rename: (file, name) => again(() => disk.rename(file, name)),
    remove: (file) => again(() => disk.remove(file)),
    removeTree: (folder) => again(() => disk.removeTree(folder)),
    syncFolder: (folder) => inTime(() => disk.syncFolder(folder)),
  };
}
