// One run over a portal where something happens to nearly every item: each ends as it must, and nothing is left behind.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunStatus } from "../../src/core/run.ts";
import type { ItemLine } from "../../src/core/run.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { ODD_FAULTS, oddSeed } from "../portal/seed/odd.ts";
import { PASSWORD, follow, sampleProfile, startApp, startRun, stateFolder } from "./app.ts";
import { type RestorePoint, readRestorePoint } from "./restore-point.ts";

/** An hour, the least hard limit of exports, takes fifteen seconds. */
const SCALE = 240;
const container = `odd-${randomUUID()}`;
let portal: SamplePortal;
let status: RunStatus | undefined;
let point: RestorePoint;
let results: string;

beforeAll(async () => {
  portal = await startPortal({ scale: SCALE, password: PASSWORD, seed: oddSeed, faults: ODD_FAULTS });
  const state = await stateFolder();
  const exports = { lanes: 8, timeoutMinutes: 30, hardLimitHours: 1 };
  const profile = sampleProfile(portal.url, container, { exports });
  const app = await startApp(profile, { stateFolder: state.path, scale: SCALE });
  try {
    const id = await startRun(app, profile.name);
    status = (await follow(app, id)).at(-1);
    results = (await app.call("GET", `backups/${id}/results`)).text;
    point = await readRestorePoint(container, status?.folder ?? "");
  } finally {
    await app.kill();
    await state.remove();
  }
}, 90_000);

afterAll(() => portal.stop());

function told({ outcome }: ItemLine): string {
  if (outcome.state === "failed") return `failed: ${outcome.failure.reason}`;
  return outcome.state === "skipped" ? `skipped: ${outcome.cause}` : outcome.state;
}

test("every oddity of the portal struck, and each item ends as it must", () => {
  expect(portal.faults.fired.every((fired) => fired > 0)).toBe(true);
  const ends = Object.fromEntries(point.items.map((line) => [line.item.title, told(line)]));
  expect(ends).toEqual({
    "Told late": "saved",
    "Told early": "saved",
    "Status in error": "saved",
    "Job forgotten": "saved",
    "Tags dropped": "saved",
    "Lands with its owner": "saved",
    "Answer lost": "saved",
    "Never ends": "failed: export-timeout",
    "Deleted before its export": "skipped: deleted-meanwhile",
    "Deleted after its export": "skipped: deleted-meanwhile",
    "Deleted meanwhile": "skipped: deleted-meanwhile",
    "Deleted from a folder": "skipped: deleted-meanwhile",
    "Error inside HTTP 200": "saved",
    "Web page at first": "saved",
    // The item was there again when it was asked a second time: nothing tells that it was deleted.
    "Hidden for a while": "failed: not-found",
    "Gone, says the portal, and lists it": "failed: not-found",
    "Sent empty": "failed: wrong-content",
    "Of a leaver": "saved",
    "Repeated 1": "saved",
    "Repeated 2": "saved",
    "Repeated 3": "saved",
  });
});

test("what was exported before its layer was deleted is kept", () => {
  const line = point.items.find(({ item }) => item.title === "Deleted after its export");
  expect(line?.outcome.artifacts.map(({ kind }) => kind)).toEqual(["export"]);
  expect(line?.outcome.notes.join()).toContain("no longer lists it");
});

test("the books balance, and the report tells the deleted items and the listing that repeats itself", () => {
  const { counts, verdict, books } = point.manifest;
  expect(verdict).toBe("partial");
  expect(counts.listed).toBe(counts.saved + counts.skipped + counts.failed);
  expect(status?.counts).toEqual(counts);
  expect(books?.unlisted).toMatchObject([{ username: "repeater" }]);
  expect(results).toMatch(/4 {2}Deleted at the portal while the run went on/);
  expect(results).toContain("repeater: Cannot list repeater's root folder: the portal repeats pages");
});

test("no temporary export is left, wherever it landed", () => {
  const left = [...portal.state.items.values()].filter((item) => item.fields.title.startsWith("TEMP_"));
  expect(left).toEqual([]);
  expect(point.manifest.leftBehind).toEqual([]);
});
