// Trouble between the store and the storage: what may pass is repeated, and a repeated write never lies.
import { Readable } from "node:stream";
import type { BlobDownloadResponseParsed } from "@azure/storage-blob";
import { afterEach, describe, expect, test } from "vitest";
import { azureBlobStore } from "../../../src/clients/store/azure-blob.ts";
import { infoOf, readBody } from "../../../src/clients/store/blob-answers.ts";
import { NoAnswerError } from "../../../src/clients/store/repeating.ts";
import type { Store } from "../../../src/clients/store/store.ts";
import { ok } from "../../../src/core/result.ts";
import { testStore } from "../../azurite.ts";
import { bytesAt, chunksOf, patterned, sha256, valueOf } from "./contract.ts";
import { interferingProxy } from "./interfering-proxy.ts";
import type { Proxy, Trouble } from "./interfering-proxy.ts";

const proxies: Proxy[] = [];
afterEach(async () => {
  for (const proxy of proxies.splice(0)) await proxy.stop();
});

const QUICK = { delaysMs: [5, 5, 5], budgetMs: 5_000, tryMs: 1_500 };

async function troubled(trouble: (line: string, nth: number) => Trouble): Promise<{
  readonly direct: Store;
  readonly store: Store;
  readonly seen: readonly string[];
}> {
  const { store: direct, container, connectionString } = await testStore();
  const proxy = await interferingProxy(connectionString, trouble);
  proxies.push(proxy);
  const access = { connectionString: proxy.through(connectionString) };
  return { direct, store: valueOf(azureBlobStore({ access, container, patience: QUICK })), seen: proxy.seen };
}

const first =
  (method: string, what: Trouble) =>
  (line: string, nth: number): Trouble =>
    line.startsWith(method) && nth === 1 ? what : "pass";

describe("azureBlobStore with answers that get lost", () => {
  test("put() when absent tells its own write from another's", async () => {
    const { direct, store } = await troubled(first("PUT", "lose-answer"));
    expect(await store.put("mine", "one", { when: "absent" })).toEqual(ok("written"));
    await direct.put("theirs", "one");
    expect(await store.put("theirs", "one", { when: "absent" })).toEqual(ok("exists"));
  });

  test("put() with an etag tells its own change from another's", async () => {
    const { direct, store } = await troubled(first("PUT", "lose-answer"));
    await direct.put("x", "one");
    const seen = valueOf(await direct.get("x"));
    expect(await store.put("x", "two", { when: { etag: seen?.etag ?? "" } })).toEqual(ok("written"));
    expect(Buffer.from(await bytesAt(direct, "x")).toString()).toBe("two");
  });

  test("put() says that it cannot tell when it may not read back", async () => {
    const { store } = await troubled((line, nth) =>
      line.startsWith("HEAD") ? 403 : line.startsWith("PUT") && nth === 1 ? "lose-answer" : "pass",
    );
    const result = await store.put("x", "one", { when: "absent" });
    expect(result).toMatchObject({ ok: false, failure: { reason: "storage-refused" } });
  });

  test.each([100, 17_000_000])("putStream() of %i bytes is written once and told so", async (sizeBytes) => {
    const body = patterned(sizeBytes);
    const { direct, store } = await troubled(first("PUT", "lose-answer"));
    const result = await store.putStream("x", chunksOf(body), async () => ok(undefined));
    expect(valueOf(result)).toEqual({ written: "written", blob: { sizeBytes, sha256: sha256(body) } });
    expect(sha256(await bytesAt(direct, "x"))).toBe(sha256(body));
  });

  test("get() and range() repeat an answer that was cut in the middle", async () => {
    const { direct, store } = await troubled(first("GET", "cut-answer"));
    const bytes = patterned(100_000);
    await direct.put("a", bytes);
    await direct.put("b", bytes);
    expect(sha256(valueOf(await store.get("a"))?.bytes ?? new Uint8Array())).toBe(sha256(bytes));
    expect(sha256(valueOf(await store.range("b", 0, 100_000)))).toBe(sha256(bytes));
  });

  test.each([503, 500, 429, "drop"] as const)("put() repeats after %s", async (what) => {
    const { store, seen } = await troubled(first("PUT", what));
    expect(await store.put("x", "one")).toEqual(ok("written"));
    expect(seen).toHaveLength(2);
  });

  test("put() and get() do not wait for ever for an answer", async () => {
    const { store, seen } = await troubled((_, nth) => (nth === 1 ? "hang" : "pass"));
    expect(await store.put("x", "one", { when: "absent" })).toEqual(ok("written"));
    expect(Buffer.from(await bytesAt(store, "x")).toString()).toBe("one");
    expect(seen).toHaveLength(4);
  });

  test("put() gives up after its tries, as transient", async () => {
    const { store, seen } = await troubled(() => 503);
    expect(await store.put("x", "one")).toMatchObject({ ok: false, failure: { reason: "transient" } });
    expect(seen).toHaveLength(4);
  });

  test("putStream() ends the body when blocks cannot be stored", async () => {
    const { direct, store } = await troubled((line) =>
      line.includes("comp=block&") || line.endsWith("comp=block") ? 403 : "pass",
    );
    let ended = false;
    let yielded = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          yielded++;
          yield patterned(1_000_000);
        }
      } finally {
        ended = true;
      }
    }
    const result = await store.putStream("x", endless(), async () => ok(undefined));
    expect(result).toMatchObject({ ok: false, failure: { reason: "storage-refused" } });
    expect(ended).toBe(true);
    expect(yielded).toBeLessThan(60);
    expect(await direct.info("x")).toEqual(ok(undefined));
  });
});

const answer = (body: Readable | undefined, contentLength?: number): BlobDownloadResponseParsed =>
  ({ readableStreamBody: body, contentLength }) as unknown as BlobDownloadResponseParsed;

async function* breaking(): AsyncGenerator<string> {
  yield "one";
  throw new Error("aborted");
}

describe("readBody()", () => {
  test.each([
    ["bytes", Readable.from([Buffer.from("one"), Buffer.from("two")]), 6, "onetwo"],
    ["text", Readable.from(["nä", "h"]), 4, "näh"],
    ["no length", Readable.from([Buffer.from("one")]), undefined, "one"],
    ["no body", undefined, 0, ""],
  ])("reads an answer of %s", async (_, body, length, text) => {
    expect(Buffer.from(await readBody(answer(body, length))).toString()).toBe(text);
  });

  test.each([
    ["fewer bytes than it declares", Readable.from([Buffer.from("one")]), "the answer holds 3 of 6 bytes"],
    ["no body where it declares one", undefined, "the answer holds 0 of 6 bytes"],
    ["a body that breaks off", Readable.from(breaking()), "the answer broke off"],
  ])("an answer with %s is asked for again", async (_, body, why) => {
    const read = readBody(answer(body, 6));
    await expect(read).rejects.toThrow(why);
    await expect(read).rejects.toBeInstanceOf(NoAnswerError);
  });
});

test("infoOf() shows names in lower case and hides the mark of the writer; no length is none", () => {
  expect(infoOf("a", undefined, { Sha256: "x", Writer: "w" })).toEqual({
    path: "a",
    sizeBytes: 0,
    metadata: { sha256: "x" },
  });
  expect(infoOf("a", 7, undefined)).toEqual({ path: "a", sizeBytes: 7, metadata: {} });
});
