// A storage account reached by the app's managed identity: Azurite over https, which takes tokens for storage alone, at the
// account's real name.
import { RestError } from "@azure/storage-blob";
import { expect, test } from "vitest";
import { credentialOf } from "../../../src/clients/identity.ts";
import { azureBlobStore } from "../../../src/clients/store/azure-blob.ts";
import { openConnection } from "../../../src/clients/store/connection.ts";
import { refusal } from "../../../src/clients/store/refusals.ts";
import type { Store } from "../../../src/clients/store/store.ts";
import { ok } from "../../../src/core/result.ts";
import { CLIENT_ID } from "../../azure/azure.ts";
import { insideAzure } from "../../azure/inside.ts";
import { chunksOf, valueOf } from "./contract.ts";

const azure = insideAzure(["acmebackups"]);

function storeOf(clientId: string, container = "backups"): Store {
  const credential = credentialOf({ kind: "managed", clientId });
  const serviceUri = "https://acmebackups.blob.core.windows.net";
  const patience = { delaysMs: [5], budgetMs: 1_000 };
  return valueOf(azureBlobStore({ access: { serviceUri, credential }, container, patience }));
}

test("a store by managed identity writes, reads, streams and lists, with a token for storage", async () => {
  const store = storeOf(CLIENT_ID);
  expect(await store.ready()).toEqual(ok(undefined));
  expect(await store.put("a/x", "one", { when: "absent" })).toEqual(ok("written"));
  expect(new TextDecoder().decode(valueOf(await store.get("a/x"))?.bytes)).toBe("one");
  const streamed = await store.putStream("a/y", chunksOf("two", "three"), async () => ok(undefined));
  expect(valueOf(streamed).written).toBe("written");
  expect(valueOf(await store.list("a/")).blobs.map(({ path }) => path)).toEqual(["a/x", "a/y"]);
  expect(azure().identity.given.every((resource) => resource === "https://storage.azure.com")).toBe(true);
});

test("a store whose identity the app does not have says so, and which one was asked for", async () => {
  const other = "99999999-1111-2222-3333-444455556666";
  const refused = await storeOf(other).ready();
  expect(refused).toMatchObject({ ok: false, failure: { reason: "storage-refused" } });
  const text = refused.ok ? "" : `${refused.failure.text} ${refused.failure.next}`;
  expect(text).toContain('storage account "acmebackups"');
  expect(text).toContain(`with the client id ${other} gave no token: its endpoint answered 400`);
  expect(text).not.toContain("DETAIL");
});

test("a container that is missing is told as with a key", async () => {
  const missing = await storeOf(CLIENT_ID, "not-there").get("x");
  expect(missing.ok ? "" : missing.failure.text).toContain("the container does not exist");
});

test("a firewall that refuses an identity is told as one: there is no key that could be wrong", () => {
  const connection = valueOf(
    openConnection({
      serviceUri: "https://acmebackups.blob.core.windows.net",
      credential: credentialOf({ kind: "managed", clientId: CLIENT_ID }),
    }),
  );
  const thrown = new RestError("no", { code: "AuthorizationFailure", statusCode: 403 });
  const { failure } = refusal(thrown, "write to", { connection, container: "backups" });
  expect(failure.text).toContain("its firewall does not let the app in (403 AuthorizationFailure)");
  expect(failure.next).toContain("Networking");
});
