// A developer's sign-in by a tool: taken from the tool on the PATH, held, and refused with what to do. What an identity's
// endpoint answers is told apart.
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { SignInError, credentialOf, type Credential, type Identity } from "../../src/clients/identity.ts";

const SCOPE = "https://vault.azure.net/.default";
const searched = process.env["PATH"];
let folder: string | undefined;

afterEach(async () => {
  process.env["PATH"] = searched;
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  folder = undefined;
});

/** Puts a tool named `az` before all others; `answer` is what it prints. */
async function install(answer: string): Promise<string> {
  folder = await mkdtemp(path.join(tmpdir(), "backup-az-"));
  const tool = path.join(folder, process.platform === "win32" ? "az.cmd" : "az");
  await writeFile(
    tool,
    process.platform === "win32" ? `@echo ${answer}\r\n` : `#!/bin/sh\necho '${answer}'\n`,
  );
  await chmod(tool, 0o755);
  process.env["PATH"] = `${folder}${path.delimiter}${searched ?? ""}`;
  return tool;
}

async function refusalOf(work: Promise<unknown>): Promise<SignInError> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof SignInError)) throw new Error(`expected a SignInError: ${String(thrown)}`);
  return thrown;
}

test("credentialOf() takes a token from the Azure CLI once, for each scope", async () => {
  const expires = Math.floor(Date.now() / 1000) + 3600;
  const tool = await install(
    JSON.stringify({ accessToken: "tok", expires_on: expires, tokenType: "Bearer" }),
  );
  const credential = credentialOf({ kind: "developer", tool: "azure-cli" });
  expect(await credential.getToken(SCOPE)).toMatchObject({
    token: "tok",
    expiresOnTimestamp: expires * 1000,
  });
  await rm(tool);
  process.env["PATH"] = folder;
  expect((await credential.getToken([SCOPE]))?.token).toBe("tok");
  const other = await refusalOf(credential.getToken("https://storage.azure.com/.default"));
  expect(other.next).toContain("az login");
});

test("credentialOf() does not hold a token that ends within minutes", async () => {
  const expires = Math.floor(Date.now() / 1000) + 60;
  const tool = await install(
    JSON.stringify({ accessToken: "tok", expires_on: expires, tokenType: "Bearer" }),
  );
  const credential = credentialOf({ kind: "developer", tool: "azure-cli" });
  await credential.getToken(SCOPE);
  await rm(tool);
  process.env["PATH"] = folder;
  await refusalOf(credential.getToken(SCOPE));
});

test("credentialOf() shows nothing of what a tool prints when it is no token", async () => {
  await install("s3cret output");
  const refusal = await refusalOf(credentialOf({ kind: "developer", tool: "azure-cli" }).getToken(SCOPE));
  expect(`${refusal.message} ${refusal.next}`).not.toContain("s3cret");
  expect(refusal.message).toBe("the sign-in of azure-cli gave no token");
});

test.each([
  ["azure-cli", "az login"],
  ["azure-developer-cli", "azd auth login"],
  ["azure-powershell", "Connect-AzAccount"],
] as const)(
  "credentialOf() asks %s, and says how to sign in with it where it is not installed",
  async (tool, next) => {
    folder = await mkdtemp(path.join(tmpdir(), "backup-no-tool-"));
    process.env["PATH"] = folder;
    const refusal = await refusalOf(credentialOf({ kind: "developer", tool }).getToken(SCOPE));
    expect(refusal.message).toBe(`the sign-in of ${tool} gave no token`);
    expect(refusal.next).toContain(next);
    expect(refusal.mayPass).toBe(false);
  },
);

describe("why there is no token", () => {
  const managed: Identity = { kind: "managed" };
  const answered = (status: number): Error =>
    new Error("s3cret", { cause: Object.assign(new Error("s3cret"), { status }) });

  test.each<[string, Identity, () => Promise<null>, string, string, boolean]>([
    [
      "an endpoint that is not well",
      managed,
      () => Promise.reject(answered(500)),
      "the app's managed identity gave no token: its endpoint answered 500",
      "Start the backup again",
      true,
    ],
    [
      "an endpoint that is asked too often",
      managed,
      () => Promise.reject(answered(429)),
      "the app's managed identity gave no token: its endpoint answered 429",
      "Start the backup again",
      true,
    ],
    [
      "an identity that is not the app's",
      managed,
      () => Promise.reject(answered(400)),
      "the app's managed identity gave no token: its endpoint answered 400",
      "Check that the identity is assigned to the app",
      false,
    ],
    [
      "a machine without an endpoint",
      managed,
      () => Promise.reject(new Error("s3cret")),
      "the app's managed identity cannot be asked for a token: nothing answers here that gives tokens to it",
      "Give the app a managed identity",
      true,
    ],
    [
      "an answer without a token",
      { kind: "developer", tool: "azure-cli" },
      () => Promise.resolve(null),
      "the sign-in of azure-cli gave no token",
      "az login",
      false,
    ],
    [
      "a tool that hangs",
      { kind: "developer", tool: "azure-cli" },
      () => new Promise(() => undefined),
      "the sign-in of azure-cli gave no token within 0.02 s",
      "az login",
      true,
    ],
  ])("%s", async (_, identity, getToken, message, next, mayPass) => {
    const inner: Credential = { getToken };
    const refusal = await refusalOf(credentialOf(identity, 20, inner).getToken(SCOPE));
    expect(refusal).toMatchObject({ message, mayPass });
    expect(refusal.next).toContain(next);
    expect(refusal.next).not.toContain("s3cret");
  });
});
