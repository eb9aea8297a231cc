// What every store must do, whatever lies below it. `fresh` gives an empty store that is ready.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Store } from "../../../src/clients/store/store.ts";
import { failed, ok } from "../../../src/core/result.ts";
import type { Result } from "../../../src/core/result.ts";

const allow = async (): Promise<Result<void>> => ok(undefined);

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.reason}: ${result.failure.text}`);
  return result.value;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export async function* chunksOf(...chunks: readonly (Uint8Array | string)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

/** Bytes that differ from block to block, so that a swapped block shows. */
export function patterned(sizeBytes: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  for (let at = 0, state = seed; at < sizeBytes; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes[at] = state >>> 24;
    bytes[at + 2] = state >>> 16;
  }
  return bytes;
}

export async function bytesAt(store: Store, path: string): Promise<Uint8Array> {
  const found = valueOf(await store.get(path));
  if (found === undefined) throw new Error(`nothing at ${path}`);
  return found.bytes;
}

export function storeContract(name: string, fresh: () => Promise<Store>): void {
  describe(`${name}: store contract`, () => {
    test("ready() may be asked twice", async () => {
      const store = await fresh();
      expect(await store.ready()).toEqual(ok(undefined));
    });

    test("put() and get() keep bytes, and text as UTF-8", async () => {
      const store = await fresh();
      const bytes = patterned(1000);
      expect(await store.put("a/bytes", bytes)).toEqual(ok("written"));
      expect(await store.put("a/text", "näïve ✓")).toEqual(ok("written"));
      expect(Buffer.from(await bytesAt(store, "a/bytes")).equals(bytes)).toBe(true);
      expect(Buffer.from(await bytesAt(store, "a/text")).toString()).toBe("näïve ✓");
    });

    test("put() keeps an empty blob", async () => {
      const store = await fresh();
      await store.put("empty", new Uint8Array(0));
      expect((await bytesAt(store, "empty")).length).toBe(0);
      expect(valueOf(await store.range("empty", 0, 10)).length).toBe(0);
    });

    test("put() without a condition replaces", async () => {
      const store = await fresh();
      await store.put("x", "one");
      expect(await store.put("x", "two")).toEqual(ok("written"));
      expect(Buffer.from(await bytesAt(store, "x")).toString()).toBe("two");
    });

    test("put() when absent writes once", async () => {
      const store = await fresh();
      expect(await store.put("x", "one", { when: "absent" })).toEqual(ok("written"));
      expect(await store.put("x", "one", { when: "absent" })).toEqual(ok("exists"));
      expect(Buffer.from(await bytesAt(store, "x")).toString()).toBe("one");
    });

    test("put() when absent lets exactly one of many writers win", async () => {
      const store = await fresh();
      const tries = await Promise.all(
        ["a", "b", "c", "d", "e"].map((mine) => store.put("claim", mine, { when: "absent" })),
      );
      expect(tries.map(valueOf).filter((written) => written === "written")).toHaveLength(1);
    });

    test("put() with an etag changes only what it has seen", async () => {
      const store = await fresh();
      await store.put("x", "one");
      const seen = valueOf(await store.get("x"));
      expect(await store.put("x", "two", { when: { etag: seen?.etag ?? "" } })).toEqual(ok("written"));
      expect(await store.put("x", "three", { when: { etag: seen?.etag ?? "" } })).toEqual(ok("changed"));
      expect(Buffer.from(await bytesAt(store, "x")).toString()).toBe("two");
    });

    test("put() with an etag of a deleted blob answers changed", async () => {
      const store = await fresh();
      await store.put("x", "one");
      const seen = valueOf(await store.get("x"));
      await store.delete("x");
      expect(await store.put("x", "two", { when: { etag: seen?.etag ?? "" } })).toEqual(ok("changed"));
    });

    test("put() with an etag lets exactly one of many writers win", async () => {
      const store = await fresh();
      await store.put("x", "one");
      const etag = valueOf(await store.get("x"))?.etag ?? "";
      const tries = await Promise.all(
        ["a", "b", "c", "d", "e"].map((mine) => store.put("x", mine, { when: { etag } })),
      );
      expect(tries.map(valueOf).sort()).toEqual(["changed", "changed", "changed", "changed", "written"]);
    });

    test("put() gives a replaced blob its own metadata, or none", async () => {
      const store = await fresh();
      const metadata = async () => valueOf(await store.info("x"))?.metadata;
      await store.put("x", "one", { metadata: { kind: "first" } });
      await store.put("x", "two", { metadata: { kind: "second" } });
      expect(await metadata()).toEqual({ kind: "second" });
      await store.put("x", "six");
      expect(await metadata()).toEqual({});
    });

    test("what was deleted may be written again when absent", async () => {
      const store = await fresh();
      await store.put("x", "one", { metadata: { kind: "old" } });
      await store.delete("x");
      expect(await store.put("x", "two", { when: "absent" })).toEqual(ok("written"));
      expect(valueOf(await store.info("x"))).toEqual({ path: "x", sizeBytes: 3, metadata: {} });
    });

    test("get() and info() answer undefined where nothing lies", async () => {
      const store = await fresh();
      expect(await store.get("none")).toEqual(ok(undefined));
      expect(await store.info("none")).toEqual(ok(undefined));
    });

    test("range() reads from the middle, less at the end, nothing behind it, and fails where nothing lies", async () => {
      const store = await fresh();
      await store.put("x", "0123456789");
      const text = async (offset: number, length: number): Promise<string> =>
        Buffer.from(valueOf(await store.range("x", offset, length))).toString();
      expect(await text(2, 3)).toBe("234");
      expect(await text(8, 10)).toBe("89");
      expect(await text(10, 5)).toBe("");
      expect(await text(3, 0)).toBe("");
      expect((await store.range("none", 0, 5)).ok).toBe(false);
    });

    test("info() and list() tell size and metadata, and nothing else of a conditional write", async () => {
      const store = await fresh();
      await store.put("x", "12345", { metadata: { kind: "test" }, when: "absent" });
      const expected = { path: "x", sizeBytes: 5, metadata: { kind: "test" } };
      expect(await store.info("x")).toEqual(ok(expected));
      expect(valueOf(await store.list("")).blobs).toEqual([expected]);
    });

    test("list() gives the blobs below a prefix in name order", async () => {
      const store = await fresh();
      for (const path of ["b/2", "a/1", "b/10", "b/1", "c"]) await store.put(path, path);
      const { blobs, next } = valueOf(await store.list("b/"));
      expect(blobs.map((blob) => blob.path)).toEqual(["b/1", "b/10", "b/2"]);
      expect(next).toBeUndefined();
      expect(valueOf(await store.list("zzz")).blobs).toEqual([]);
    });

    test("list() takes a prefix as the beginning of a path, and sorts by whole paths", async () => {
      const store = await fresh();
      const paths = ["a-b", "a.txt", "a/b/c", "a/b.txt", "a/z", "a0", "ab/c", "b"];
      for (const path of [...paths].reverse()) await store.put(path, path);
      const below = async (prefix: string): Promise<readonly string[]> =>
        valueOf(await store.list(prefix)).blobs.map((blob) => blob.path);
      expect(await below("")).toEqual(["a-b", "a.txt", "a/b.txt", "a/b/c", "a/z", "a0", "ab/c", "b"]);
      expect(await below("a/b")).toEqual(["a/b.txt", "a/b/c"]);
      expect(await below("a/")).toEqual(["a/b.txt", "a/b/c", "a/z"]);
      expect(await below("ab")).toEqual(["ab/c"]);
    });

    test("what lies below a path is not at it", async () => {
      const store = await fresh();
      await store.put("a/b/c", "x");
      expect(await store.get("a/b")).toEqual(ok(undefined));
      expect(await store.info("a")).toEqual(ok(undefined));
      expect(await store.info("a/b/c/d")).toEqual(ok(undefined));
    });

    test("paths with spaces, percent signs, hashes, emoji and right-to-left text are kept", async () => {
      const store = await fresh();
      const paths = ["a b/c%20d", "q?x#y&z", "emoji 🗺️/ü", "عربي/عنوان", "plus+plus", "back'tick"];
      for (const path of paths) await store.put(path, path);
      const listed = valueOf(await store.list("")).blobs.map((blob) => blob.path);
      expect([...listed].sort()).toEqual([...paths].sort());
      for (const path of paths) expect(Buffer.from(await bytesAt(store, path)).toString()).toBe(path);
    });

    test("delete() removes, and what is gone already is fine", async () => {
      const store = await fresh();
      await store.put("x", "one");
      expect(await store.delete("x")).toEqual(ok(undefined));
      expect(await store.delete("x")).toEqual(ok(undefined));
      expect(await store.get("x")).toEqual(ok(undefined));
    });

    test.each([
      ["an empty body", []],
      ["a small body", [patterned(1000), patterned(1, 2)]],
      ["exactly one block", [patterned(8 * 1024 * 1024)]],
      [
        "three blocks and a bit in odd chunks",
        [patterned(3, 3), patterned(20_000_000), patterned(8_000_007, 9)],
      ],
    ] as const)("putStream() stores %s with its hash", async (_, chunks) => {
      const store = await fresh();
      const whole = Buffer.concat(chunks);
      let told: unknown;
      const result = await store.putStream("x", chunksOf(...chunks), async (blob) => {
        told = blob;
        return ok(undefined);
      });
      const blob = { sizeBytes: whole.length, sha256: sha256(whole) };
      expect(result).toEqual(ok({ written: "written", blob }));
      expect(told).toEqual(blob);
      expect(sha256(await bytesAt(store, "x"))).toBe(blob.sha256);
      expect(valueOf(await store.info("x"))?.metadata).toEqual({ sha256: blob.sha256 });
    });

    test.each([10, 9_000_000])("putStream() leaves what lies there alone (%i bytes)", async (sizeBytes) => {
      const store = await fresh();
      await store.put("x", "first");
      const body = patterned(sizeBytes);
      expect(await store.putStream("x", chunksOf(body), allow)).toEqual(
        ok({ written: "exists", blob: { sizeBytes, sha256: sha256(body) } }),
      );
      expect(Buffer.from(await bytesAt(store, "x")).toString()).toBe("first");
    });

    test("putStream() by two writers at once: one writes, the other learns it, and the content is one of theirs", async () => {
      const store = await fresh();
      const bodies = [patterned(17_000_000, 1), patterned(17_000_000, 2)];
      const results = await Promise.all(bodies.map((body) => store.putStream("x", chunksOf(body), allow)));
      expect(results.map((result) => valueOf(result).written).sort()).toEqual(["exists", "written"]);
      const winner = bodies[results.findIndex((result) => valueOf(result).written === "written")];
      expect(sha256(await bytesAt(store, "x"))).toBe(sha256(winner ?? new Uint8Array()));
    });

    test.each([10, 9_000_000])(
      "putStream() passes on what the body throws and leaves nothing (%i bytes)",
      async (sizeBytes) => {
        const store = await fresh();
        let asked = false;
        async function* breaking(): AsyncGenerator<Uint8Array> {
          yield patterned(sizeBytes);
          throw new Error("the portal hung up");
        }
        const put = store.putStream("x", breaking(), async () => {
          asked = true;
          return ok(undefined);
        });
        await expect(put).rejects.toThrow("the portal hung up");
        expect(asked).toBe(false);
        expect(await store.info("x")).toEqual(ok(undefined));
        expect(valueOf(await store.list("")).blobs).toEqual([]);
      },
    );

    test("putStream() stores nothing when beforeCommit refuses", async () => {
      const store = await fresh();
      const refused = failed("truncated", "too short", "try again");
      expect(await store.putStream("x", chunksOf("abc"), async () => refused)).toEqual(refused);
      expect(await store.get("x")).toEqual(ok(undefined));
    });
  });
}
