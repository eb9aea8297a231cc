// The store over a folder: the contract of every store, and what a file system adds to it.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { DISK, type Disk } from "../../../src/clients/store/folder/disk.ts";
import { keyOf } from "../../../src/clients/store/folder/ground.ts";
import { patientDisk } from "../../../src/clients/store/folder/patient-disk.ts";
import { foldersIn, folderStore, type FolderStoreOptions } from "../../../src/clients/store/folder-store.ts";
import type { Store } from "../../../src/clients/store/store.ts";
import { failed, ok, type FailureReason } from "../../../src/core/result.ts";
import { bytesAt, chunksOf, patterned, sha256, storeContract, valueOf } from "./contract.ts";

const base = mkdtempSync(path.join(tmpdir(), "folder-store-"));
afterAll(() => rm(base, { recursive: true, force: true }));

const QUICK = { delaysMs: [1, 1], callMs: 20_000, lockMs: 300 };
const allow = async () => ok(undefined);

function open(folder: string, more: Partial<FolderStoreOptions> = {}): Store {
  return valueOf(folderStore({ folder, disk: FAST, ...more }));
}

/** The disk without waiting until it has written: what a crash of the machine leaves is not tested here. */
const FAST: Disk = {
  ...DISK,
  open: async (file, how) => ({ ...(await DISK.open(file, how)), sync: () => Promise.resolve() }),
  syncFolder: () => Promise.resolve(),
};

async function fresh(more: Partial<FolderStoreOptions> = {}): Promise<{ store: Store; folder: string }> {
  const folder = path.join(base, randomUUID());
  valueOf(await open(folder).ready());
  return { store: open(folder, more), folder };
}

/** A disk whose calls of these names throw an error of the system. */
function broken(code: string, ...calls: readonly (keyof Disk | "write")[]): Disk {
  const error = Object.assign(new Error(`${code}: scripted`), { code });
  const no = () => Promise.reject(error);
  const asked = Object.fromEntries(calls.filter((call) => call !== "write").map((call) => [call, no]));
  return {
    ...FAST,
    async open(file, how) {
      const opened = await FAST.open(file, how);
      return how === "new" && calls.includes("write") ? { ...opened, write: no } : opened;
    },
    ...asked,
  };
}

async function everyFile(folder: string): Promise<readonly string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

async function partials(folder: string): Promise<readonly string[]> {
  return await readdir(path.join(folder, ".store", "partial"));
}

storeContract("folderStore", async () => (await fresh({ disk: DISK })).store);
// exFAT and some shares refuse hard links; there a name is given by a rename under a lock.
storeContract("folderStore without hard links", async () => {
  return (await fresh({ disk: broken("EPERM", "link"), windows: false })).store;
});

describe("what an administrator sees", () => {
  test("blobs are plain files of the same path, with nothing beside them", async () => {
    const { store, folder } = await fresh();
    await store.put("run_1/run.json", "{}", { when: "absent" });
    await store.putStream("run_1/items/jdoe/a b.zip", chunksOf("zip"), allow);
    const seen = (await everyFile(folder)).filter((file) => !file.includes(`${path.sep}.store${path.sep}`));
    expect(seen.sort()).toEqual(
      ["items/jdoe/a b.zip", "run.json"].map((file) => path.join(folder, "run_1", file)),
    );
    expect(await readFile(path.join(folder, "run_1/items/jdoe/a b.zip"), "utf8")).toBe("zip");
    expect(await partials(folder)).toEqual([]);
    expect(await readdir(path.join(folder, ".store", "locks"))).toEqual([]);
    expect(valueOf(await store.list("")).blobs.map((blob) => blob.path)).toEqual([
      "run_1/items/jdoe/a b.zip",
      "run_1/run.json",
    ]);
  });

  test("a copy without the store's own folder can be read", async () => {
    const { store, folder } = await fresh();
    await store.putStream("run_1/a.zip", chunksOf("zip"), allow);
    await rm(path.join(folder, ".store"), { recursive: true });
    expect(valueOf(await store.info("run_1/a.zip"))).toEqual({
      path: "run_1/a.zip",
      sizeBytes: 3,
      metadata: {},
    });
    expect(Buffer.from(await bytesAt(store, "run_1/a.zip")).toString()).toBe("zip");
    // ... and is not written to: it may be the place where a share is missing.
    expect(await store.put("run_1/b.zip", "x")).toMatchObject({ failure: { reason: "transient" } });
  });

  test("metadata of a file that somebody changed is not told", async () => {
    const { store, folder } = await fresh();
    await store.put("run_1/a", "one", { metadata: { sha256: sha256(Buffer.from("one")) } });
    await writeFile(path.join(folder, "run_1/a"), "another");
    expect(valueOf(await store.info("run_1/a"))?.metadata).toEqual({});
  });

  test("foldersIn() names the top folders, and a folder that is not there is a failure", async () => {
    const { store, folder } = await fresh();
    for (const blob of ["a_1/x/y.txt", "b_2/x.txt", "top.txt"]) await store.put(blob, "x");
    const list = valueOf(foldersIn({ folder }));
    expect(await list("b")).toEqual(ok(["b_2"]));
    expect(valueOf(await list(""))).toEqual([".store", "a_1", "b_2"]);
    const none = valueOf(foldersIn({ folder: path.join(folder, "none") }));
    expect(await none("")).toMatchObject({ ok: false, failure: { reason: "transient" } });
  });

  test("list() goes on after the page, also in the middle of a folder", async () => {
    const { store, folder } = await fresh({ page: 3 });
    const all = ["w", "x/1", "x/2", "x/deep/3", "x/deep/4", "x0", "y/1"];
    for (const blob of all) await store.put(blob, "");
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
      const page = valueOf(await open(folder, { page: 3 }).list("", next));
      seen.push(...page.blobs.map((blob) => blob.path));
      sizes.push(page.blobs.length);
      next = page.next;
    }
    expect(seen).toEqual(all);
    expect(sizes).toEqual([3, 3, 1]);
  });
});

