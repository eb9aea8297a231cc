// What the app settings may say, every problem of them at once, and that no problem repeats a value.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { SETTING_NAMES, readConfig, settingNamesOn } from "../src/config.ts";

const MACHINE = {
  AzureWebJobsStorage: "UseDevelopmentStorage=true",
  BACKUP_STORAGE: "UseDevelopmentStorage=true",
  SECRET_SOURCE: "environment",
};
const CLIENT = "0a1b2c3d-1111-2222-3333-444455556666";
const AZURE = {
  AzureWebJobsStorage__blobServiceUri: "https://acmework.blob.core.windows.net",
  AzureWebJobsStorage__credential: "managedidentity",
  AzureWebJobsStorage__clientId: CLIENT,
  BACKUP_STORAGE__blobServiceUri: "https://acmebackups.blob.core.windows.net/",
  AZURE_CLIENT_ID: CLIENT,
  SECRET_SOURCE: "keyvault",
  KEY_VAULT_URI: "https://acme.vault.azure.net/",
  WEBSITE_INSTANCE_ID: "an instance",
};

function problemsOf(env: Record<string, string>): readonly string[] {
  const read = readConfig(env);
  return read.ok ? [] : read.problems;
}

describe("readConfig()", () => {
  test("takes connection strings and the environment on a machine", () => {
    expect(readConfig(MACHINE)).toEqual({
      ok: true,
      config: {
        workStorage: { connectionString: "UseDevelopmentStorage=true" },
        backupStorage: { connectionString: "UseDevelopmentStorage=true" },
        takesFolders: false,
        secrets: { source: "environment" },
        mail: undefined,
        defaultProfile: undefined,
      },
    });
  });

  test("takes addresses, a vault and the app's identity on Azure", () => {
    const identity = { kind: "managed", clientId: CLIENT };
    expect(readConfig(AZURE)).toMatchObject({
      ok: true,
      config: {
        workStorage: { serviceUri: "https://acmework.blob.core.windows.net", identity },
        backupStorage: { serviceUri: "https://acmebackups.blob.core.windows.net", identity },
        secrets: { source: "keyvault", vaultUri: "https://acme.vault.azure.net", identity },
      },
    });
  });

  test("lets each storage have an identity of its own, and an account be named without its address", () => {
    const { BACKUP_STORAGE__blobServiceUri: _, AZURE_CLIENT_ID: __, ...rest } = AZURE;
    const other = CLIENT.replace("0a1b", "ffff");
    const read = readConfig({
      ...rest,
      BACKUP_STORAGE__accountName: "acmebackups",
      BACKUP_STORAGE__clientId: other,
    });
    expect(read).toMatchObject({
      ok: true,
      config: {
        workStorage: { identity: { clientId: CLIENT } },
        backupStorage: {
          serviceUri: "https://acmebackups.blob.core.windows.net",
          identity: { kind: "managed", clientId: other },
        },
        secrets: { identity: { kind: "managed" } },
      },
    });
  });

  test("takes a developer's sign-in only where it is chosen, and not on Azure", () => {
    const { WEBSITE_INSTANCE_ID: _, ...elsewhere } = AZURE;
    expect(readConfig({ ...elsewhere, DEVELOPER_SIGN_IN: "azure-cli" })).toMatchObject({
      ok: true,
      config: { secrets: { identity: { kind: "developer", tool: "azure-cli" } } },
    });
    expect(problemsOf({ ...AZURE, DEVELOPER_SIGN_IN: "azure-cli" })).toEqual([
      expect.stringContaining("DEVELOPER_SIGN_IN is for a developer's machine"),
    ]);
    expect(problemsOf({ ...elsewhere, DEVELOPER_SIGN_IN: "default" })).toEqual([
      "DEVELOPER_SIGN_IN is not known; accepted: azure-cli, azure-developer-cli, azure-powershell",
    ]);
  });

  test("takes folders for backups only where it is told so, and not on Azure", () => {
    const profile = JSON.stringify({
      name: "acme",
      portal: { url: "acme", auth: { kind: "password", username: "u", secret: "PW" } },
      destination: { folder: "/srv/backups" },
    });
    const allowed = { BACKUP_FOLDERS: "allowed", DEFAULT_PROFILE: profile };
    expect(readConfig({ ...MACHINE, ...allowed })).toMatchObject({
      config: { takesFolders: true, defaultProfile: { destination: { folder: "/srv/backups" } } },
    });
    const refused = expect.stringContaining("DEFAULT_PROFILE: destination.folder: found a folder") as string;
    expect(problemsOf({ ...MACHINE, DEFAULT_PROFILE: profile })).toEqual([refused]);
    expect(problemsOf({ ...AZURE, DEFAULT_PROFILE: profile })).toEqual([refused]);
    expect(problemsOf({ ...AZURE, ...allowed })).toEqual([
      expect.stringContaining("BACKUP_FOLDERS is for one machine"),
      refused,
    ]);
    expect(problemsOf({ ...MACHINE, BACKUP_FOLDERS: "yes" })).toEqual([
      "BACKUP_FOLDERS is not known; accepted: allowed, or nothing",
    ]);
  });

  test("takes an encrypted file with one key", () => {
    const env = { ...MACHINE, SECRET_SOURCE: "file", SECRET_FILE: "s.json" };
    expect(readConfig({ ...env, SECRET_FILE_KEY_FILE: "k" })).toMatchObject({
      config: { secrets: { source: "file", path: "s.json", key: { path: "k" } } },
    });
    expect(readConfig({ ...env, SECRET_FILE_KEY: "a key" })).toMatchObject({
      config: { secrets: { key: { text: "a key" } } },
    });
    expect(problemsOf({ ...env, SECRET_FILE_KEY: "a key", SECRET_FILE_KEY_FILE: "k" })).toHaveLength(1);
    expect(problemsOf({ ...MACHINE, SECRET_SOURCE: "file" })).toHaveLength(2);
  });

  test("tells what is missing, all at once, and does not fall back to another source", () => {
    expect(problemsOf({}).map((problem) => problem.split(" ")[0])).toEqual([
      "AzureWebJobsStorage",
      "BACKUP_STORAGE",
      "SECRET_SOURCE",
    ]);
    expect(problemsOf({ ...MACHINE, SECRET_SOURCE: "keyvault" })).toEqual([
      expect.stringContaining("KEY_VAULT_URI is not set"),
    ]);
    expect(problemsOf({ ...MACHINE, SECRET_SOURCE: "vault" })).toEqual([
      "SECRET_SOURCE is not known; accepted: environment, file, keyvault",
    ]);
  });

  test("tells every wrong setting at once and repeats no value", () => {
    const secret = "s3cretK3y";
    const problems = problemsOf({
      AzureWebJobsStorage: `AccountKey=${secret}`,
      AzureWebJobsStorage__blobServiceUri: `https://x.blob.core.windows.net/?sig=${secret}`,
      AzureWebJobsStorage__credential: secret,
      AzureWebJobsStorage__clientId: secret,
      BACKUP_STORAGE__accountName: `${secret}!`,
      AZURE_CLIENT_ID: `${secret}-id`,
      SECRET_SOURCE: "keyvault",
      KEY_VAULT_URI: `http://${secret}.vault.azure.net`,
      DEVELOPER_SIGN_IN: secret,
      MAIL_FROM: secret,
      SENDGRID_SECRET: `SG.${secret}`,
      SENDGRID_BASE_URL: `ftp://${secret}`,
      DEFAULT_PROFILE: `{"name":"acme","portal":{"url":"acme","auth":{"kind":"password","username":"u","secret":"${secret}!"}}}`,
    });
    const named = problems.map((problem) => problem.split(/[ :]/)[0]);
    for (const name of [
      "AzureWebJobsStorage",
      "AzureWebJobsStorage__blobServiceUri",
      "AzureWebJobsStorage__credential",
      "BACKUP_STORAGE__accountName",
      "KEY_VAULT_URI",
      "DEVELOPER_SIGN_IN",
      "AZURE_CLIENT_ID",
      "MAIL_FROM",
      "SENDGRID_SECRET",
      "SENDGRID_BASE_URL",
      "DEFAULT_PROFILE",
    ]) {
      expect(named).toContain(name);
    }
    expect(problems.join("\n")).not.toContain(secret);
    expect(new Set(problems).size).toBe(problems.length);
  });
});

