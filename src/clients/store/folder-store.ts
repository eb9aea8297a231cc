// The store over a folder of this machine or of a share: each blob is a plain file of the same path, so that a backup
// can be looked at, copied and restored from without this program. What files do not carry lies in `.store`, beside the
// folders of the runs.
//
// A file gets its name when it is whole, and is not changed afterwards (folder/publish.ts). Several processes of one
// machine may write at once; so may several machines to one share, as long as they do not write the same path. Paths on
// Windows may be longer than 260 characters: Node passes them in the form that has no such limit, on disks and shares
// alike.
import { createHash } from "node:crypto";
import { failed, ok, type Result } from "../../core/result.ts";
import { type Disk, DISK } from "./folder/disk.ts";
import { diskRefusal } from "./folder/disk-refusals.ts";
import { fileToRead, fileToWrite, type Ground, groundOf, isNothing, standing } from "./folder/ground.ts";
import { locked } from "./folder/lock.ts";
import { makeReady } from "./folder/make-ready.ts";
import { rootOf } from "./folder/names.ts";
import { DISK_PATIENCE, type DiskPatience, patientDisk } from "./folder/patient-disk.ts";
import { beginPartial, bytesOf, publish } from "./folder/publish.ts";
import { readRecord, removeRecord } from "./folder/records.ts";
import { filesBelow } from "./folder/walk.ts";
import type { ListFolders } from "./folders.ts";
import type { BlobInfo, PutOptions, Store, Written } from "./store.ts";

export interface FolderStoreOptions {
  /** Absolute path, as the profile has it. */
  readonly folder: string;
  readonly disk?: Disk;
  readonly windows?: boolean;
  readonly patience?: DiskPatience;
  /** Files of one page of a listing, 5,000 at most. */
  readonly page?: number;
}

const PAGE = 5_000;

/** One folder as a `Store`; `bad-input` when the path cannot be one on this system. Touches nothing until it is used. */
export function folderStore(options: FolderStoreOptions): Result<Store> {
  const opened = open(options);
  return opened.ok ? ok(storeOver(opened.value, options.page ?? PAGE)) : opened;
}

/** The folders at the top of it. A folder that is not there is a failure: a share may be away. */
export function foldersIn(options: FolderStoreOptions): Result<ListFolders> {
  const opened = open(options);
  if (!opened.ok) return opened;
  const { disk, root } = opened.value;
  return ok(async (prefix) => {
    try {
      const entries = await disk.entries(root);
      const folders = entries.filter(({ name, kind }) => kind === "folder" && name.startsWith(prefix));
      return ok(folders.map(({ name }) => name).sort());
    } catch (error) {
      return diskRefusal(error, "list what lies in", root);
    }
  });
}

function open(options: FolderStoreOptions): Result<Ground> {
  const { folder, disk = DISK, windows = process.platform === "win32", patience = DISK_PATIENCE } = options;
  const root = rootOf(folder, windows);
  if (!root.ok) return root;
  return ok(groundOf(patientDisk(disk, patience, windows), root.value, windows, patience));
}

function storeOver(ground: Ground, page: number): Store {
  const { disk, root } = ground;

  /** What the disk throws becomes a failure named after `action`. */
  async function call<T>(action: string, work: () => Promise<T>): Promise<Result<T>> {
    try {
      return ok(await work());
    } catch (error) {
      return diskRefusal(error, action, root);
    }
  }

  async function put(path: string, content: Uint8Array | string, options: PutOptions = {}): Promise<Written> {
    const partial = await beginPartial(ground);
    try {
      await partial.add(typeof content === "string" ? Buffer.from(content, "utf8") : content);
      await partial.end();
      const { metadata = {}, when } = options;
      return await publish(ground, { blob: path, partial: partial.file, metadata, when });
    } finally {
      await partial.leave();
    }
  }

  /** Calls `use` with the opened file of a blob; undefined where none lies. */
  async function reading<T>(
    path: string,
    use: (file: Awaited<ReturnType<Disk["open"]>>) => Promise<T>,
  ): Promise<T | undefined> {
    const found = await fileToRead(ground, path);
    if (found === undefined) return undefined;
    const file = await disk.open(found.file, "read").catch((error: unknown) => {
      if (isNothing(error)) return undefined;
      throw error;
    });
    if (file === undefined) return undefined;
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  }

  async function infoOf(path: string, facts: { readonly sizeBytes: number; readonly modifiedMs: number }) {
    const metadata = await readRecord(ground, path, { kind: "file", ...facts });
    return { path, sizeBytes: facts.sizeBytes, metadata } satisfies BlobInfo;
  }

  return {
    name: root,

    ready: () => call("prepare", () => makeReady(ground)),

    put: (path, content, options) => call(`write "${path}" in`, () => put(path, content, options)),

    get: (path) =>
      call(`read "${path}" in`, () =>
        reading(path, async (file) => {
          const bytes = await bytesOf(file, 0, Infinity);
          return { bytes, etag: createHash("sha256").update(bytes).digest("hex") };
        }),
      ),

    async range(path, offset, length) {
      const action = `read ${length} bytes at ${offset} of "${path}" in`;
      const read = await call(action, () => reading(path, (file) => bytesOf(file, offset, length)));
      if (!read.ok) return read;
      if (read.value !== undefined) return ok(read.value);
      return failed(
        "storage-refused",
        `Cannot ${action} the folder "${root}": no such file lies there`,
        "Find out who deletes or moves files there, and take another backup",
      );
    },

    info: (path) =>
      call(`look at "${path}" in`, async () => {
        const found = await fileToRead(ground, path);
        return found === undefined ? undefined : await infoOf(path, found.facts);
      }),

    list: (prefix, next) =>
      call(`list "${prefix}" in`, async () => {
        const blobs: BlobInfo[] = [];
        for await (const { path, facts } of filesBelow(ground, prefix, next)) {
          const last = blobs.at(-1);
          if (blobs.length === page && last !== undefined) return { blobs, next: last.path };
          blobs.push(await infoOf(path, facts));
        }
        return { blobs };
      }),

    async putStream(path, body, beforeCommit) {
      const action = `write "${path}" in`;
      const begun = await call(action, () => beginPartial(ground));
      if (!begun.ok) return begun;
      const partial = begun.value;
      try {
        // What the body throws is the caller's; what the disk throws is a failure.
        for await (const chunk of body) {
          const added = await call(action, () => partial.add(chunk));
          if (!added.ok) return added;
        }
        const ended = await call(action, () => partial.end());
        if (!ended.ok) return ended;
        const blob = ended.value;
        const allowed = await beforeCommit(blob);
        if (!allowed.ok) return allowed;
        const metadata = { sha256: blob.sha256 };
        const written = await call(action, () =>
          publish(ground, { blob: path, partial: partial.file, metadata, when: "absent" }),
        );
        if (!written.ok) return written;
        return ok({ written: written.value === "written" ? "written" : "exists", blob });
      } finally {
        await partial.leave();
      }
    },

    delete: (path) =>
      call(`delete "${path}" in`, async () => {
        // Its folders stay, also when they are empty now: another writer may be about to use them.
        if ((await fileToRead(ground, path)) === undefined) return;
        const file = await fileToWrite(ground, path);
        await locked(ground, path, async () => {
          if ((await standing(ground, file)) === undefined) return;
          await disk.remove(file);
          await removeRecord(ground, path);
        });
      }),
  };
}
