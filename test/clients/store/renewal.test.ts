// A connection string that is rotated while a store is in use: what was refused is sent once more with the new one.
import { ContainerSASPermissions, BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { afterEach, beforeEach, expect, test } from "vitest";
import { azureBlobStore } from "../../../src/clients/store/azure-blob.ts";
import type { Store } from "../../../src/clients/store/store.ts";
import { type Result, failed, ok } from "../../../src/core/result.ts";
import { AZURITE_ACCOUNT, AZURITE_KEY, azurite, testStore } from "../../azurite.ts";
import { valueOf } from "./contract.ts";
import { type Proxy, interferingProxy } from "./interfering-proxy.ts";

let proxy: Proxy;
let container: string;
/** Signatures that the storage does not take any more. */
const revoked = new Set<string>();

beforeEach(async () => {
  revoked.clear();
  ({ container } = await testStore());
  proxy = await interferingProxy(azurite(), (line) =>
    [...revoked].some((sig) => line.includes(sig)) ? 403 : "pass",
  );
});
afterEach(() => proxy.stop());

/** A connection string by a SAS; `nth` makes it another one. */
async function sas(nth: number): Promise<{ text: string; sig: string }> {
  const endpoint = /BlobEndpoint=([^;]+)/.exec(azurite())?.[1] ?? "";
  const key = new StorageSharedKeyCredential(AZURITE_ACCOUNT, AZURITE_KEY);
  const url = await new BlobServiceClient(endpoint, key).getContainerClient(container).generateSasUrl({
    permissions: ContainerSASPermissions.parse("racwl"),
    expiresOn: new Date(Date.now() + 3_600_000 + nth * 1000),
  });
  const { search, searchParams } = new URL(url);
  const text = proxy.through(`BlobEndpoint=${endpoint};SharedAccessSignature=${search.slice(1)}`);
  return { text, sig: `sig=${searchParams.get("sig") ?? ""}` };
}

function storeOf(connectionString: string, renewed: () => Promise<Result<string>>): Store {
  const patience = { delaysMs: [5], budgetMs: 1_000 };
  return valueOf(azureBlobStore({ access: { connectionString, renewed }, container, patience }));
}

test("every kind of call goes on with the new connection, and several at once ask for it once", async () => {
  const [old, fresh] = [await sas(0), await sas(1)];
  let asked = 0;
  const store = storeOf(old.text, async () => {
    asked += 1;
    return ok(fresh.text);
  });
  expect(await store.put("x", "one", { when: "absent" })).toEqual(ok("written"));
  revoked.add(old.sig);
  const reads = await Promise.all(["x", "x", "x"].map((path) => store.get(path)));
  expect(reads.every((read) => read.ok && read.value !== undefined)).toBe(true);
  expect(asked).toBeLessThanOrEqual(3);
  expect(await store.put("x", "two", { when: "absent" })).toEqual(ok("exists"));
  expect(valueOf(await store.list("")).blobs).toHaveLength(1);
  expect(asked).toBeLessThanOrEqual(3);
});

test("a stream whose connection is rotated between its blocks is written whole", async () => {
  const [old, fresh] = [await sas(0), await sas(1)];
  const store = storeOf(old.text, async () => ok(fresh.text));
  const block = Buffer.alloc(9 * 1_048_576, 7);
  async function* body() {
    yield block;
    revoked.add(old.sig);
    yield block;
  }
  const written = valueOf(await store.putStream("big", body(), async () => ok(undefined)));
  expect(written).toMatchObject({ written: "written", blob: { sizeBytes: 2 * block.length } });
  expect(valueOf(await store.info("big"))?.sizeBytes).toBe(2 * block.length);
});

test("a connection that is still the same is refused as it is, after one look", async () => {
  const old = await sas(0);
  let asked = 0;
  const store = storeOf(old.text, async () => {
    asked += 1;
    return ok(old.text);
  });
  revoked.add(old.sig);
  expect(await store.get("x")).toMatchObject({ ok: false, failure: { reason: "storage-refused" } });
  expect(asked).toBe(1);
});

test("a secret that cannot be read any more, is broken, or leads elsewhere ends the call with its reason", async () => {
  const old = await sas(0);
  revoked.add(old.sig);
  const unreadable = failed("secret-refused", "Cannot read the secret", "Do");
  expect(await storeOf(old.text, async () => unreadable).get("x")).toEqual(unreadable);
  const broken = await storeOf(old.text, async () => ok("nothing")).get("x");
  expect(broken).toMatchObject({ ok: false, failure: { reason: "bad-input" } });
  const elsewhere = await storeOf(old.text, async () => ok(azurite())).get("x");
  expect(elsewhere.ok ? "" : elsewhere.failure.text).toContain("now leads to");
  expect(JSON.stringify([broken, elsewhere])).not.toContain(AZURITE_KEY);
});

test("a secret that changes with every look does not keep a call for ever", async () => {
  let nth = 0;
  const next = async () => {
    const one = await sas((nth += 1));
    revoked.add(one.sig);
    return one.text;
  };
  const store = storeOf(await next(), async () => ok(await next()));
  expect(await store.get("x")).toMatchObject({ ok: false, failure: { reason: "storage-refused" } });
  expect(nth).toBe(3);
});
