// The store over a folder where something happens between two of its steps: another program writes, removes or holds
// what it is about to use, or the disk refuses a single call.
import { randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { DISK, type Disk } from "../../../src/clients/store/folder/disk.ts";
import { keyOf } from "../../../src/clients/store/folder/ground.ts";
import { foldersIn, folderStore, type FolderStoreOptions } from "../../../src/clients/store/folder-store.ts";
import type { Store } from "../../../src/clients/store/store.ts";
import { ok, type Failure, type Result } from "../../../src/core/result.ts";
import { bytesAt, chunksOf, valueOf } from "./contract.ts";

const base = mkdtempSync(path.join(tmpdir(), "folder-trouble-"));
afterAll(() => rm(base, { recursive: true, force: true }));

const QUICK = { delaysMs: [], callMs: 20_000, lockMs: 60 };
const DEAD_PID = 2 ** 30;
const allow = async () => ok(undefined);

/** The disk without waiting until it has written. */
const FAST: Disk = {
  ...DISK,
  open: async (file, how) => ({ ...(await DISK.open(file, how)), sync: () => Promise.resolve() }),
  syncFolder: () => Promise.resolve(),
};

function open(folder: string, disk: Partial<Disk> = {}, more: Partial<FolderStoreOptions> = {}): Store {
  const options = { folder, patience: QUICK, windows: false, ...more };
  return valueOf(folderStore({ ...options, disk: { ...FAST, ...disk } }));
}

async function fresh(): Promise<{ store: Store; folder: string }> {
  const folder = path.join(base, randomUUID());
  valueOf(await open(folder).ready());
  return { store: open(folder), folder };
}

const system = (code: string): Error => Object.assign(new Error(`${code}: scripted`), { code });
const refuse = (code: string) => () => Promise.reject(system(code));

type Call = Exclude<keyof Disk, "open">;

/** A call of the disk that is refused for the paths that match, and done for others. */
function refusing(call: Call | "read" | "new", matches: RegExp, code: string): Partial<Disk> {
  const isIt = (file: string): boolean => matches.test(file.replaceAll("\\", "/"));
  if (call === "read" || call === "new") {
    return { open: (file, how) => (how === call && isIt(file) ? refuse(code)() : FAST.open(file, how)) };
  }
  const usual = FAST[call] as (...args: readonly string[]) => Promise<never>;
  return { [call]: (...args: string[]) => (isIt(args[0] ?? "") ? refuse(code)() : usual(...args)) };
}

function failureOf(result: Result<unknown>): Failure {
  if (result.ok) throw new Error("it did not fail");
  return result.failure;
}

const textAt = async (store: Store, blob: string): Promise<string> =>
  Buffer.from(await bytesAt(store, blob)).toString();
const partials = (folder: string): Promise<string[]> => readdir(path.join(folder, ".store", "partial"));
const lockOf = (folder: string, blob: string): string => path.join(folder, ".store", "locks", keyOf(blob));
const recordOf = (folder: string): string =>
  path.join(folder, ".store", "records", "run", `${keyOf("run/a")}.json`);

describe("one call that the disk refuses", () => {
  test.each<[string, Partial<Disk>, string]>([
    ["of the folders on the way", refusing("makeFolder", /\/run$/, "ENOSPC"), "the disk is full"],
    ["of the lock", refusing("new", /\/locks\//, "ENOSPC"), "the disk is full"],
    ["of the record's folder", refusing("makeFolder", /\/records\/run$/, "EACCES"), "may not do it"],
    ["of the name", { ...refusing("link", /./, "EPERM"), rename: refuse("EIO") }, "does not answer"],
    [
      "of the last bytes",
      { open: async (file, how) => ({ ...(await DISK.open(file, how)), sync: refuse("ENOSPC") }) },
      "the disk is full",
    ],
  ])("a write tells it, and nothing lies there: %s", async (_, disk, text) => {
    const { store, folder } = await fresh();
    const broken = open(folder, disk);
    const streamed = await broken.putStream("run/a", chunksOf("x"), allow);
    expect(failureOf(streamed).text).toContain(text);
    expect(await store.info("run/a")).toEqual(ok(undefined));
    expect(await store.putStream("run/a", chunksOf("x"), allow)).toMatchObject({ ok: true });
    expect(await textAt(store, "run/a")).toBe("x");
  });

  test.each<[string, Partial<Disk>, (store: Store) => Promise<Result<unknown>>]>([
    ["of the file's place", refusing("realPath", /\/run\/a$/, "EIO"), (store) => store.get("run/a")],
    ["of the file", refusing("read", /\/run\/a$/, "EIO"), (store) => store.range("run/a", 0, 1)],
    ["of its record", refusing("read", /\/records\//, "EIO"), (store) => store.info("run/a")],
    ["of a folder's names", refusing("entries", /\/run$/, "EIO"), (store) => store.list("")],
    ["of a listed file", refusing("facts", /\/run\/a$/, "EIO"), (store) => store.list("")],
  ])("a read tells it, and never takes it for nothing: %s", async (_, disk, read) => {
    const { store, folder } = await fresh();
    await store.put("run/a", "x", { metadata: { k: "v" } });
    expect(failureOf(await read(open(folder, disk))).reason).toBe("transient");
    expect(await read(store)).toMatchObject({ ok: true });
  });

  test("a deletion tells it", async () => {
    const { store, folder } = await fresh();
    await store.put("run/a", "x", { metadata: { k: "v" } });
    const broken = open(folder, refusing("remove", /\/records\//, "EACCES"));
    expect(failureOf(await broken.delete("run/a")).text).toContain("may not do it");
  });

  test.each<[string, Partial<Disk>]>([
    ["of the folder's place", refusing("facts", /./, "EIO")],
    ["of the store's own folder", refusing("makeFolder", /\.store$/, "EIO")],
    ["of the explanation", refusing("new", /README/, "EIO")],
    ["of what a crash left", refusing("remove", /left$/, "EIO")],
  ])("ready() tells it: %s", async (_, disk) => {
    const { folder } = await fresh();
    await rm(path.join(folder, ".store", "README.txt"));
    await leave(folder);
    expect(failureOf(await open(folder, disk).ready()).reason).toBe("transient");
  });

  test.each(["ENOENT", "EBUSY", "EPERM", "EACCES"])(
    "ready() does without the removal of what a crash left: %s",
    async (code) => {
      const { folder } = await fresh();
      await leave(folder);
      expect(await open(folder, refusing("remove", /left$/, code)).ready()).toEqual(ok(undefined));
    },
  );

  async function leave(folder: string): Promise<void> {
    const left = path.join(folder, ".store", "partial", "left");
    await writeFile(left, "half");
    await utimes(left, 0, 0);
  }
});

describe("what another program does between two steps", () => {
  test("a file in the place of a folder is told as that", async () => {
    const { store } = await fresh();
    await store.put("run/a", "x");
    for (const blob of ["run/a/b", "run/a/b/c"]) {
      expect(failureOf(await store.put(blob, "y")).text).toContain("a file lies where a folder should be");
      expect(await store.get(blob)).toEqual(ok(undefined));
    }
    expect(await textAt(store, "run/a")).toBe("x");
  });

  test("folders that another writer makes first are used", async () => {
    const { folder } = await fresh();
    const makeFolder = async (made: string): Promise<void> => {
      await mkdir(made);
      await DISK.makeFolder(made);
    };
    const store = open(folder, { makeFolder });
    expect(await store.put("run/deep/a", "x", { metadata: { k: "v" } })).toEqual(ok("written"));
    expect(valueOf(await store.info("run/deep/a"))?.metadata).toEqual({ k: "v" });
  });

  test("ready() takes an explanation that another one wrote first", async () => {
    const { folder } = await fresh();
    const readme = path.join(folder, ".store", "README.txt");
    await rm(readme);
    const disk: Partial<Disk> = {
      open: async (file, how) => {
        if (file === readme) await writeFile(readme, "theirs");
        return FAST.open(file, how);
      },
    };
    expect(await open(folder, disk).ready()).toEqual(ok(undefined));
    expect(await readFile(readme, "utf8")).toBe("theirs");
  });

  test("a name that is taken by a program without locks is kept where nothing may be replaced, else replaced", async () => {
    const { folder } = await fresh();
    const theirs = (file: string): Promise<void> => writeFile(file, "theirs");
    const store = open(folder, {
      link: async (file, name) => {
        await theirs(name);
        await DISK.link(file, name);
      },
      rename: async (file, name) => {
        if (name.startsWith(path.join(folder, "run"))) await theirs(name);
        await DISK.rename(file, name);
      },
    });
    expect(await store.put("run/a", "ours", { when: "absent" })).toEqual(ok("exists"));
    expect(await textAt(store, "run/a")).toBe("theirs");
    expect(await store.put("run/b", "ours")).toEqual(ok("written"));
    expect(await textAt(store, "run/b")).toBe("ours");
    expect(await partials(folder)).toEqual([]);
  });

  test("a link that hangs may be done yet: the file is not named a second time", async () => {
    const { folder } = await fresh();
    let renamed = 0;
    const disk: Partial<Disk> = {
      link: () => new Promise(() => undefined),
      rename: async (file, name) => {
        if (!name.includes("records")) renamed += 1;
        await DISK.rename(file, name);
      },
    };
    const store = open(folder, disk, { patience: { ...QUICK, callMs: 200 } });
    expect(failureOf(await store.put("run/a", "x", { when: "absent" })).reason).toBe("transient");
    expect(renamed).toBe(0);
  });

  test("a file that is removed before it is opened is nothing, in a listing too", async () => {
    const { store, folder } = await fresh();
    for (const blob of ["run/a", "run/b", "sun/c"]) await store.put(blob, "x");
    const gone = open(folder, {
      ...refusing("read", /\/run\/a$/, "ENOENT"),
      ...refusing("facts", /\/run\/b$/, "ENOENT"),
      ...refusing("entries", /\/sun$/, "ENOENT"),
    });
    expect(await gone.get("run/a")).toEqual(ok(undefined));
    expect(failureOf(await gone.range("run/a", 0, 1)).text).toContain("no such file lies there");
    expect(valueOf(await gone.list("")).blobs.map((blob) => blob.path)).toEqual(["run/a"]);
  });

  test("a deletion that another one was faster with is done", async () => {
    const { store, folder } = await fresh();
    await store.put("run/a", "x");
    let removed = 0;
    const disk: Partial<Disk> = {
      open: async (file, how) => {
        if (file === lockOf(folder, "run/a")) await rm(path.join(folder, "run", "a"));
        return FAST.open(file, how);
      },
      remove: async (file) => {
        if (!file.includes(".store")) removed += 1;
        await DISK.remove(file);
      },
    };
    expect(await open(folder, disk).delete("run/a")).toEqual(ok(undefined));
    expect(removed).toBe(0);
  });

  test.each(["{", "7", "null", '{"path":"run/a","sizeBytes":1,"modifiedMs":MS,"metadata":7}'])(
    "a record that is none is no metadata: %s",
    async (record) => {
      const { store, folder } = await fresh();
      await store.put("run/a", "x", { metadata: { sha256: "h" } });
      expect(valueOf(await store.info("run/a"))?.metadata).toEqual({ sha256: "h" });
      const { mtimeMs } = await stat(path.join(folder, "run", "a"));
      await writeFile(recordOf(folder), record.replace("MS", String(mtimeMs)));
      expect(valueOf(await store.info("run/a"))?.metadata).toEqual({});
    },
  );
});

describe("locks", () => {
  test("one that nobody signed is waited for while it is young, and broken when it is old", async () => {
    const { store, folder } = await fresh();
    const lock = lockOf(folder, "run/a");
    await writeFile(lock, "");
    expect(failureOf(await store.put("run/a", "x")).text).toContain("another program has been writing");
    await utimes(lock, 0, 0);
    expect(await store.put("run/a", "x")).toEqual(ok("written"));
    expect(await readdir(path.dirname(lock))).toEqual([]);
  });

  test("one that is let go while it is looked at is taken", async () => {
    const { folder } = await fresh();
    const lock = lockOf(folder, "run/a");
    await writeFile(lock, `${process.pid} ${hostname()}`);
    const disk: Partial<Disk> = {
      open: async (file, how) => {
        if (file === lock && how === "read") await rm(lock);
        return FAST.open(file, how);
      },
    };
    expect(await open(folder, disk).put("run/a", "x")).toEqual(ok("written"));
  });

  test("one that cannot be looked at is a failure, and stays", async () => {
    const { folder } = await fresh();
    const lock = lockOf(folder, "run/a");
    await writeFile(lock, `${DEAD_PID} ${hostname()}`);
    const store = open(folder, refusing("read", /\/locks\//, "EIO"));
    expect(failureOf(await store.put("run/a", "x")).reason).toBe("transient");
    expect(await readdir(path.dirname(lock))).toEqual([path.basename(lock)]);
  });

  test("one of a dead process that a living one takes meanwhile is not broken", async () => {
    const { folder } = await fresh();
    const lock = lockOf(folder, "run/a");
    await writeFile(lock, `${DEAD_PID} ${hostname()}`);
    const disk: Partial<Disk> = {
      open: async (file, how) => {
        if (file === `${lock}.breaking`) await writeFile(lock, `${process.pid} ${hostname()}`);
        return FAST.open(file, how);
      },
    };
    expect(failureOf(await open(folder, disk).put("run/a", "x")).text).toContain("another program");
    expect(await readFile(lock, "utf8")).toBe(`${process.pid} ${hostname()}`);
  });
});

describe("the disk", () => {
  test("a long stream reaches it in pieces, so that no single sync takes longer than a call may", async () => {
    const { folder } = await fresh();
    const synced: number[] = [];
    let written = 0;
    const disk: Partial<Disk> = {
      open: async (file, how) => {
        const opened = await FAST.open(file, how);
        if (how === "read" || !file.includes("partial")) return opened;
        const write = (bytes: Uint8Array): Promise<void> => {
          written += bytes.length;
          return Promise.resolve();
        };
        return { ...opened, write, sync: async () => void synced.push(written) };
      },
    };
    const piece = Buffer.alloc(8 * 1024 * 1024);
    const body = chunksOf(...Array.from({ length: 9 }, () => piece));
    expect(await open(folder, disk).putStream("run/a", body, allow)).toMatchObject({ ok: true });
    expect(synced.map((bytes) => bytes / piece.length)).toEqual([8, 9]);
  });

  test.runIf(process.platform === "linux")(
    "a file system that syncs no folders is none the worse",
    async () => {
      await expect(DISK.syncFolder("/proc")).resolves.toBeUndefined();
      await expect(DISK.syncFolder(path.join(base, "none"))).rejects.toMatchObject({ code: "ENOENT" });
    },
  );

  test("a folder that cannot be one is told before the disk is asked", () => {
    expect(failureOf(foldersIn({ folder: "backups", windows: false })).reason).toBe("bad-input");
  });
});
