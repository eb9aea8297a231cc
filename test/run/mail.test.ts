// Two nights of the built app with mail: the first is refused by the mail service, the second tells it, with what was
// deleted in between and what keeps failing.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MailOutcome } from "../../src/activities/run/mail.ts";
import { runPaths } from "../../src/core/work-paths.ts";
import { type MailSink, startMailSink } from "../../src/local/services/mail-sink.ts";
import { openStore } from "../azurite.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { addItem, addMember, type Ground } from "../portal/seed/build.ts";
import { shapefileZip } from "../portal/seed/media.ts";
import { type App, PASSWORD, follow, sampleProfile, startApp, startRun, stateFolder } from "./app.ts";
import { value } from "./restore-point.ts";

const KEY = "SG.s3cret-mail-key";
const container = `mail-${randomUUID()}`;
const cleanUp: (() => Promise<unknown>)[] = [];
let portal: SamplePortal;
let sink: MailSink;
let app: App;
let profile: { readonly name: string };

beforeAll(async () => {
  portal = await startPortal({ scale: 60, password: PASSWORD, seed });
  cleanUp.push(() => portal.stop());
  portal.faults.add({
    match: { server: "storage", itemTitle: "Lakes", times: "always" },
    answer: { truncate: { bytes: 40 } },
  });
  const folder = await mkdtemp(path.join(tmpdir(), "mails-"));
  cleanUp.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  sink = await startMailSink(folder);
  cleanUp.unshift(() => sink.stop());
  const state = await stateFolder();
  cleanUp.push(state.remove);
  profile = sampleProfile(portal.url, container, {
    organisation: "City of Acme",
    schedule: { cron: "0 2 * * *", zone: "America/Denver" },
    mail: { to: ["gis@acme.gov"] },
  });
  const service = await refusingOnce();
  app = await startApp(profile, {
    stateFolder: state.path,
    env: {
      MAIL_FROM: "backup@acme.gov",
      SENDGRID_SECRET: "TEST_MAIL_KEY",
      TEST_MAIL_KEY: KEY,
      SENDGRID_BASE_URL: service,
    },
  });
  cleanUp.unshift(() => app.kill());
}, 60_000);
afterAll(async () => {
  for (const step of cleanUp) await step();
});

/** A mail service that refuses the first mail and hands the others to the sink; its address. */
async function refusingOnce(): Promise<string> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    if (asked > 1) return void handOn(request, response);
    response.writeHead(401, { "content-type": "application/json" });
    response.end('{"errors":[{"message":"The provided authorization grant is revoked"}]}');
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUp.unshift(async () => server.close());
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

async function handOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { authorization = "", "content-type": type = "" } = request.headers;
  const answer = await fetch(`${sink.url}${request.url ?? ""}`, {
    method: request.method ?? "POST",
    headers: { authorization, "content-type": type },
    body: await text(request),
  });
  response.writeHead(answer.status).end();
}

function seed({ state, password }: Ground): void {
  addMember(state, "backup_admin", "Backup Administrator", { role: "org_admin", password });
  addMember(state, "jdoe", "Jane Doe");
  for (let n = 0; n < 11; n += 1) addItem(state, { title: `Map ${n} 🌳`, type: "Web Map", json: { n } });
  addItem(state, { title: "Lakes", type: "Shapefile", name: "lakes.zip", file: shapefileZip("lakes") });
}

function itemCalled(title: string): string {
  const found = [...portal.state.items.values()].find((item) => item.fields.title.startsWith(title));
  if (found === undefined) throw new Error(`The portal has no ${title}`);
  return found.id;
}

async function night(): Promise<{
  readonly id: string;
  readonly verdict: string;
  readonly mail: MailOutcome;
}> {
  const id = await startRun(app, profile.name);
  const verdict = (await follow(app, id)).at(-1)?.verdict ?? "";
  for (let n = 0; n < 200; n += 1) {
    const blob = value(await openStore("work").get(runPaths(id).mailSent));
    if (blob !== undefined)
      return { id, verdict, mail: JSON.parse(Buffer.from(blob.bytes).toString()) as MailOutcome };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`No mail was tried: ${app.log().slice(-2000)}`);
}

test("a refused mail leaves the run as it is; the next one tells it, with streaks, last copies and deletions", async () => {
  const first = await night();
  expect(first.verdict).toBe("partial");
  expect(first.mail).toMatchObject({ sent: false, failure: { reason: "bad-input" } });
  expect(first.mail.failure?.text).toMatch(
    /refused the API key \(401\): The provided authorization grant is revoked$/,
  );
  expect(app.log()).toContain("refused the API key (401)");
  expect(sink.received()).toEqual([]);

  const binned = portal.state.items.get(itemCalled("Map 1 "));
  if (binned !== undefined) binned.binnedAt = Date.now();
  portal.state.items.delete(itemCalled("Map 2 "));
  const second = await night();
  expect(second).toMatchObject({ verdict: "partial", mail: { sent: true } });
  expect(sink.received()).toHaveLength(1);
  const eml = await readFile(sink.received()[0] ?? "", "utf8");
  const read = eml.replaceAll("=\r\n", "").replaceAll(/\s+/g, " ");
  expect(read).toContain("Subject: PARTIAL - City of Acme: 1 of 10 items not backed up (");
  expect(read).toContain("Lakes (Shapefile, jdoe) - 2nd run in a row, since");
  expect(read).toContain("No earlier copy is known.");
  expect(read).toMatch(/1 item deleted since [^:]* \(in the recycle bin until [^:]* or later\): Map 1 /);
  expect(read).toMatch(/1 item deleted since [^:(]*: Map 2 /);
  expect(read).toContain("The mail of an earlier run was not sent, since");
  expect(read).toContain("NEXT RUN ");

  const results = (await app.call("GET", `backups/${second.id}/results`)).text;
  expect(results).toContain("2nd run in a row");
  expect(results).toContain("NOT LISTED ANY MORE (2)");
  expect(`${eml}${results}${app.log()}`).not.toContain(KEY);
}, 60_000);
