import { describe, expect, test } from "vitest";
import { ok } from "../src/core/result.ts";
import { storeContract, valueOf } from "./clients/store/contract.ts";
import { faultyStore } from "./faulty-store.ts";
import { memoryStore } from "./memory-store.ts";

storeContract("memoryStore", async () => memoryStore());
storeContract("faultyStore without faults", async () => faultyStore(memoryStore(), () => undefined).store);

describe("memoryStore()", () => {
  test("list() pages at 5,000 blobs", async () => {
    const store = memoryStore();
    for (let nth = 0; nth < 5_003; nth++) await store.put(`x/${String(nth).padStart(5, "0")}`, "");
    const page = valueOf(await store.list("x/"));
    const rest = valueOf(await store.list("x/", page.next));
    expect([page.blobs.length, rest.blobs.length, rest.next]).toEqual([5_000, 3, undefined]);
  });
});

describe("faultyStore()", () => {
  test("answers, throws or loses as scripted", async () => {
    const failure = { reason: "storage-refused", text: "no", next: "none" } as const;
    const { store, calls } = faultyStore(memoryStore(), ({ method, nth }) =>
      method !== "put"
        ? undefined
        : nth === 1
          ? failure
          : nth === 2
            ? "lost"
            : nth === 3
              ? "thrown"
              : undefined,
    );
    expect(await store.put("x", "one")).toEqual({ ok: false, failure });
    expect(await store.get("x")).toEqual(ok(undefined));
    expect(await store.put("x", "two")).toMatchObject({ failure: { reason: "transient" } });
    expect(Buffer.from(valueOf(await store.get("x"))?.bytes ?? []).toString()).toBe("two");
    await expect(store.put("x", "three")).rejects.toThrow("scripted");
    expect(calls.map(({ method, nth }) => `${method} ${nth}`)).toEqual([
      "put 1",
      "get 1",
      "put 2",
      "get 2",
      "put 3",
    ]);
  });
});
