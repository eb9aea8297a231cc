// Kill -9 of the host in the middle of a run, and every activity delivered twice: an equal restore point, nothing left behind.
// It is the fixed slice of the campaigns kill and twice, which do the same at random instants and at both kinds of portal.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { equalRuns } from "../../src/core/equal-runs.ts";
import type { RunStatus } from "../../src/core/run.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import { smallSeed } from "../portal/seed/small.ts";
import { type AppOptions, PASSWORD, follow, sampleProfile, startApp, startRun, stateFolder } from "./app.ts";
import { type RestorePoint, readRestorePoint } from "./restore-point.ts";

type Moment = (status: RunStatus) => boolean;

describe("a run that is disturbed", () => {
  let portal: SamplePortal;
  let before: ReadonlySet<string>;
  let undisturbed: RestorePoint;
  const container = `crash-${randomUUID()}`;

  beforeAll(async () => {
    portal = await startPortal({ scale: 60, password: PASSWORD, seed: smallSeed });
    before = new Set(portal.state.items.keys());
    undisturbed = await runWith([]);
  }, 60_000);

  afterAll(() => portal.stop());

  /** A whole run; at each moment the host is killed and started again. */
  async function runWith(kills: readonly Moment[], options: Partial<AppOptions> = {}): Promise<RestorePoint> {
    const state = await stateFolder();
    const profile = sampleProfile(portal.url, container);
    let app = await startApp(profile, { stateFolder: state.path, ...options });
    try {
      const id = await startRun(app, profile.name);
      for (const moment of kills) {
        await follow(app, id, (status) => moment(status) || status.verdict !== null);
        await app.kill();
        app = await startApp(profile, { stateFolder: state.path, ...options });
      }
      const last = (await follow(app, id)).at(-1);
      return await readRestorePoint(container, last?.folder ?? "");
    } finally {
      await app.kill();
      await state.remove();
    }
  }

  function expectEqual(point: RestorePoint): void {
    const notes = point.items.flatMap(({ item, outcome }) =>
      outcome.notes.map((note) => `${item.title}: ${note}`),
    );
    expect(equalRuns(undisturbed, point), notes.join("\n")).toEqual([]);
    expect(point.manifest.verdict).toBe("succeeded");
    expect(point.manifest.leftBehind).toEqual([]);
    expect(new Set(portal.state.items.keys())).toEqual(before);
  }

  test("the undisturbed run succeeds", () => {
    expect(undisturbed.manifest.verdict).toBe("succeeded");
    expect(
      undisturbed.items.filter(({ outcome }) => outcome.artifacts.some(({ kind }) => kind === "export")),
    ).toHaveLength(2);
  });

  test("a host killed while it lists and while exports run leaves an equal restore point", async () => {
    expectEqual(
      await runWith([
        (status) => status.phase === "listing" || status.phase === "planning",
        (status) => status.exportsAtWork.length > 0,
      ]),
    );
  }, 60_000);

  test("every activity delivered twice at once changes nothing", async () => {
    expectEqual(await runWith([], { redeliver: "at-once" }));
  }, 60_000);
});
