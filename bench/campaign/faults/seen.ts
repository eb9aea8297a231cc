// A run as it lies in the stores when it is over: what was sealed, what is told, and every text that was written.
import type { Store } from "../../../src/clients/store/store.ts";
import type { Artifact } from "../../../src/core/outcome.ts";
import type { ItemLine, RunSummary } from "../../../src/core/run.ts";
import { runPaths } from "../../../src/core/work-paths.ts";
import { bundleEntries, restorePointIn, type RestorePoint } from "../../../test/run/restore-point.ts";
import { RUN } from "./drive.ts";
import type { World } from "./world.ts";

export interface SeenItem extends ItemLine {
  /** Entries of its bundles by name. */
  readonly entries: ReadonlyMap<string, Buffer>;
}

export interface Seen {
  readonly summary: RunSummary;
  /** Absent when the run could not be sealed in its folder. */
  readonly point: RestorePoint | undefined;
  readonly items: readonly SeenItem[];
  readonly results: string;
  /** Bytes of everything in both stores, by container and path. */
  readonly written: ReadonlyMap<string, Buffer>;
}

/** undefined: the run was never sealed, not even in `work`. */
export async function look({ work, backups }: Pick<World, "work" | "backups">): Promise<Seen | undefined> {
  const paths = runPaths(RUN.runId);
  const sealed = await bytesAt(work, paths.sealed);
  if (sealed === undefined) return undefined;
  const summary = JSON.parse(sealed.toString()) as RunSummary;
  const written = new Map([...(await everything("work", work)), ...(await everything("backups", backups))]);
  const { folder } = summary.run;
  const isSealed = written.has(`backups/${folder}/manifest.json`);
  const point = isSealed ? await restorePointIn(backups, folder) : undefined;
  const items: SeenItem[] = [];
  for (const line of point?.items ?? []) {
    const entries =
      point === undefined ? new Map<string, Buffer>() : await entriesOf(point, line.outcome.artifacts);
    items.push({ ...line, entries });
  }
  return { summary, point, items, written, results: written.get(`work/${paths.results}`)?.toString() ?? "" };
}

async function entriesOf(point: RestorePoint, artifacts: readonly Artifact[]): Promise<Map<string, Buffer>> {
  // An artifact that does not lie where the manifest says is found by the judge.
  const there = artifacts.filter(({ path }) => point.blobs.includes(path));
  return bundleEntries(point, there);
}

async function bytesAt(store: Store, path: string): Promise<Buffer | undefined> {
  const got = await store.get(path);
  if (!got.ok) throw new Error(got.failure.text);
  return got.value === undefined ? undefined : Buffer.from(got.value.bytes);
}

async function everything(name: string, store: Store): Promise<Map<string, Buffer>> {
  const all = new Map<string, Buffer>();
  for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
    const page = await store.list("", next);
    if (!page.ok) throw new Error(page.failure.text);
    for (const { path } of page.value.blobs)
      all.set(`${name}/${path}`, (await bytesAt(store, path)) ?? Buffer.of());
    next = page.value.next;
  }
  return all;
}
