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

/** Every path that holds a secret, of all that a run wrote and says. */
export async function leaks({
  app,
  backups,
  work,
  status,
  runId,
  secrets,
}: WholeCase): Promise<readonly string[]> {
  const found: string[] = [];
  const known = secrets();
  const look = (where: string, bytes: Uint8Array): void => {
    const all = Buffer.from(bytes);
    if (known.some((secret) => all.includes(secret))) found.push(`a secret stands in ${where}`);
  };
  look("the log of the host", Buffer.from(app.log()));
  for (const answer of ["", "/results", "/log", "/summary"])
    look(`the answer ${answer}`, Buffer.from((await app.call("GET", `backups/${runId}${answer}`)).text));
  for (const [store, prefix] of [
    [backups, `${status.folder}/`],
    [work, `runs/${runId}/`],
  ] as const) {
    for await (const file of pathsIn(store, prefix))
      look(file, value(await store.get(file))?.bytes ?? new Uint8Array());
  }
  return found;
}

export async function* pathsIn(store: Store, prefix: string): AsyncGenerator<string> {
  for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
    const page = value(await store.list(prefix, next));
    for (const { path: found } of page.blobs) yield found;
    next = page.next;
  }
}

/** What never balances, whatever the portal does: books, sizes, hashes, blobs that nothing names, exports left behind. */
export function books({ portal, status, point }: WholeCase): readonly string[] {
  const { listed, saved, unchanged, skipped, failed } = status.counts;
  const left = [...portal.state.items.values()].filter(({ fields }) =>
    fields.title.startsWith("TEMP_FOR_EXPORT_"),
  );
  const wrong = [
    ...(saved + unchanged + skipped + failed === listed
      ? []
      : [`the books do not balance: ${JSON.stringify(status.counts)}`]),
    ...left.map(({ fields }) => `a temporary export is left: ${fields.title}`),
  ];
  if (point === undefined) return wrong;
  const ids = point.items.map(({ item }) => item.id);
  const states = point.items.map(({ outcome }) => outcome.state);
  const known = new Set([
    ...point.items.flatMap(({ outcome }) => outcome.artifacts.map((artifact) => artifact.path)),
    ...point.manifest.files.map(({ name }) => name),
    ...["manifest.json", "run.json"],
  ]);
  return [
    ...wrong,
    ...(new Set(ids).size === ids.length ? [] : ["an item has two outcomes"]),
    ...(ids.length === listed ? [] : [`${listed} items listed, ${ids.length} in items.jsonl`]),
    ...(states.filter((state) => state === "failed").length === failed
      ? []
      : ["failed items are counted otherwise"]),
    ...(point.manifest.verdict === status.verdict
      ? []
      : ["the manifest has another verdict than the status"]),
    ...(status.verdict === "succeeded" && failed > 0
      ? [`${failed} items failed and the run calls itself succeeded`]
      : []),
    ...[...known].filter((each) => !point.blobs.includes(each)).map((each) => `nothing lies at ${each}`),
    ...(status.verdict === "succeeded"
      ? point.blobs.filter((each) => !known.has(each)).map((each) => `nothing names ${each}`)
      : []),
  ];
}

/** Artifacts that have not the length and hash that are sealed. */
export async function unproved(
  point: RestorePoint,
  hashOf: (bytes: Uint8Array) => string,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const files = point.manifest.files.map(({ name, ...sealed }) => ({ path: name, ...sealed }));
  for (const each of [...point.items.flatMap(({ outcome }) => outcome.artifacts), ...files]) {
    const bytes = await point.read(each.path);
    if (bytes.length !== each.sizeBytes || `sha256:${hashOf(bytes)}` !== each.hash)
      wrong.push(`${each.path} is not what is sealed`);
  }
  return wrong;
}