describe("paths", () => {
  test.each([
    "../out",
    "a/../../out",
    "/etc/passwd",
    "a//b",
    "a/./b",
    "a\\..\\b",
    "a/\0",
    ".store/x",
    ".Store/x",
    "",
  ])("a path that is none of a file is refused: %j", async (blob) => {
    const { store } = await fresh();
    for (const refused of [await store.put(blob, "x"), await store.get(blob), await store.delete(blob)]) {
      expect(refused).toMatchObject({ ok: false, failure: { reason: "storage-refused" } });
    }
  });

  test.each(["a/con", "a/NUL.txt", "a/b.", "a/b ", "a/b:stream", "a/b?", `a/${"x".repeat(256)}`])(
    "Windows has no such file: %j",
    async (blob) => {
      const store = open("C:\\Backups", { windows: true, disk: broken("EIO", "realPath") });
      expect(await store.get(blob)).toMatchObject({ ok: false, failure: { reason: "storage-refused" } });
      expect(await store.get("a/Straße 🗺️.zip")).toMatchObject({ failure: { reason: "transient" } });
    },
  );

  test("the folder must be a path of this system", () => {
    const refused = (folder: string, windows: boolean): boolean => !folderStore({ folder, windows }).ok;
    for (const folder of ["D:\\Backups", "\\\\server\\share\\backups", "backups"]) {
      expect(refused(folder, false), folder).toBe(true);
    }
    for (const folder of ["/srv/backups", "\\\\?\\C:\\x", "\\\\.\\pipe\\x", "C:\\a\\..\\b", "C:\\aux\\b"]) {
      expect(refused(folder, true), folder).toBe(true);
    }
    for (const folder of ["D:\\Backups", "D:/Backups/", "D:\\", "\\\\server\\share\\backups"]) {
      expect(refused(folder, true), folder).toBe(false);
    }
  });

  test("a link that leads out of the folder is followed neither to read nor to write", async () => {
    const { store, folder } = await fresh();
    const outside = path.join(base, randomUUID());
    await mkdir(outside);
    await writeFile(path.join(outside, "secret"), "secret");
    await symlink(outside, path.join(folder, "run_1"));
    await mkdir(path.join(folder, "run_2"));
    await symlink(path.join(outside, "secret"), path.join(folder, "run_2", "a"));
    for (const refused of [
      await store.get("run_1/secret"),
      await store.get("run_2/a"),
      await store.put("run_1/new", "x"),
      await store.put("run_1/deep/new", "x"),
      await store.put("run_2/a", "x"),
    ]) {
      expect(refused.ok).toBe(false);
    }
    expect(await readdir(outside)).toEqual(["secret"]);
    expect(await readFile(path.join(outside, "secret"), "utf8")).toBe("secret");
    expect(valueOf(await store.list("")).blobs).toEqual([]);
  });

  test("two blobs whose names differ in case alone are not taken for one where the file system does", async () => {
    const { store, folder } = await fresh();
    await store.put("run_1/a.zip", "small");
    // As Windows: whatever the case asked for, the file is found, and its real name is told.
    const real = (file: string): string => file.replace(/A\.ZIP$/, "a.zip");
    const blind = open(folder, {
      disk: {
        ...DISK,
        facts: (file) => DISK.facts(real(file)),
        realPath: (file) => DISK.realPath(real(file)),
      },
    });
    expect(await blind.put("run_1/A.ZIP", "large", { when: "absent" })).toMatchObject({
      failure: { reason: "already-exists" },
    });
    expect(await blind.put("run_1/A.ZIP", "large")).toMatchObject({ failure: { reason: "already-exists" } });
    expect(await blind.info("run_1/A.ZIP")).toEqual(ok(undefined));
    expect(await readFile(path.join(folder, "run_1/a.zip"), "utf8")).toBe("small");
  });
});

