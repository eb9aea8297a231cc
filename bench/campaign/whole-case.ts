// One whole run of the built app against a sample portal of this process: started, followed to its end within a bound, read.
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { folderStore } from "../../src/clients/store/folder-store.ts";
import type { Store } from "../../src/clients/store/store.ts";
import type { RunStatus } from "../../src/core/run.ts";
import { openStore } from "../../test/azurite.ts";
import { startPortal, type SamplePortal, type SamplePortalOptions } from "../../test/portal/portal.ts";
import { type App, PASSWORD, sampleProfile, startApp, startRun, statusOf } from "../../test/run/app.ts";
import { type RestorePoint, restorePointIn, value } from "../../test/run/restore-point.ts";
import type { CampaignGround } from "./campaign.ts";

/** Minutes of the portal in one of ours: exports of minutes take half seconds. */
const SCALE = 120;

/** A run that lasts longer hangs: cases are made so that they take some seconds. */
const MOST_SECONDS = 90;

export interface WholeCase {
  readonly portal: SamplePortal;
  readonly app: App;
  readonly runId: string;
  readonly status: RunStatus;
  /** undefined: the run sealed none. */
  readonly point: RestorePoint | undefined;
  /** The destination's folder on disk, where the profile asks for one. */
  readonly folder: string | undefined;
  readonly backups: Store;
  readonly work: Store;
  /** State of the host: durable history, keys and all. */
  readonly stateFolder: string;
  /** Everything that must not be in what was written: the password, and all tokens there ever were. */
  readonly secrets: () => readonly string[];
}

export interface WholeCaseOptions {
  readonly portal: Pick<SamplePortalOptions, "kind" | "seed">;
  readonly profile: object;
  readonly inFolder: boolean;
}

/** Carries the run out and looks at it; what it made is gone afterwards. Its wrongs are those of `look`, or that it hangs. */
export async function wholeCase(
  ground: CampaignGround,
  options: WholeCaseOptions,
  look: (ended: WholeCase) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const base = await mkdtemp(path.join(ground.folder, "case-"));
  const container = `case-${randomUUID()}`;
  const portal = await startPortal({ ...options.portal, password: PASSWORD, scale: SCALE });
  let app: App | undefined;
  try {
    const folder = options.inFolder ? path.join(base, "backups") : undefined;
    const destination = folder === undefined ? { container } : { folder };
    const profile = sampleProfile(portal.url, container, { ...options.profile, destination });
    const stateFolder = path.join(base, "state");
    const env = { BACKUP_FOLDERS: "allowed" };
    app = await startApp(profile, { stateFolder, connection: ground.connection, env, scale: SCALE });
    const runId = await startRun(app, profile.name);
    const status = await ended(app, runId);
    if (status.verdict === null) {
      return [`the run hangs: after ${MOST_SECONDS} s it is ${JSON.stringify(status).slice(0, 300)}`];
    }
    const backups =
      folder === undefined ? openStore(container, ground.connection) : value(folderStore({ folder }));
    const sealed = await backups.info(`${status.folder}/manifest.json`);
    const isSealed = sealed.ok && sealed.value !== undefined;
    const tokens = new Set(portal.state.tokens.keys());
    return await look({
      ...{ portal, app, runId, status, folder, backups, stateFolder },
      point: isSealed ? await restorePointIn(backups, status.folder) : undefined,
      work: openStore("work", ground.connection),
      secrets: () => [PASSWORD, ...tokens],
    });
  } catch (error) {
    // What a broken product leaves may be out of reach for the reader: one case is wrong then, and the others go on.
    if (error instanceof Error) return [`the case cannot be judged: ${error.message.slice(0, 300)}`];
    throw error;
  } finally {
    await app?.kill();
    await portal.stop();
    await rm(base, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function ended(app: App, runId: string): Promise<RunStatus> {
  const until = performance.now() + MOST_SECONDS * 1000;
  for (;;) {
    const status = await statusOf(app, runId);
    if (status.verdict !== null || performance.now() > until) return status;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
