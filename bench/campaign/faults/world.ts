// A sample portal, the real client with small limits, and the dependencies of the activities: all in this process, on a
// clock that leaps over every wait, so that a run of minutes costs milliseconds.
import { inspectGdb, inspectZip } from "../../../src/clients/archive.ts";
import { makeBundle } from "../../../src/clients/bundle.ts";
import type { Mailer } from "../../../src/clients/mail.ts";
import { createPortal } from "../../../src/clients/portal/client.ts";
import { inspectShapefiles } from "../../../src/clients/shapefile.ts";
import type { Store } from "../../../src/clients/store/store.ts";
import { zipStream } from "../../../src/clients/zip-stream.ts";
import { zipTexts } from "../../../src/clients/zip-texts.ts";
import { parseProfile } from "../../../src/core/profile.ts";
import { ok } from "../../../src/core/result.ts";
import { refusedSignInPath } from "../../../src/core/work-paths.ts";
import type { Deps } from "../../../src/deps.ts";
import { memoryStore } from "../../../test/memory-store.ts";
import { startPortal, USERNAME, type SamplePortal } from "../../../test/portal/portal.ts";
import type { Scene } from "./scenes.ts";

export const PASSWORD = "s3cret pass+word/XYZ=";
/** A real client waits so long for an answer; on the clock of a case that hangs, its short deadlines are as long. */
const ANSWER_MS = 45_000;

export interface Clock {
  readonly now: () => number;
  readonly leap: (ms: number) => void;
}

export interface World {
  readonly scene: Scene;
  readonly sample: SamplePortal;
  readonly deps: Deps;
  readonly work: Store;
  readonly backups: Store;
  readonly clock: Clock;
  stop(): Promise<void>;
}

export interface WorldOptions {
  /** Something will not be answered: the deadline for each answer, in milliseconds. */
  readonly answerMs?: number;
  readonly work?: Store;
  readonly backups?: Store;
  readonly mail?: (clock: Clock) => Mailer;
}

function leapingClock(scale: number): Clock {
  const began = Date.now();
  let leapt = 0;
  return {
    now: () => began + (Date.now() - began) * scale + leapt,
    leap: (ms) => {
      leapt += ms;
    },
  };
}

export async function makeWorld(scene: Scene, options: WorldOptions = {}): Promise<World> {
  const { answerMs = ANSWER_MS, work = memoryStore("work"), backups = memoryStore("backups") } = options;
  const clock = leapingClock(ANSWER_MS / answerMs);
  const { kind = "online", seed } = scene;
  const sample = await startPortal({ kind, clock: clock.now, seed, password: PASSWORD });
  const wait = async (ms: number): Promise<void> => clock.leap(ms);
  const auth = { kind: "password", username: USERNAME, secret: "PORTAL" };
  const parsed = parseProfile({
    name: "faults",
    portal: { url: sample.url, auth },
    exports: { timeoutMinutes: 5, hardLimitHours: 1 },
    layout: "flat",
    ...scene.profile,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const portal = createPortal({
    url: sample.url,
    auth: { kind: "password", username: USERNAME, password: async () => ok(PASSWORD) },
    now: clock.now,
    wait,
    random: () => 0.5,
    userAgent: "campaign/1",
    onSignInRefused: async ({ text }) => {
      await work.put(refusedSignInPath("faults"), JSON.stringify({ runId: "", at: clock.now(), text }));
    },
    limits: { answerMs, idleMs: answerMs },
  });
  const deps: Deps = {
    appVersion: "0",
    work,
    profile: () => ok(parsed.profile),
    defaultProfile: undefined,
    takesFolders: false,
    backups: async () => ok(backups),
    portal: () => portal,
    portalRequests: () => 0,
    workerId: "here",
    mail: options.mail?.(clock),
    tell: () => undefined,
    makeBundle,
    zipStream,
    inspectGdb,
    inspectShapefiles,
    inspectZip,
    zipTexts,
    now: clock.now,
    wait,
  };
  return { scene, sample, deps, work, backups, clock, stop: () => sample.stop() };
}
