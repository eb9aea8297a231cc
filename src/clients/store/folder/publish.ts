// Writing a file: its bytes go to a file on its way in the same folder tree, and reach the disk, before it gets its
// name in one step. So a name always leads to a whole file, whenever the process or the machine dies.
import { createHash, randomUUID } from "node:crypto";
import path from "node:path";
import type { StreamedBlob, Written } from "../store.ts";
import { codeOf, type Disk, type OpenFile } from "./disk.ts";
import { fileToWrite, type Ground, standing } from "./ground.ts";
import { locked } from "./lock.ts";
import { SlowDiskError } from "./patient-disk.ts";
import { writeRecord } from "./records.ts";

const READ_BYTES = 1024 * 1024;
/** A sync of more than that could take longer than a call may: the system keeps gigabytes back for a slow disk. */
const SYNC_BYTES = 64 * 1024 * 1024;

/** A file on its way. `end` before it is published; `leave` in any case, also afterwards. */
export interface Partial {
  readonly file: string;
  add(bytes: Uint8Array): Promise<void>;
  /** All bytes are on the disk; their number and hash. */
  end(): Promise<StreamedBlob>;
  /** Removes what was not published. Does not throw: what stays behind is removed by the next `ready`. */
  leave(): Promise<void>;
}

export async function beginPartial({ disk, partial }: Ground): Promise<Partial> {
  const file = path.join(partial, randomUUID());
  const handle = await disk.open(file, "new");
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let syncedBytes = 0;
  let isOpen = true;
  return {
    file,
    async add(bytes) {
      hash.update(bytes);
      sizeBytes += bytes.length;
      await handle.write(bytes);
      if (sizeBytes - syncedBytes < SYNC_BYTES) return;
      syncedBytes = sizeBytes;
      await handle.sync();
    },
    async end() {
      await handle.sync();
      isOpen = false;
      await handle.close();
      return { sizeBytes, sha256: hash.digest("hex") };
    },
    async leave() {
      if (isOpen) await handle.close().catch(() => undefined);
      await disk.remove(file).catch(() => undefined);
    },
  };
}

export interface Publishing {
  readonly blob: string;
  /** The file on its way, closed. */
  readonly partial: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** undefined: whatever lies there is replaced. */
  readonly when: "absent" | { readonly etag: string } | undefined;
}

/** Gives the file its name, where what lies there allows it. The record of its metadata is written before. */
export async function publish(
  ground: Ground,
  { blob, partial, metadata, when }: Publishing,
): Promise<Written> {
  const { disk } = ground;
  const file = await fileToWrite(ground, blob);
  return await locked(ground, blob, async () => {
    const there = await standing(ground, file);
    if (when === "absent" && there !== undefined) return "exists";
    if (typeof when === "object" && (there === undefined || (await etagOf(disk, file)) !== when.etag)) {
      return "changed";
    }
    await writeRecord(ground, blob, metadata, await disk.facts(partial));
    if (when === "absent") {
      if (!(await nameNew(disk, partial, file))) return "exists";
    } else {
      await disk.rename(partial, file);
    }
    await disk.syncFolder(path.dirname(file));
    return "written";
  });
}

/**
 * False when the name is taken. A hard link never replaces, also when a program that knows no locks of ours writes there.
 * FAT, exFAT and some shares have none, each with an error of its own: there the lock alone keeps our writers apart.
 */
async function nameNew(disk: Disk, partial: string, file: string): Promise<boolean> {
  try {
    await disk.link(partial, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    // It may be done yet.
    if (error instanceof SlowDiskError) throw error;
    await disk.rename(partial, file);
    return true;
  }
}

/**
 * The hash of the content: the same bytes are the same version. Times are too coarse on some file systems, and file numbers
 * change on some shares.
 */
export async function etagOf(disk: Disk, file: string): Promise<string> {
  const hash = createHash("sha256");
  const open = await disk.open(file, "read");
  try {
    const piece = Buffer.alloc(READ_BYTES);
    for (let at = 0, read = -1; read !== 0; at += read) {
      read = await open.read(piece, at);
      hash.update(piece.subarray(0, read));
    }
  } finally {
    await open.close();
  }
  return hash.digest("hex");
}

/** The bytes [offset, offset + length) of a file, fewer at its end. */
export async function bytesOf(open: OpenFile, offset: number, length: number): Promise<Uint8Array> {
  const { sizeBytes } = await open.facts();
  const bytes = Buffer.alloc(Math.max(0, Math.min(length, sizeBytes - offset)));
  return bytes.subarray(0, await open.read(bytes, offset));
}
