// The real Key Vault client against a vault on loopback: the challenge, tokens of a managed identity, versions, rotation, and
// each refusal as what an administrator reads.
import { RestError } from "@azure/storage-blob";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { credentialOf } from "../../../src/clients/identity.ts";
import { keyVaultSecrets } from "../../../src/clients/secrets/key-vault.ts";
import type { ReadSecret } from "../../../src/clients/secrets/secrets.ts";
import { vaultRefusal } from "../../../src/clients/secrets/vault-refusals.ts";
import { type Failure, type Result, ok } from "../../../src/core/result.ts";
import { CLIENT_ID, VAULT_URI } from "../../azure/azure.ts";
import { insideAzure, trust } from "../../azure/inside.ts";
import { FORBIDDEN, error } from "../../azure/vault.ts";

const VALUE = "s3cret-value+/=";
const azure = insideAzure();

let now: number;
beforeEach(() => {
  now = Date.now();
  azure().vault.set("portal", VALUE);
});
afterEach(() => {
  azure().vault.trouble = undefined;
  azure().identity.trouble = undefined;
  azure().vault.resource = "https://vault.azure.net";
  azure().vault.secrets.clear();
  azure().vault.reads.length = 0;
});

const QUICK = { delaysMs: [5, 5], budgetMs: 1_000, tryMs: 500 };

interface Given {
  readonly clientId?: string;
  readonly vaultUri?: string;
  readonly heldMs?: number;
  readonly tokenMs?: number;
}

function secrets({ clientId = CLIENT_ID, vaultUri = VAULT_URI, heldMs, tokenMs }: Given = {}): ReadSecret {
  const credential = credentialOf({ kind: "managed", clientId }, tokenMs);
  return keyVaultSecrets({
    ...{ vaultUri, credential, now: () => now, patience: QUICK },
    ...(heldMs !== undefined && { heldMs }),
  });
}

/** The failure, after a look for what must not be in it. */
function failureOf(result: Result<unknown>): Failure {
  if (result.ok) throw new Error("expected a failure");
  const text = JSON.stringify(result.failure);
  for (const secret of [VALUE, "appid=", "oid=", "203.0.113.7", "DETAIL", "eyJ"])
    expect(text).not.toContain(secret);
  return result.failure;
}

