// Whole runs whose secrets lie in a vault and whose own storage is reached by the app's identity: as on Azure, by its names.
import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { BlobServiceClient, ContainerSASPermissions, StorageSharedKeyCredential } from "@azure/storage-blob";
import { AZURITE_ACCOUNT, AZURITE_KEY, azurite, openStore } from "../azurite.ts";
import { type SampleAzure, startAzure } from "../azure/azure.ts";
import { FORBIDDEN } from "../azure/vault.ts";
import { type Proxy, interferingProxy } from "../clients/store/interfering-proxy.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { smallSeed } from "../portal/seed/small.ts";
import { type App, PASSWORD, follow, sampleProfile, startApp, startRun, stateFolder } from "./app.ts";
import { readRestorePoint } from "./restore-point.ts";

let portal: SamplePortal;
let azure: SampleAzure;
let proxy: Proxy;
let app: App;
let state: Awaited<ReturnType<typeof stateFolder>>;
let container: string;
let profile: ReturnType<typeof sampleProfile>;
/** Signatures that the destination does not take any more. */
const revoked = new Set<string>();
/** Takes SendGrid's place; the keys that mails came with, in their order. */
let mailService: Server;
const mailKeys: string[] = [];
/** A SAS is another one when it ends another second. */
let rotations = 0;

beforeAll(async () => {
  portal = await startPortal({ scale: 60, password: PASSWORD, seed: smallSeed });
  // A run's length is that of its exports.
  for (const [id, { fields }] of portal.state.items) {
    if (/^(Big raster|Pumps|Wells)/.test(fields.title)) portal.state.items.delete(id);
  }
  mailService = createServer((request, response) => {
    mailKeys.push(request.headers.authorization ?? "none");
    request.resume().on("end", () => response.writeHead(202).end());
  });
  await new Promise<void>((resolve) => mailService.listen(0, "127.0.0.1", resolve));
  azure = await startAzure(["acmework", "acmebackups"]);
  proxy = await interferingProxy(azurite(), (line) =>
    [...revoked].some((sig) => line.includes(sig)) ? 403 : "pass",
  );
}, 30_000);
afterAll(async () => {
  await new Promise((resolve) => mailService.close(resolve));
  await proxy.stop();
  await azure.stop();
  await portal.stop();
});

beforeEach(async () => {
  container = `vault-${randomUUID()}`;
  await openStore(container).ready();
  azure.vault.secrets.clear();
  azure.vault.trouble = undefined;
  revoked.clear();
  profile = {
    ...sampleProfile(portal.url, container),
    portal: {
      url: portal.url,
      auth: { kind: "password", username: "backup_admin", secret: "portal-password" },
    },
    destination: { container, connectionSecret: "destination" },
    mail: { to: ["gis@acme.example"] },
  } as typeof profile;
  mailKeys.length = 0;
  state = await stateFolder();
});
afterEach(async () => {
  await app.kill();
  await state.remove();
});

async function start(settings: Readonly<Record<string, string>> = {}): Promise<App> {
  const mail = {
    MAIL_FROM: "backup@acme.example",
    SENDGRID_SECRET: "sendgrid-key",
    SENDGRID_BASE_URL: `http://127.0.0.1:${(mailService.address() as AddressInfo).port}`,
  };
  azure.vault.set("sendgrid-key", "SG.first-mail-key");
  const env = { ...azure.env, ...mail, TEST_PORTAL_PASSWORD: "", ...settings };
  return await startApp(profile, { stateFolder: state.path, env });
}

/** The app's own storage and that of the backups by its identity. */
const BY_IDENTITY = {
  AzureWebJobsStorage: "",
  AzureWebJobsStorage__blobServiceUri: "https://acmework.blob.core.windows.net",
  AzureWebJobsStorage__credential: "managedidentity",
  BACKUP_STORAGE: "",
  BACKUP_STORAGE__blobServiceUri: "https://acmebackups.blob.core.windows.net",
};

