// What the connection check tells of each part: all is well, or what does not work and what to do.
import { expect, test } from "vitest";
import { checkProfile } from "../../../src/activities/run/check-profile.ts";
import type { Mailer } from "../../../src/clients/mail.ts";
import type { Portal, PortalSelf } from "../../../src/clients/portal/portal.ts";
import type { Check } from "../../../src/core/profile-check.ts";
import { parseProfile } from "../../../src/core/profile.ts";
import { failed, ok } from "../../../src/core/result.ts";
import type { Deps } from "../../../src/deps.ts";
import { PORTAL } from "../../core/report-samples.ts";
import { depsWithout } from "../../deps-without.ts";
import { faultyStore } from "../../faulty-store.ts";
import { memoryStore } from "../../memory-store.ts";

const NOW = Date.UTC(2026, 4, 14, 2);
const refused = failed("secret-refused", "Cannot read the secret", "Grant access to it");
const told = { text: refused.failure.text, next: refused.failure.next };
const PRIVILEGES = [
  ...["portal:admin:viewUsers", "portal:admin:viewItems", "portal:user:createItem"],
  ...["portal:admin:updateItems", "portal:admin:deleteItems"],
];

function connecting(self: Partial<PortalSelf> = {}): Deps["portal"] {
  const value = { ...PORTAL, privileges: PRIVILEGES, ...self };
  return () => ({ connect: async () => ok(value) }) as unknown as Portal;
}

const mailer = (ready: Awaited<ReturnType<Mailer["ready"]>>): Mailer => ({
  ready: async () => ready,
  send: () => {
    throw new Error("The check sends no mail");
  },
});

const refusing = (refusedMethod: string) => () => {
  const { store } = faultyStore(memoryStore("backups"), ({ method }) =>
    method === refusedMethod ? refused.failure : undefined,
  );
  return Promise.resolve(ok(store));
};

async function checked(over: Partial<Deps>, more: object = {}): Promise<readonly Check[]> {
  const auth = { kind: "password", username: "backup_svc", secret: "ACME" };
  const parsed = parseProfile({ name: "acme", portal: { url: PORTAL.base, auth }, ...more });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ text }) => text).join());
  const { profile } = parsed;
  const work = memoryStore();
  const base = depsWithout("The check needs none of this");
  const backups = async () => ok(memoryStore("backups"));
  return checkProfile(
    { ...base, work, profile: () => ok(profile), portal: connecting(), backups, now: () => NOW, ...over },
    profile,
  );
}

const MAIL = { mail: { to: ["gis@acme.org"], on: ["failed"] } };
const MAILS = { mail: { to: ["gis@acme.org", "it@acme.org"], on: ["failed"] } };

test("a profile that reaches everything is told part by part, and leaves one mark in the destination", async () => {
  const backups = memoryStore("backups");
  const schedule = { schedule: { cron: "0 2 * * *", zone: "America/Denver" } };
  const over = { backups: async () => ok(backups), mail: mailer(ok(undefined)) };
  expect(await checked(over, { ...MAIL, ...schedule })).toEqual([
    {
      check: "portal",
      state: "ok",
      text: 'Signed in to City of Acme (ArcGIS Online, https://acme.maps.arcgis.com) as "backup_svc"',
    },
    { check: "privileges", state: "ok", text: '"backup_svc" may read and export every member\'s items' },
    { check: "destination", state: "ok", text: 'Writes to the container "backups" and reads back' },
    { check: "mail", state: "ok", text: "Mails 1 address; the key of the mail service can be read" },
    {
      check: "schedule",
      state: "ok",
      text: "Next run 2026-05-14T08:00:00.000Z (0 2 * * * in America/Denver)",
    },
  ]);
  const left = await backups.list("");
  expect(left.ok && left.value.blobs.map(({ path }) => path)).toEqual([".connection-check.json"]);
});

test.each<readonly [what: string, over: Partial<Deps>, profile: object, expected: Partial<Check>]>([
  [
    "an ArcGIS Enterprise by its version",
    { portal: connecting({ kind: "enterprise", version: "11.5" }) },
    {},
    {
      check: "portal",
      state: "ok",
      text: 'Signed in to City of Acme (ArcGIS Enterprise 11.5, https://acme.maps.arcgis.com) as "backup_svc"',
    },
  ],
  [
    "a sign-in that is refused",
    { portal: () => ({ connect: async () => refused }) as unknown as Portal },
    {},
    { check: "portal", state: "failed", ...told },
  ],
  [
    "a destination whose secret cannot be read",
    { backups: async () => refused },
    {},
    { check: "destination", state: "failed", ...told },
  ],
  [
    "a container that is not to be had",
    { backups: refusing("ready") },
    {},
    { check: "destination", state: "failed", ...told },
  ],
  [
    "a container that takes no blob",
    { backups: refusing("put") },
    {},
    { check: "destination", state: "failed", ...told },
  ],
  [
    "a container that hands no blob out",
    { backups: refusing("info") },
    {},
    { check: "destination", state: "warning", text: expect.stringContaining("may not read it") as string },
  ],
  [
    "several addresses",
    { mail: mailer(ok(undefined)) },
    MAILS,
    { check: "mail", state: "ok", text: "Mails 2 addresses; the key of the mail service can be read" },
  ],
  [
    "a mail key that cannot be read",
    { mail: mailer(refused) },
    MAIL,
    { check: "mail", state: "failed", ...told },
  ],
  [
    "an app without a mail service",
    {},
    MAIL,
    { check: "mail", state: "warning", text: expect.stringContaining("MAIL_FROM is not set") as string },
  ],
  ["a profile that wants no mail", {}, {}, { check: "mail", state: "ok", text: "The profile wants no mail" }],
])("tells %s, and every other part as well", async (_what, over, profile, expected) => {
  const checks = await checked(over, profile);
  expect(checks.find(({ check }) => check === expected.check)).toMatchObject(expected);
  const failedParts = checks.filter(({ state }) => state === "failed").map(({ check }) => check);
  expect(failedParts).toEqual(expected.state === "failed" ? [expected.check] : []);
  expect(checks.map(({ check }) => check)).toEqual(
    expect.arrayContaining(["portal", "destination", "mail", "schedule"]),
  );
});
