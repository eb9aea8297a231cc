// Kill -9 of the host in the middle of a run, and every activity delivered twice: an equal restore point, nothing left behind.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { equalRuns } from "../../src/core/equal-runs.ts";
import type { RunStatus } from "../../src/core/run.ts";
import { startPortal, type SamplePortal } from "../portal/portal.ts";
import type { Seed } from "../portal/seed/build.ts";
import { smallSeed } from "../portal/seed/small.ts";
import { type AppOptions, PASSWORD, follow, sampleProfile, startApp, startRun, stateFolder } from "./app.ts";
import { type RestorePoint, readRestorePoint } from "./restore-point.ts";

type Moment = (status: RunStatus) => boolean;

/** The large file costs most of a run, and takes the same way at both kinds of portal: one of them is enough. */
const SEEDS: Readonly<Record<SamplePortal["kind"], Seed>> = {
  online: smallSeed,
  enterprise: (ground) => {
    smallSeed(ground);
    for (const { id, fields } of ground.state.items.values()) {
      if (fields.title === "Big raster") ground.state.items.delete(id);
    }
  },
};

/** Declares the tests against a portal of this kind; each kind has a test file of its own, so that they run side by side. */
export function crashTests(kind: SamplePortal["kind"]): void {
  describe(`at a portal of the kind ${kind}`, () => {
    let portal: SamplePortal;
    let before: ReadonlySet<string>;
    let undisturbed: RestorePoint;
    const container = `crash-${randomUUID()}`;

    beforeAll(async () => {
      portal = await startPortal({ kind, scale: 60, password: PASSWORD, seed: SEEDS[kind] });
      before = new Set(portal.state.items.keys());
      undisturbed = await runWith([]);
    }, 60_000);

    afterAll(() => portal.stop());

    /** A whole run; at each moment the host is killed and started again. */
    async function runWith(
      kills: readonly Moment[],
      options: Partial<AppOptions> = {},
    ): Promise<RestorePoint> {
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

    // Two kills and the hardest redelivery at each kind; what is left differs in nothing that the kinds differ in.
    const once = kind === "online" ? test : test.skip;

    once(
      "a host killed half through the items and at the end leaves an equal restore point",
      async () => {
        expectEqual(
          await runWith([
            (status) => status.counts.saved + status.counts.skipped >= 8,
            (status) => status.phase === "sweeping" || status.phase === "sealing",
          ]),
        );
      },
      60_000,
    );

    once(
      "every activity delivered a second time after it completed changes nothing",
      async () => {
        expectEqual(await runWith([], { redeliver: "after" }));
      },
      60_000,
    );

    test("every activity delivered twice at once changes nothing", async () => {
      expectEqual(await runWith([], { redeliver: "at-once" }));
    }, 60_000);
  });
}