/** Stores another connection string of the destination in the vault; its signature. */
async function rotateDestination(): Promise<string> {
  const endpoint = /BlobEndpoint=([^;]+)/.exec(azurite())?.[1] ?? "";
  const key = new StorageSharedKeyCredential(AZURITE_ACCOUNT, AZURITE_KEY);
  const url = await new BlobServiceClient(endpoint, key).getContainerClient(container).generateSasUrl({
    permissions: ContainerSASPermissions.parse("racwl"),
    expiresOn: new Date(Date.now() + 3_600_000 + (rotations += 1) * 1000),
  });
  const { search, searchParams } = new URL(url);
  azure.vault.set(
    "destination",
    proxy.through(`BlobEndpoint=${endpoint};SharedAccessSignature=${search.slice(1)}`),
  );
  return `sig=${searchParams.get("sig") ?? ""}`;
}

/** Mails go out after the verdict. */
async function mailed(count: number): Promise<void> {
  for (let n = 0; n < 200 && mailKeys.length < count; n += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(mailKeys).toHaveLength(count);
}

async function result(id: string): Promise<string> {
  return (await app.call("GET", `backups/${id}/results`)).text;
}

test("a run goes on with secrets that are rotated: the password for the next run, the destination for the next call", async () => {
  app = await start(BY_IDENTITY);
  azure.vault.set("portal-password", "an-older-secret");
  const first = await rotateDestination();
  const refused = await startRun(app, profile.name);
  expect((await follow(app, refused)).at(-1)).toMatchObject({
    verdict: "failed",
    failure: { reason: "sign-in-refused" },
  });

  await mailed(1);
  azure.vault.set("portal-password", PASSWORD);
  azure.vault.set("sendgrid-key", "SG.second-mail-key");
  // The id of a run tells its second.
  await new Promise((resolve) => setTimeout(resolve, 1000 - (Date.now() % 1000)));
  const id = await startRun(app, profile.name);
  await follow(app, id, ({ counts, verdict }) => counts.saved >= 3 || verdict !== null);
  const second = await rotateDestination();
  revoked.add(first);
  const last = (await follow(app, id)).at(-1);
  expect(last).toMatchObject({ verdict: "succeeded", counts: { failed: 0 } });
  expect(proxy.seen.some((line) => line.includes(second))).toBe(true);
  const point = await readRestorePoint(container, last?.folder ?? "");
  expect(point.manifest.verdict).toBe("succeeded");
  await mailed(2);
  expect(mailKeys).toEqual(["Bearer SG.first-mail-key", "Bearer SG.second-mail-key"]);

  const said = `${app.log()}${await result(refused)}${await result(id)}`;
  for (const secret of [PASSWORD, "an-older-secret", first, second, "eyJ", "-mail-key"])
    expect(said).not.toContain(secret);
}, 60_000);

test("a vault that refuses in the middle of a run ends it as failed, with a report and without a manifest", async () => {
  app = await start();
  azure.vault.set("portal-password", PASSWORD);
  const first = await rotateDestination();
  const id = await startRun(app, profile.name);
  await follow(app, id, ({ counts, verdict }) => counts.saved >= 3 || verdict !== null);
  azure.vault.trouble = () => ({ status: 403, body: FORBIDDEN.firewall });
  revoked.add(first);
  const last = (await follow(app, id)).at(-1);
  expect(last?.verdict).toBe("failed");
  expect(last?.failure?.reason).toBe("secret-refused");
  const results = await result(id);
  expect(results).toMatch(/^FAILED/);
  expect(results).toContain('Cannot read the secret "destination" from Key Vault "acme": its firewall');
  expect(`${results}${app.log()}`).not.toContain("203.0.113.7");
  const blobs = await openStore(container).list(`${last?.folder ?? ""}/`);
  const names = blobs.ok ? blobs.value.blobs.map(({ path }) => path.split("/").at(-1)) : [];
  expect(names).toContain("run.json");
  for (const sealed of ["manifest.json", "items.jsonl", "Results.txt"]) expect(names).not.toContain(sealed);
}, 60_000);
