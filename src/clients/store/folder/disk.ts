// The disk as the folder store needs it: few calls, each with a deadline, and repeated where another program is in the
// way for a moment. A share that has vanished lets a call hang for minutes or for ever.
import { constants } from "node:fs";
import { link, lstat, mkdir, open, readdir, realpath, rename, rm, unlink } from "node:fs/promises";

export interface Facts {
  /** `other`: a link, a device, a socket. */
  readonly kind: "file" | "folder" | "other";
  readonly sizeBytes: number;
  /** Epoch milliseconds. */
  readonly modifiedMs: number;
}

export interface Entry {
  readonly name: string;
  readonly kind: Facts["kind"];
}

export interface OpenFile {
  /** Fills `into` from `position`; fewer bytes at the end of the file. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** Appends all of it. */
  write(bytes: Uint8Array): Promise<void>;
  facts(): Promise<Facts>;
  /** The bytes are on the disk, not only on their way to it. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Every call throws what the system says, with its `code`. */
export interface Disk {
  /** `new`: a file that must not be there yet. */
  open(file: string, how: "read" | "new"): Promise<OpenFile>;
  /** Of what lies there itself: a link is not followed. */
  facts(path: string): Promise<Facts>;
  /** All entries of a folder, in no order. */
  entries(folder: string): Promise<readonly Entry[]>;
  /** The path with every link on it followed. */
  realPath(path: string): Promise<string>;
  /** One folder; the one above it must be there. */
  makeFolder(folder: string): Promise<void>;
  /** A second name for a file, which must not be taken. */
  link(file: string, name: string): Promise<void>;
  /** Replaces what has the name. */
  rename(file: string, name: string): Promise<void>;
  remove(file: string): Promise<void>;
  removeTree(folder: string): Promise<void>;
  /** The names in a folder are on the disk; does nothing where the system knows no such thing. */
  syncFolder(folder: string): Promise<void>;
}

export const DISK: Disk = {
  async open(file, how) {
    const flags =
      how === "read" ? constants.O_RDONLY : constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
    const handle = await open(file, flags);
    return {
      async read(into, position) {
        let filled = 0;
        while (filled < into.length) {
          const rest = into.length - filled;
          const { bytesRead } = await handle.read(into, filled, rest, position + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return filled;
      },
      async write(bytes) {
        for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten;
      },
      facts: async () => factsOf(await handle.stat()),
      sync: () => handle.sync(),
      close: () => handle.close(),
    };
  },
  facts: async (path) => factsOf(await lstat(path)),
  async entries(folder) {
    const found = await readdir(folder, { withFileTypes: true });
    return found.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
  },
  realPath: (path) => realpath(path),
  makeFolder: (folder) => mkdir(folder),
  link,
  rename,
  remove: unlink,
  removeTree: (folder) => rm(folder, { recursive: true, force: true }),
  async syncFolder(folder) {
    // Windows opens no folder as a file; what is renamed there is journaled.
    if (process.platform === "win32") return;
    const handle = await open(folder, constants.O_RDONLY);
    try {
      await handle.sync();
    } catch (error) {
      // File systems of other systems, and many shares, sync files alone.
      if (!["EINVAL", "ENOTSUP", "EPERM", "EACCES", "EISDIR", "EBADF"].includes(codeOf(error))) throw error;
    } finally {
      await handle.close();
    }
  },
};

interface Kinds {
  isFile(): boolean;
  isDirectory(): boolean;
}

function kindOf(found: Kinds): Facts["kind"] {
  return found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
}

function factsOf(found: Kinds & { readonly size: number; readonly mtimeMs: number }): Facts {
  return { kind: kindOf(found), sizeBytes: found.size, modifiedMs: found.mtimeMs };
}

/** `ENOENT` and its like; empty for what is no error of the system. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