describe("what a disk refuses", () => {
  test.each([
    ["ENOSPC", "write", "storage-refused", "the disk is full"],
    ["EROFS", "open", "storage-refused", "can only be read"],
    ["EACCES", "open", "storage-refused", "may not do it"],
    ["EBUSY", "rename", "transient", "another program holds it"],
    ["EIO", "write", "transient", "does not answer"],
    ["ENETUNREACH", "realPath", "transient", "does not answer"],
    ["UNKNOWN", "open", "transient", "does not answer"],
    ["EWEIRD", "open", "storage-refused", "EWEIRD"],
  ] as const)(
    "%s in %s is told as %s, and leaves nothing",
    async (code, call, reason: FailureReason, text) => {
      const { store: good, folder } = await fresh();
      const store = open(folder, { disk: broken(code, call), patience: QUICK, windows: false });
      await good.put("run_1/old", "old");
      const put = await store.put("run_1/old", "x");
      expect(put).toMatchObject({ ok: false, failure: { reason } });
      expect(put.ok ? "" : put.failure.text).toContain(text);
      expect(put.ok ? "" : put.failure.text).toContain(folder);
      if (call !== "rename") {
        const streamed = await store.putStream("run_1/new", chunksOf("x"), allow);
        expect(streamed).toMatchObject({ ok: false, failure: { reason } });
        expect(await good.info("run_1/new")).toEqual(ok(undefined));
      }
      expect(Buffer.from(await bytesAt(good, "run_1/old")).toString()).toBe("old");
      expect(await partials(folder)).toEqual([]);
    },
  );

  test("what a scanner holds for a moment is tried again", async () => {
    let tries = 0;
    const disk: Disk = {
      ...DISK,
      rename: () =>
        (tries += 1) < 3
          ? Promise.reject(Object.assign(new Error("held"), { code: "EPERM" }))
          : Promise.resolve(),
    };
    await patientDisk(disk, QUICK, true).rename("a", "b");
    expect(tries).toBe(3);
    tries = -1000;
    // Elsewhere that is no matter of a moment.
    await expect(patientDisk(disk, QUICK, false).rename("a", "b")).rejects.toThrow("held");
    expect(tries).toBe(-999);
  });

  test("a share that hangs does not hold the run", async () => {
    const { folder } = await fresh();
    const disk: Disk = { ...DISK, realPath: () => new Promise(() => undefined) };
    expect(await open(folder, { disk, patience: { ...QUICK, callMs: 50 } }).get("run_1/a")).toMatchObject({
      failure: { reason: "transient" },
    });
  });

  test("a folder that vanished is no empty one", async () => {
    const { store, folder } = await fresh();
    await store.put("run_1/a", "x");
    await rm(folder, { recursive: true });
    for (const asked of [await store.get("run_1/a"), await store.info("run_1/a"), await store.list("")]) {
      expect(asked).toMatchObject({ ok: false, failure: { reason: "transient" } });
    }
    expect(await store.put("run_1/a", "x")).toMatchObject({ failure: { reason: "transient" } });
    await expect(stat(folder)).rejects.toThrow("ENOENT");
  });

  test("what is not the disk's doing is thrown", async () => {
    const { store } = await fresh();
    const put = store.putStream("a", chunksOf("x"), () => Promise.reject(new Error("a mistake")));
    await expect(put).rejects.toThrow("a mistake");
  });
});

