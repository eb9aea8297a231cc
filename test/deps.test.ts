// The wiring: what the settings choose is what activities get.
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { secretFile } from "../src/clients/secrets/file-secrets.ts";
import { readConfig } from "../src/config.ts";
import { parseProfileText } from "../src/core/profile.ts";
import { ok } from "../src/core/result.ts";
import { makeDeps } from "../src/deps.ts";
import { azurite } from "./azurite.ts";

function profileWith(connectionSecret: string) {
  const parsed = parseProfileText(
    JSON.stringify({
      name: "acme",
      portal: { url: "acme", auth: { kind: "password", username: "u", secret: "ACME_PASSWORD" } },
      destination: { container: `deps-${randomUUID()}`, connectionSecret },
    }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.profile;
}

test("makeDeps() reads secrets from the file that the settings choose, and from nowhere else", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "backup-deps-"));
  try {
    const file = path.join(folder, "secrets.json");
    const key = "a key of more than sixteen characters";
    await secretFile(file, { text: key }).set("DESTINATION", azurite());
    process.env["ONLY_IN_ENVIRONMENT"] = azurite();
    const config = readConfig({
      AzureWebJobsStorage: azurite(),
      BACKUP_STORAGE: "UseDevelopmentStorage=true",
      SECRET_SOURCE: "file",
      SECRET_FILE: file,
      SECRET_FILE_KEY: key,
    });
    if (!config.ok) throw new Error(config.problems.join());
    const deps = makeDeps(config.config);
    const store = await deps.backups(profileWith("DESTINATION"));
    expect(store.ok && (await store.value.ready())).toEqual(ok(undefined));
    expect(await deps.backups(profileWith("ONLY_IN_ENVIRONMENT"))).toMatchObject({
      ok: false,
      failure: { reason: "bad-input" },
    });
  } finally {
    Reflect.deleteProperty(process.env, "ONLY_IN_ENVIRONMENT");
    await rm(folder, { recursive: true, force: true });
  }
});

test("makeDeps() opens a folder where the settings allow it, and refuses a run that comes to an app without a disk", async () => {
  const settings = {
    AzureWebJobsStorage: azurite(),
    BACKUP_STORAGE: azurite(),
    SECRET_SOURCE: "environment",
  };
  const text = JSON.stringify({
    name: "acme",
    portal: { url: "acme", auth: { kind: "password", username: "u", secret: "ACME_PASSWORD" } },
    destination: { folder: path.join(tmpdir(), "acme-backups") },
  });
  const parsed = parseProfileText(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const depsWith = (more: object) => {
    const config = readConfig({ ...settings, ...more });
    if (!config.ok) throw new Error(config.problems.join());
    return makeDeps(config.config);
  };
  const onMachine = await depsWith({ BACKUP_FOLDERS: "allowed" }).backups(parsed.profile);
  expect(onMachine).toMatchObject({ value: { name: path.join(tmpdir(), "acme-backups") } });
  const elsewhere = depsWith({});
  expect(await elsewhere.backups(parsed.profile)).toMatchObject({ failure: { reason: "bad-input" } });
  expect(elsewhere.profile("acme", Buffer.from(text))).toMatchObject({ failure: { reason: "bad-input" } });
});
