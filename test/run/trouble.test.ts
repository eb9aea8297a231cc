// What goes wrong ends in one clear report: wrong password, unknown portal, refused destination, faults of single items.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunStatus } from "../../src/core/run.ts";
import { azurite } from "../azurite.ts";
import { noWayTo } from "../portal/no-way.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { smallSeed } from "../portal/seed/small.ts";
import { type App, PASSWORD, follow, sampleProfile, startApp, startRun, stateFolder } from "./app.ts";
import { readRestorePoint } from "./restore-point.ts";

let portal: SamplePortal;
let enterprise: SamplePortal;
const container = `trouble-${randomUUID()}`;

beforeAll(async () => {
  portal = await startPortal({ scale: 60, password: PASSWORD, seed: smallSeed });
  enterprise = await startPortal({ kind: "enterprise", scale: 60, password: PASSWORD, seed: smallSeed });
});
afterAll(() => Promise.all([portal.stop(), enterprise.stop()]));

const KINDS = ["online", "enterprise"] as const;
const portalOf = (kind: (typeof KINDS)[number]) => (kind === "online" ? portal : enterprise);

const WRONG_KEY = Buffer.alloc(64, 7).toString("base64");

interface Ended {
  readonly status: RunStatus;
  readonly results: string;
  readonly log: string;
}

async function run(profile: { name: string }, env: Record<string, string> = {}): Promise<Ended> {
  const state = await stateFolder();
  const app: App = await startApp(profile, { stateFolder: state.path, env });
  try {
    const id = await startRun(app, profile.name);
    const status = (await follow(app, id)).at(-1);
    if (status === undefined) throw new Error("No status");
    const results = (await app.call("GET", `backups/${id}/results`)).text;
    return { status, results, log: app.log() };
  } finally {
    await app.kill();
    await state.remove();
  }
}

test.each(KINDS)(
  "a wrong password is asked once and ends as a failed run with a report (%s)",
  async (kind) => {
    const portal = portalOf(kind);
    const wrong = "wrong-but-secret";
    const { status, results, log } = await run(sampleProfile(portal.url, container), {
      TEST_PORTAL_PASSWORD: wrong,
    });
    expect(status.verdict).toBe("failed");
    expect(status.failure?.reason).toBe("sign-in-refused");
    expect(results).toMatch(/^FAILED/);
    expect(results).toContain("backup_admin");
    expect(portal.state.members.get("backup_admin")?.wrongPasswords).toHaveLength(1);
    expect(`${results}${log}`).not.toContain(wrong);
  },
  40_000,
);

test("an address without a portal ends as a failed run that says what was tried", async () => {
  const server = createServer((_, reply) => reply.writeHead(404).end("no portal here")).listen(
    0,
    "127.0.0.1",
  );
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const { status, results } = await run(sampleProfile(`http://127.0.0.1:${port}`, container));
  server.close();
  expect([status.verdict, status.failure?.reason]).toEqual(["failed", "portal-unknown"]);
  expect(results).toContain(`127.0.0.1:${port}`);
}, 40_000);

test("a destination that refuses is reported in the app's own storage", async () => {
  const profile = {
    ...sampleProfile(portal.url, container),
    destination: { container, connectionSecret: "TEST_DESTINATION" },
  };
  const refused = azurite().replace(/AccountKey=[^;]+/, `AccountKey=${WRONG_KEY}`);
  const { status, results } = await run(profile, { TEST_DESTINATION: refused });
  expect([status.verdict, status.failure?.reason]).toEqual(["failed", "storage-refused"]);
  expect(results).toContain(container);
  expect(results).not.toContain(WRONG_KEY);
}, 40_000);

// The kinds differ in nothing that these faults meet.
test.each(["online"] as const)(
  "faults fail their own items alone, with what to do, and passing trouble costs nothing (%s)",
  async (kind) => {
    const portal = portalOf(kind);
    portal.faults.add(
      ...noWayTo("Pumps/Valves", "Error exporting data to filegdb format"),
      {
        match: {
          // An Enterprise hands its files out itself.
          ...(kind === "online" ? { server: "storage" as const } : { path: "/data$" }),
          itemTitle: "Lakes",
          times: "always",
        },
        answer: { truncate: { bytes: 40 } },
      },
      { match: { path: "/content/items/[0-9a-f]+$", itemTitle: "Photo", times: 1 }, answer: { status: 503 } },
    );
    const { status, results } = await run(sampleProfile(portal.url, container));
    expect(status.verdict).toBe("partial");
    const point = await readRestorePoint(container, status.folder);
    const failed = point.items.flatMap(({ item, outcome }) =>
      outcome.state === "failed" ? [[item.title, outcome.failure.reason, outcome.failure.next !== ""]] : [],
    );
    expect(failed.sort()).toEqual([
      ["Lakes", "truncated", true],
      ["Pumps/Valves", "export-failed", true],
    ]);
    expect(results).toMatch(/^PARTIAL/);
    expect(results).toContain("Error exporting data to filegdb format");
    expect([...portal.state.items.values()].some((item) => item.fields.title.startsWith("TEMP_"))).toBe(
      false,
    );
  },
  60_000,
);