describe("ready()", () => {
  test("makes the folder, but not the one above it", async () => {
    const folder = path.join(base, randomUUID(), "backups");
    expect(await open(folder).ready()).toMatchObject({ ok: false, failure: { reason: "storage-refused" } });
    await mkdir(path.dirname(folder));
    expect(await open(folder).ready()).toEqual(ok(undefined));
    const file = path.join(base, randomUUID());
    await writeFile(file, "");
    expect(await open(file).ready()).toMatchObject({ ok: false, failure: { reason: "bad-input" } });
  });

  test("finds out whether it can be written to", async () => {
    const { folder } = await fresh();
    const store = open(folder, { disk: broken("ENOSPC", "write"), patience: QUICK });
    expect(await store.ready()).toMatchObject({ ok: false, failure: { reason: "storage-refused" } });
  });

  test("removes what crashed writers left a day ago, and records of runs that are gone", async () => {
    const { store, folder } = await fresh();
    const left = path.join(folder, ".store", "partial", "left");
    const young = path.join(folder, ".store", "partial", "young");
    for (const file of [left, young]) await writeFile(file, "half");
    const dayAgo = new Date(Date.now() - 25 * 3_600_000);
    await utimes(left, dayAgo, dayAgo);
    await store.putStream("run_1/a", chunksOf("x"), allow);
    await store.putStream("run_2/a", chunksOf("x"), allow);
    await rm(path.join(folder, "run_1"), { recursive: true });
    expect(await store.ready()).toEqual(ok(undefined));
    expect(await partials(folder)).toEqual(["young"]);
    expect(await readdir(path.join(folder, ".store", "records"))).toEqual(["run_2"]);
  });
});

describe("writers that die", () => {
  test("kill -9 in the middle of a stream leaves no file, and the write is repeated", async () => {
    const { store, folder } = await fresh();
    const script = path.join(import.meta.dirname, "folder-writer.ts");
    const args = ["--disable-warning=ExperimentalWarning", script, folder, "run_1/a.zip"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    expect(await partials(folder)).toHaveLength(1);
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    expect(await store.info("run_1/a.zip")).toEqual(ok(undefined));
    expect(valueOf(await store.list("")).blobs).toEqual([]);
    const body = patterned(100_000);
    expect(await store.putStream("run_1/a.zip", chunksOf(body), allow)).toMatchObject({
      value: { written: "written" },
    });
    expect(sha256(await bytesAt(store, "run_1/a.zip"))).toBe(sha256(body));
  });

  test("a crash between the record and the name leaves nothing that is told", async () => {
    const { folder } = await fresh();
    const dying = open(folder, { disk: broken("EIO", "link", "rename"), patience: QUICK });
    expect((await dying.putStream("run_1/a", chunksOf("one"), allow)).ok).toBe(false);
    const store = open(folder);
    expect(await store.info("run_1/a")).toEqual(ok(undefined));
    expect(await store.put("run_1/a", "another", { when: "absent" })).toEqual(ok("written"));
    expect(valueOf(await store.info("run_1/a"))?.metadata).toEqual({});
  });

  test("the lock of a process that died is broken, that of one that lives is waited for", async () => {
    const { folder } = await fresh();
    const lock = (blob: string) => path.join(folder, ".store", "locks", keyOf(blob));
    const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    await new Promise((resolve) => child.once("exit", resolve));
    await writeFile(lock("dead"), `${child.pid} ${hostname()}`);
    await writeFile(lock("alive"), `${process.pid} ${hostname()}`);
    const store = open(folder, { patience: QUICK });
    const writers = await Promise.all(
      ["a", "b", "c"].map((each) => store.put("dead", each, { when: "absent" })),
    );
    expect(writers.map(valueOf).sort()).toEqual(["exists", "exists", "written"]);
    const waited = await store.put("alive", "x");
    expect(waited).toEqual(
      failed(
        "transient",
        expect.stringContaining("another program") as string,
        expect.stringContaining(lock("alive")) as string,
      ),
    );
    rmSync(lock("alive"));
    expect(await store.put("alive", "x")).toEqual(ok("written"));
  });

  test("three stores on one folder count together without losing a step", async () => {
    const { folder } = await fresh();
    await open(folder).put("count", "0");
    const count = async (store: Store): Promise<void> => {
      for (let done = 0; done < 15;) {
        const seen = valueOf(await store.get("count"));
        const next = String(Number(Buffer.from(seen?.bytes ?? []).toString()) + 1);
        if (valueOf(await store.put("count", next, { when: { etag: seen?.etag ?? "" } })) === "written")
          done += 1;
      }
    };
    await Promise.all([count(open(folder)), count(open(folder)), count(open(folder))]);
    expect(Buffer.from(await bytesAt(open(folder), "count")).toString()).toBe("45");
  });
});