describe("keyVaultSecrets()", () => {
  test("reads by a challenge and a token of the managed identity, and asks for each once", async () => {
    const { challenges } = azure().vault;
    const given = azure().identity.given.length;
    const read = secrets();
    expect(await read("portal")).toEqual(ok(VALUE));
    azure().vault.set("other", "another");
    expect(await read("other")).toEqual(ok("another"));
    expect(azure().vault.challenges - challenges).toBe(1);
    expect(azure().identity.given.length - given).toBeLessThanOrEqual(1);
  });

  test("holds a value for a minute, reads afresh when asked to, and takes the newest version by itself", async () => {
    const read = secrets();
    expect(await read("portal")).toEqual(ok(VALUE));
    azure().vault.set("portal", "rotated");
    now += 59_999;
    expect(await read("portal")).toEqual(ok(VALUE));
    now += 1;
    expect(await read("portal")).toEqual(ok("rotated"));
    azure().vault.set("portal", "rotated again");
    expect(await read("portal")).toEqual(ok("rotated"));
    expect(await read("portal", { afresh: true })).toEqual(ok("rotated again"));
    expect(await read("portal")).toEqual(ok("rotated again"));
    expect(azure().vault.reads).toHaveLength(3);
  });

  test("asks once for reads at the same time, and forgets the value when a fresh read is refused", async () => {
    const read = secrets();
    const all = await Promise.all(Array.from({ length: 5 }, () => read("portal")));
    expect(all).toEqual(Array.from({ length: 5 }, () => ok(VALUE)));
    expect(azure().vault.reads).toHaveLength(1);
    azure().vault.trouble = () => ({ status: 403, body: FORBIDDEN.rbac });
    expect(failureOf(await read("portal", { afresh: true })).reason).toBe("secret-refused");
    expect(failureOf(await read("portal")).reason).toBe("secret-refused");
  });

  test("reads the version that is named, whatever came after it", async () => {
    const first = azure().vault.set("portal", "first");
    azure().vault.set("portal", "second");
    const read = secrets();
    expect(await read(`portal/${first}`)).toEqual(ok("first"));
    expect(await read("portal")).toEqual(ok("second"));
    const gone = failureOf(await read(`portal/${"0".repeat(32)}`));
    expect(gone).toMatchObject({ reason: "bad-input" });
    expect(gone.text).toContain("no such secret or version (404 SecretNotFound)");
  });

  test("takes the line end off a value that was set from a file, and refuses an empty one", async () => {
    azure().vault.set("portal", `${VALUE}\r\n`);
    azure().vault.set("empty", "\n");
    const read = secrets();
    expect(await read("portal")).toEqual(ok(VALUE));
    expect(failureOf(await read("empty")).text).toContain("its value is empty");
  });

  test.each([
    ["ACME_PASSWORD", "letters, digits and - only", '"ACME-PASSWORD"'],
    ["portal/newest", "no version", "32 hex digits"],
    ["portal/../keys", "no version", "32 hex digits"],
  ])("tells that %s cannot be a name in a vault, and sends nothing", async (name, why, hint) => {
    const failure = failureOf(await secrets()(name));
    expect(failure.reason).toBe("bad-input");
    expect(failure.text).toContain(why);
    expect(`${failure.text}${failure.next}`).toContain(hint);
    expect(azure().vault.reads).toEqual([]);
  });

  test.each([
    [
      403,
      FORBIDDEN.rbac,
      "secret-refused",
      "may not read secrets (403 ForbiddenByRbac)",
      "Key Vault Secrets User",
    ],
    [403, FORBIDDEN.policy, "secret-refused", "no access policy", "access policies"],
    [403, FORBIDDEN.firewall, "secret-refused", "its firewall does not let the app in", "Networking"],
    [403, FORBIDDEN.connection, "secret-refused", "closed to public networks", "private endpoint"],
    [
      403,
      error("Forbidden", "Client address is not authorized"),
      "secret-refused",
      "its firewall",
      "Networking",
    ],
    [403, "<html>no</html>", "secret-refused", "(403)", "Key Vault Secrets User"],
    [
      404,
      error("SecretNotFound", "…"),
      "bad-input",
      "no such secret (404 SecretNotFound)",
      "az keyvault secret set --vault-name acme --name portal",
    ],
    [
      429,
      error("Throttled", "…"),
      "transient",
      "asked too often (429 Throttled), also after repeating",
      "again",
    ],
    [503, error("ServiceUnavailable", "…"), "transient", "not well (503", "again"],
    [400, error("BadParameter", "…"), "secret-refused", "answered 400 BadParameter", "documentation"],
    [400, error("a text with\nlines and a value", "…"), "secret-refused", "answered 400", "documentation"],
  ])("tells an answer of %i as what to do", async (status, body, reason, text, next) => {
    azure().vault.trouble = () => ({ status, body });
    const failure = failureOf(await secrets()("portal"));
    expect(failure.reason).toBe(reason);
    expect(failure.text).toContain('Cannot read the secret "portal" from Key Vault "acme"');
    expect(failure.text).toContain(text);
    expect(failure.text).not.toContain("\n");
    expect(failure.next).toContain(next);
  });

  test("tells a disabled, an expired and a coming secret apart", async () => {
    azure().vault.set("off", VALUE);
    const off = azure().vault.secrets.get("off")?.[0];
    if (off !== undefined) off.enabled = false;
    azure().vault.set("old", VALUE, { exp: Math.floor(now / 1000) - 60 });
    azure().vault.set("new", VALUE, { nbf: Math.floor(now / 1000) + 60 });
    azure().vault.set("in-time", VALUE, {
      nbf: Math.floor(now / 1000) - 60,
      exp: Math.floor(now / 1000) + 60,
    });
    const read = secrets();
    expect(failureOf(await read("off")).text).toContain("it is disabled (403 SecretDisabled)");
    expect(failureOf(await read("old")).text).toMatch(/it expired at \d{4}-/);
    expect(failureOf(await read("new")).text).toMatch(/it is not valid before \d{4}-/);
    expect(await read("in-time")).toEqual(ok(VALUE));
  });

  test("repeats what passes, and does not wait as long as an answer wants", async () => {
    azure().vault.trouble = (_, nth) =>
      nth === 1 ? { status: 429, body: error("Throttled", "…") } : undefined;
    expect(await secrets()("portal")).toEqual(ok(VALUE));
    azure().vault.reads.length = 0;
    azure().vault.trouble = () => ({
      status: 429,
      headers: { "retry-after": "3600" },
      body: error("Throttled", "…"),
    });
    expect(failureOf(await secrets()("portal")).reason).toBe("transient");
    expect(azure().vault.reads).toHaveLength(1);
  });

  test("gives up on a vault that does not answer", async () => {
    azure().vault.trouble = () => "hang";
    const failure = failureOf(await secrets()("portal"));
    expect(failure).toMatchObject({ reason: "transient" });
    expect(failure.text).toContain("no answer within 0.5 s");
  });

  test("sends no token to a host outside of the domain that the challenge is for", async () => {
    azure().vault.resource = "https://vault.azure.example";
    const given = azure().identity.given.length;
    const failure = failureOf(await secrets()("portal"));
    expect(failure.text).toContain("no Key Vault of its domain");
    expect(azure().identity.given).toHaveLength(given);
    expect(azure().vault.reads).toEqual([]);
  });

  test("tells a network that does not lead to the vault", async () => {
    // The proxy knows no such name, and answers without a body.
    const other = failureOf(await secrets({ vaultUri: "https://other.vault.azure.net" })("portal"));
    expect(other).toMatchObject({ reason: "transient" });
    expect(other.text).toContain('Key Vault "other": the vault is not well (502)');
    const closed = failureOf(await secrets({ vaultUri: "https://127.0.0.1:1" })("portal"));
    expect(closed).toMatchObject({ reason: "transient" });
    expect(closed.text).toContain("the vault cannot be reached (ECONNREFUSED)");
    trust(undefined);
    const untrusted = failureOf(await secrets()("portal"));
    trust(azure());
    expect(untrusted.text).toMatch(/cannot be reached \((UNABLE|SELF|DEPTH)/);
    const place = { written: "portal", name: "portal", vault: "acme" };
    const unknown = failureOf(vaultRefusal(new RestError("getaddrinfo", { code: "ENOTFOUND" }), place));
    expect(unknown.text).toContain("its name is not known on the network");
    expect(unknown.next).toContain("private DNS zone");
  });

  test("tells an identity that the app does not have, an endpoint that is not well, and one that hangs", async () => {
    const other = "99999999-1111-2222-3333-444455556666";
    const refused = failureOf(await secrets({ clientId: other })("portal"));
    expect(refused.reason).toBe("secret-refused");
    expect(refused.text).toContain(`with the client id ${other} gave no token: its endpoint answered 400`);
    expect(refused.next).toContain("AZURE_CLIENT_ID");
    // A client id of its own each: the library holds tokens in the process.
    azure().identity.trouble = "hang";
    const late = failureOf(await secrets({ clientId: other.replace("9", "8"), tokenMs: 50 })("portal"));
    expect(late).toMatchObject({ reason: "transient" });
    expect(late.text).toContain("gave no token within 0.05 s");
    azure().identity.trouble = 403;
    const forbidden = failureOf(await secrets({ clientId: other.replace("9", "7") })("portal"));
    expect(forbidden.text).toContain("its endpoint answered 403");
  });
});
