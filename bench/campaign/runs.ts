// What campaigns over whole runs share: a portal, a host that can be killed, and the question whether a run is as an
// undisturbed one.
import path from "node:path";
import { mkdtemp, rm } from "node:fs/promises";
import { equalRuns } from "../../src/core/equal-runs.ts";
import type { RunStatus } from "../../src/core/run.ts";
import { openStore } from "../../test/azurite.ts";
import { startPortal, type SamplePortal } from "../../test/portal/portal.ts";
import { addItem, type Seed } from "../../test/portal/seed/build.ts";
import { addTiles } from "../../test/portal/seed/layers.ts";
import { leanSeed } from "../../test/portal/seed/lean.ts";
import {
  type App,
  type AppOptions,
  PASSWORD,
  sampleProfile,
  startApp,
  startRun,
  statusOf,
} from "../../test/run/app.ts";
import { type RestorePoint, restorePointIn } from "../../test/run/restore-point.ts";
import type { CampaignGround } from "./campaign.ts";

/** A minute of the portal and of the orchestrations takes half a second. */
export const SCALE = 120;
const RUN_MS = 120_000;

/** A few items of each way to be saved, a tile layer that has to be switched on among them. */
export const mixedSeed: Seed = (ground) => {
  leanSeed({ maps: 14, layers: 3, minutes: 3 })(ground);
  addItem(ground.state, { title: "Notes", type: "Document Link", url: "https://example.com/", keywords: [] });
  const tiles = { owner: "backup_admin", kind: "MapServer", exportMinutes: 3 } as const;
  addTiles(ground, { ...tiles, title: "Base map", service: "Base_map" });
  addTiles(ground, {
    ...tiles,
    title: "Base map, export switched off",
    service: "Base_map_off",
    exportTilesAllowed: false,
    maxExportTilesCount: 5000,
  });
};

export interface Scene {
  readonly portal: SamplePortal;
  /** What is wrong with a run that has ended, held against the undisturbed one and the portal as it was. */
  compare(point: RestorePoint): readonly string[];
  /** One run of a profile of its own; `during` gets the host and may replace it. */
  run(options?: Partial<AppOptions>, during?: During): Promise<RestorePoint>;
  readonly undisturbed: RestorePoint;
  /** Milliseconds that the undisturbed run took. */
  readonly tookMs: number;
  close(): Promise<void>;
}

/** `restart` kills the host at once and starts it again. */
export type During = (app: {
  readonly status: () => Promise<RunStatus>;
  readonly restart: () => Promise<void>;
}) => Promise<void>;

/** Starts a portal and runs once undisturbed. */
export async function openScene(
  ground: CampaignGround,
  kind: SamplePortal["kind"],
  seed: Seed,
  profileMore: object = {},
): Promise<Scene> {
  const portal = await startPortal({ kind, scale: SCALE, password: PASSWORD, seed });
  const itemsBefore = new Set(portal.state.items.keys());
  const switches = () =>
    [...portal.state.tileServices].map(([key, service]) => `${key} ${switchOf(service)}`);
  const switchesBefore = switches();
  const container = `campaign-${path
    .basename(ground.folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")}`;

  const run: Scene["run"] = async (options = {}, during) => {
    const folder = await mkdtemp(path.join(ground.folder, "state-"));
    const profile = sampleProfile(portal.url, container, profileMore);
    const start = () =>
      startApp(profile, { stateFolder: folder, connection: ground.connection, scale: SCALE, ...options });
    let app: App = await start();
    try {
      const id = await startRun(app, profile.name);
      const disturbing = during?.({
        status: () => statusOf(app, id),
        restart: async () => {
          await app.kill();
          app = await start();
        },
      });
      await disturbing;
      const status = await ended(() => app, id);
      return await restorePointIn(openStore(container, ground.connection), status.folder);
    } finally {
      await app.kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  };

  const started = performance.now();
  const undisturbed = await run();
  const tookMs = performance.now() - started;
  return {
    portal,
    undisturbed,
    tookMs,
    run,
    compare: (point) => [
      ...equalRuns(undisturbed, point),
      ...point.manifest.leftBehind.map(({ text }) => `left behind: ${text}`),
      ...different("items of the portal", itemsBefore, new Set(portal.state.items.keys())),
      ...different("switches of tile layers", new Set(switchesBefore), new Set(switches())),
      ...unaccounted(point),
    ],
    close: () => portal.stop(),
  };
}

async function ended(app: () => App, id: string): Promise<RunStatus> {
  for (const until = performance.now() + RUN_MS; performance.now() < until;) {
    const status = await statusOf(app(), id);
    if (status.verdict !== null) return status;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error(`The run ${id} does not end: ${JSON.stringify(await statusOf(app(), id)).slice(0, 900)}`);
}

function switchOf({
  exportTilesAllowed,
  maxExportTilesCount,
}: {
  readonly exportTilesAllowed: boolean;
  readonly maxExportTilesCount: number;
}): string {
  return JSON.stringify([exportTilesAllowed, maxExportTilesCount]);
}

function different(what: string, before: ReadonlySet<string>, after: ReadonlySet<string>): readonly string[] {
  const more = [...after].filter((each) => !before.has(each));
  const less = [...before].filter((each) => !after.has(each));
  return [
    ...(more.length === 0 ? [] : [`${what}: more than before: ${more.join(", ")}`]),
    ...(less.length === 0 ? [] : [`${what}: less than before: ${less.join(", ")}`]),
  ];
}

/** Every blob of the run folder is named by the manifest or an item, and every one that is named lies there. */
function unaccounted({ manifest, items, blobs }: RestorePoint): readonly string[] {
  const named = new Set([
    "manifest.json",
    "run.json",
    ...manifest.files.map(({ name }) => name),
    ...items.flatMap(({ outcome }) => outcome.artifacts.map((artifact) => artifact.path)),
  ]);
  return different("files of the run", named, new Set(blobs));
}
