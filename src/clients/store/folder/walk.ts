// The files of a folder as a container lists its blobs: by their whole paths, in the order of these, page by page. One
// folder's names are held at a time for each level.
import path from "node:path";
import { type Facts } from "./disk.ts";
import { type Ground, isNothing } from "./ground.ts";
import { OWN } from "./names.ts";

export interface Found {
  readonly path: string;
  readonly facts: Facts;
}

/** Every file whose path begins with `prefix` and comes after `after`. Links and what is no file are left out. */
export async function* filesBelow(
  { disk, root }: Ground,
  prefix: string,
  after: string | undefined,
): AsyncGenerator<Found> {
  // Of a folder that is gone everything would seem to be deleted.
  await disk.realPath(root);
  yield* below("");

  async function* below(folder: string): AsyncGenerator<Found> {
    for (const full of await names(folder)) {
      if (!full.endsWith("/")) {
        if (!full.startsWith(prefix) || (after !== undefined && full <= after)) continue;
        const facts = await orNothing(disk.facts(path.join(root, ...full.split("/"))));
        if (facts?.kind === "file") yield { path: full, facts };
      } else if (full.startsWith(prefix) || prefix.startsWith(full)) {
        const isBefore = after !== undefined && full < after && !after.startsWith(full);
        if (!isBefore) yield* below(full);
      }
    }
  }

  /** A folder's name ends in a slash, which is what its files are sorted by among their neighbours. */
  async function names(folder: string): Promise<readonly string[]> {
    const entries = (await orNothing(disk.entries(path.join(root, ...folder.split("/"))))) ?? [];
    return entries
      .filter(({ name, kind }) => kind !== "other" && !(folder === "" && name.toLowerCase() === OWN))
      .map(({ name, kind }) => `${folder}${name}${kind === "folder" ? "/" : ""}`)
      .sort();
  }
}

/** undefined for what was removed meanwhile. */
async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isNothing(error)) return undefined;
    throw error;
  }
}
