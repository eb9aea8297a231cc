// The connection check against a portal, a destination and a mail service that work, and against ones that do not.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { azurite, openStore } from "../azurite.ts";
import { type SamplePortal, startPortal } from "../portal/portal.ts";
import { leanSeed } from "../portal/seed/lean.ts";
import { type App, PASSWORD, follow, sampleProfile, startApp, startRun, stateFolder } from "./app.ts";
import { value } from "./restore-point.ts";

const WRONG = "wrong-but-secret";
const container = `check-${randomUUID()}`;
let portal: SamplePortal;
let app: App;
const cleanUp: (() => Promise<void>)[] = [];

beforeAll(async () => {
  portal = await startPortal({
    scale: 60,
    password: PASSWORD,
    seed: leanSeed({ maps: 2, layers: 0, minutes: 1 }),
  });
  cleanUp.push(() => portal.stop());
  const state = await stateFolder();
  cleanUp.unshift(state.remove);
  value(await openStore("work").ready());
  const refused = azurite().replace(
    /AccountKey=[^;]+/,
    `AccountKey=${Buffer.alloc(64, 7).toString("base64")}`,
  );
  app = await startApp(sampleProfile(portal.url, container), {
    stateFolder: state.path,
    env: { WRONG_PASSWORD: WRONG, REFUSED_DESTINATION: refused },
  });
  cleanUp.unshift(() => app.kill());
}, 60_000);

afterAll(async () => {
  for (const step of cleanUp) await step();
});

type Told = Readonly<
  Record<string, { readonly state: string; readonly text: string; readonly next?: string }>
>;

async function check(more: object): Promise<{ name: string; ok: boolean; told: Told; text: string }> {
  const profile = sampleProfile(portal.url, container, more);
  value(await openStore("work").put(`profiles/${profile.name}.json`, JSON.stringify(profile)));
  const { status, text } = await app.call("POST", `profiles/${profile.name}/check`);
  expect(status, text).toBe(200);
  const { ok, checks } = JSON.parse(text) as {
    ok: boolean;
    checks: { check: string; state: string; text: string }[];
  };
  return { name: profile.name, ok, told: Object.fromEntries(checks.map((each) => [each.check, each])), text };
}

test("tells of each part that works, and leaves a mark and no run", async () => {
  const { name, ok, told } = await check({ schedule: { cron: "0 2 * * *", zone: "Europe/Berlin" } });
  expect(ok).toBe(true);
  expect(Object.values(told).map(({ state }) => state)).toEqual(["ok", "ok", "ok", "ok", "ok"]);
  expect(told["portal"]?.text).toContain("backup_admin");
  expect(told["schedule"]?.text).toContain("Europe/Berlin");
  expect(value(await openStore(container).info(".connection-check.json"))).toBeDefined();
  expect(JSON.parse((await app.call("GET", `backups?profile=${name}`)).text)).toMatchObject({ runs: [] });
  // Again: the mark is there already.
  const again = await app.call("POST", `profiles/${name}/check`);
  expect(JSON.parse(again.text)).toMatchObject({ ok: true });
});

test("tells everything that does not work at once; a refused password is tried once and does not bar a later run", async () => {
  const auth = { kind: "password", username: "backup_admin", secret: "WRONG_PASSWORD" };
  const { name, ok, told, text } = await check({
    portal: { url: portal.url, auth },
    destination: { container, connectionSecret: "REFUSED_DESTINATION" },
    mail: { to: ["gis@acme.example"] },
  });
  expect(ok).toBe(false);
  expect([told["portal"]?.state, told["destination"]?.state, told["mail"]?.state]).toEqual([
    "failed",
    "failed",
    "warning",
  ]);
  for (const part of ["portal", "destination", "mail"]) expect(told[part]?.next, part).toBeTruthy();
  expect(text).not.toContain(WRONG);
  expect(portal.state.members.get("backup_admin")?.wrongPasswords).toHaveLength(1);

  const right = { ...sampleProfile(portal.url, container), name };
  value(await openStore("work").put(`profiles/${name}.json`, JSON.stringify(right)));
  expect((await follow(app, await startRun(app, name))).at(-1)?.verdict).toBe("succeeded");
}, 60_000);

test("an unknown profile is 404", async () => {
  expect((await app.call("POST", "profiles/nobody/check")).status).toBe(404);
});
