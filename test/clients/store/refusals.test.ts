// What an administrator reads when the storage refuses, and that no key or signature is in it.
import {
  BlobServiceClient,
  ContainerSASPermissions,
  RestError,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { azureBlobStore, checkConnectionString } from "../../../src/clients/store/azure-blob.ts";
import { SignInError } from "../../../src/clients/identity.ts";
import { openConnection, type StorageAccess } from "../../../src/clients/store/connection.ts";
import { refusal } from "../../../src/clients/store/refusals.ts";
import { NoAnswerError } from "../../../src/clients/store/repeating.ts";
import type { Store } from "../../../src/clients/store/store.ts";
import { ok } from "../../../src/core/result.ts";
import type { Failure, Result } from "../../../src/core/result.ts";
import { AZURITE_ACCOUNT, AZURITE_KEY, azurite, openStore, testStore } from "../../azurite.ts";
import { chunksOf, valueOf } from "./contract.ts";

const QUICK = { delaysMs: [5], budgetMs: 1_000 };

function failureOf(result: Result<unknown>): Failure {
  if (result.ok) throw new Error("expected a failure");
  return result.failure;
}

function quick(connectionString: string, container = "backups"): Store {
  return valueOf(azureBlobStore({ access: { connectionString }, container, patience: QUICK }));
}

const endpoint = (): string => /BlobEndpoint=([^;]+)/.exec(azurite())?.[1] ?? "";

async function sas(
  container: string,
  permissions: string,
  expiresOn: Date,
): Promise<{ text: string; sig: string }> {
  const key = new StorageSharedKeyCredential(AZURITE_ACCOUNT, AZURITE_KEY);
  const client = new BlobServiceClient(endpoint(), key).getContainerClient(container);
  const startsOn = new Date(expiresOn.getTime() - 7_200_000);
  const url = new URL(
    await client.generateSasUrl({
      permissions: ContainerSASPermissions.parse(permissions),
      startsOn,
      expiresOn,
    }),
  );
  const text = `BlobEndpoint=${endpoint()};SharedAccessSignature=${url.search.slice(1)}`;
  return { text, sig: url.searchParams.get("sig") ?? "" };
}

const inAnHour = (): Date => new Date(Date.now() + 3_600_000);

describe("azureBlobStore refused", () => {
  test("an expired SAS is named with its time, and its signature is not", async () => {
    const { container } = await testStore();
    const { text, sig } = await sas(container, "racwl", new Date("2026-01-02T03:04:05Z"));
    const store = quick(text, container);
    for (const result of [
      await store.ready(),
      await store.put("x", "one"),
      await store.get("x"),
      await store.list(""),
    ]) {
      const failure = failureOf(result);
      expect(failure.reason).toBe("storage-refused");
      expect(failure.text).toContain("its SAS expired at 2026-01-02T03:04:05");
      expect(JSON.stringify(failure)).not.toContain(sig);
      expect(JSON.stringify(failure)).not.toContain("sig=");
    }
  });

  test("a SAS that may only create and write backs up and cannot be read back", async () => {
    const { container } = await testStore();
    const store = quick((await sas(container, "cw", inAnHour())).text, container);
    expect(await store.ready()).toEqual(ok(undefined));
    expect(await store.put("x", "one", { when: "absent" })).toEqual(ok("written"));
    expect(await store.put("x", "one", { when: "absent" })).toEqual(ok("exists"));
    expect(valueOf(await store.putStream("y", chunksOf("body"), async () => ok(undefined))).written).toBe(
      "written",
    );
    expect(failureOf(await store.get("x")).text).toContain("the SAS does not allow it");
  });

  test("a SAS that may only read is found out by ready()", async () => {
    const { container } = await testStore();
    const store = quick((await sas(container, "rl", inAnHour())).text, container);
    expect(failureOf(await store.ready()).text).toContain("the SAS does not allow it");
  });

  test("a SAS for a container that is missing is found out by ready()", async () => {
    const store = quick((await sas("no-such-container", "cw", inAnHour())).text, "no-such-container");
    expect(failureOf(await store.ready()).text).toContain("the container does not exist");
  });

  test("a wrong key is named as such and not repeated", async () => {
    const wrong = Buffer.alloc(64, 7).toString("base64");
    const failure = failureOf(await quick(azurite().replace(AZURITE_KEY, wrong)).ready());
    expect(failure).toMatchObject({ reason: "storage-refused" });
    expect(failure.text).toContain("a wrong key");
    expect(JSON.stringify(failure)).not.toContain(wrong);
  });

  test("a missing container is a failure of every call, never an absent blob", async () => {
    const store = openStore("never-made");
    const results = [
      await store.put("x", "one"),
      await store.get("x"),
      await store.info("x"),
      await store.range("x", 0, 1),
      await store.list(""),
      await store.delete("x"),
      await store.putStream("x", chunksOf("body"), async () => ok(undefined)),
    ];
    for (const result of results) expect(failureOf(result).text).toContain("the container does not exist");
  });

  test("a container name that cannot be one is refused with the rule", async () => {
    const failure = failureOf(await openStore("Not_A_Container").ready());
    expect(failure.next).toContain("lower-case");
  });

  test.each([
    ["an account that does not exist", "https://no-such-account.invalid", "is not known on the network"],
    [
      "an address where nothing listens",
      "http://127.0.0.1:1/devstoreaccount1",
      "cannot be reached (ECONNREFUSED)",
    ],
  ])("%s is said so", async (_, address, said) => {
    const text = `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${AZURITE_KEY};BlobEndpoint=${address}`;
    const failure = failureOf(await quick(text).ready());
    expect(failure.reason).toBe("transient");
    expect(failure.text).toContain(said);
  });
});

describe("refusal()", () => {
  const place = (access: StorageAccess) => ({
    connection: valueOf(openConnection(access)),
    container: "backups",
  });
  const identity = place({
    serviceUri: "https://acme.blob.core.windows.net",
    credential: { getToken: () => Promise.resolve(null) },
  });
  const key = place({ connectionString: `AccountName=acme;AccountKey=${AZURITE_KEY}` });
  const forbidden = new RestError("sig=geheim", { code: "AuthenticationFailed", statusCode: 403 });

  test.each([
    ["an identity without a role", forbidden, identity, "storage-refused", "Storage Blob Data Contributor"],
    ["a key that was rotated", forbidden, key, "storage-refused", "the account key may have been rotated"],
    [
      "a status alone",
      new RestError("sig=geheim", { statusCode: 409 }),
      key,
      "storage-refused",
      "the storage answered 409 409",
    ],
    [
      "an identity's endpoint that is not well",
      new SignInError("the identity gave no token", "Start the backup again", true, undefined),
      identity,
      "transient",
      'storage account "acme": the identity gave no token',
    ],
    [
      "an identity that is not the app's",
      new SignInError("the identity gave no token", "Assign it", false, undefined),
      identity,
      "storage-refused",
      "Assign it",
    ],
    ["no answer", new NoAnswerError("no answer within 20 s"), key, "transient", "check the network"],
  ] as const)("%s is told with what to do", (_, error, at, reason, text) => {
    const { failure } = refusal(error, "write to", at);
    expect(failure.reason).toBe(reason);
    expect(`${failure.text} ${failure.next}`).toContain(text);
    expect(failure.text).toMatch(/^Cannot write to container "backups" of storage account "acme": /);
    expect(JSON.stringify(failure)).not.toContain("geheim");
  });

  test("what is neither the storage's nor the network's doing is thrown", () => {
    expect(() => refusal(new TypeError("a mistake"), "write to", key)).toThrow("a mistake");
  });
});

describe("checkConnectionString()", () => {
  const key = `AccountKey=${AZURITE_KEY}`;
  test.each([
    ["a key", `DefaultEndpointsProtocol=https;AccountName=acme;${key};EndpointSuffix=core.windows.net`],
    ["a key of another cloud", `AccountName=acme;${key};EndpointSuffix=core.chinacloudapi.cn`],
    [
      "a SAS",
      "BlobEndpoint=https://acme.blob.core.windows.net/;SharedAccessSignature=?sv=2025-01-05&ss=b&sig=abc%3D",
    ],
    ["the emulator", "UseDevelopmentStorage=true"],
    ["blanks around it", `\n AccountName=acme;${key} \n`],
  ])("takes %s", (_, text) => {
    expect(checkConnectionString(text)).toEqual(ok(undefined));
  });

  test.each([
    ["", "it is empty"],
    [`"AccountName=acme;${key}"`, "quotation marks"],
    ["https://acme.blob.core.windows.net/?sv=2025&sig=geheim", "it is a URL"],
    ["geheim", "not a list of name=value parts"],
    ["AccountName=acme", "neither AccountKey nor SharedAccessSignature"],
    ["AccountName=acme;AccountKey=geheim", "its AccountKey is not whole"],
    [`${key}`, "neither BlobEndpoint nor AccountName"],
    ["BlobEndpoint=https://acme.blob.core.windows.net;SharedAccessSignature=geheim", "not whole"],
    [`BlobEndpoint=http://acme.blob.core.windows.net;AccountName=acme;${key}`, "does not begin with https:"],
    [
      `BlobEndpoint=https://acme.blob.core.windows.net?sig=geheim;AccountName=acme;${key}`,
      "more than an address",
    ],
    [`AccountName=a c m e;${key}`, "is not a URL"],
  ])("refuses %j", (text, why) => {
    const failure = failureOf(checkConnectionString(text));
    expect(failure).toMatchObject({ reason: "bad-input" });
    expect(failure.text).toContain(why);
    expect(JSON.stringify(failure)).not.toContain("geheim");
  });

  test("never throws and never repeats a secret, whatever is pasted", () => {
    const part = fc.constantFrom(
      "AccountName=",
      "AccountKey=",
      "BlobEndpoint=",
      "SharedAccessSignature=",
      ";",
      "https://",
    );
    const pasted = fc
      .array(fc.oneof(part, fc.string(), fc.constant("T0PSECRETxyz")))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(pasted, (text) => {
        const result = checkConnectionString(text);
        if (!result.ok) expect(JSON.stringify(result.failure)).not.toContain("T0PSECRETxyz");
      }),
    );
  });
});