test("local.settings.sample.json has exactly the settings of a machine, and the secrets that its profile names", async () => {
  const text = await readFile(path.resolve(import.meta.dirname, "../local.settings.sample.json"), "utf8");
  const { Values } = JSON.parse(text) as { Values: Record<string, string> };
  const read = readConfig(Values);
  expect(read.ok ? [] : read.problems).toEqual([]);
  const secret = read.ok ? read.config.defaultProfile?.portal.auth.secret : undefined;
  expect(
    Object.keys(Values)
      .filter((name) => name !== secret)
      .sort(),
  ).toEqual([...settingNamesOn("machine")].sort());
});

test("SETTING_NAMES says of each setting that config.ts reads that the app reads it, and of no other", async () => {
  const folder = path.resolve(import.meta.dirname, "../src/config");
  const texts = await Promise.all(
    ["../config.ts", "identity-settings.ts", "storage-settings.ts", "secret-settings.ts"].map((file) =>
      readFile(path.join(folder, file), "utf8"),
    ),
  );
  const prefixed = texts
    .join("\n")
    .replace(
      /`\$\{prefix\}(__\w+)`/g,
      (_, end: string) => `"AzureWebJobsStorage${end}" "BACKUP_STORAGE${end}"`,
    );
  const named = new Set([...prefixed.matchAll(/"([A-Za-z]\w+)"/g)].map(([, name = ""]) => name));
  for (const [name, { readBy }] of Object.entries(SETTING_NAMES)) {
    expect([name, named.has(name)]).toEqual([name, readBy === "app"]);
  }
});
