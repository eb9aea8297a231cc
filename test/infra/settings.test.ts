// The names of the app settings: one set in the templates, in config.ts and in local.settings.sample.json.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { SNAPSHOTS, settings } from "./snapshots.ts";

const root = path.resolve(import.meta.dirname, "..", "..");

/** Settings that the Functions host or Durable reads itself; the app never asks for them. */
const HOST = [
  /^FUNCTIONS_WORKER_RUNTIME$/,
  /^AzureFunctionsJobHost__/,
  /^APPLICATIONINSIGHTS_/,
  /^DURABLE_TASK_SCHEDULER_CONNECTION_STRING$/,
  /^AzureWebJobsStorage__(?:queue|table)ServiceUri$/,
];
/** What the app reads, in its form on Azure. */
const ON_AZURE = [
  "AZURE_CLIENT_ID",
  "AzureWebJobsStorage__blobServiceUri",
  "AzureWebJobsStorage__clientId",
  "AzureWebJobsStorage__credential",
  "BACKUP_STORAGE__blobServiceUri",
  "DEFAULT_PROFILE",
  "KEY_VAULT_URI",
  "MAIL_FROM",
  "SECRET_SOURCE",
  "SENDGRID_BASE_URL",
  "SENDGRID_SECRET",
];

test("the templates set what the app reads on Azure, and besides only what the host reads", () => {
  const names = new Set(SNAPSHOTS.flatMap((of) => [...settings(of).keys()]));
  const ours = [...names].filter((name) => !HOST.some((pattern) => pattern.test(name)));
  expect(ours.sort()).toEqual([...ON_AZURE].sort());
});

test("local.settings.sample.json names settings that exist in the templates, by connection string where those sign in", async () => {
  const { Values } = JSON.parse(await readFile(path.join(root, "local.settings.sample.json"), "utf8")) as {
    Values: Record<string, string>;
  };
  const profile = JSON.parse(Values["DEFAULT_PROFILE"] ?? "{}") as { portal: { auth: { secret: string } } };
  const known = new Set([
    ...ON_AZURE,
    ...ON_AZURE.map((name) => name.replace(/__.*/, "")),
    profile.portal.auth.secret,
  ]);
  const unknown = Object.keys(Values).filter(
    (name) => !known.has(name) && !HOST.some((pattern) => pattern.test(name)),
  );
  expect(unknown).toEqual([]);
});
