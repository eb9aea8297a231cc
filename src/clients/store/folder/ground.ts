// What the parts of the folder store share: the disk, the folder, and the way from a blob's path to a file that is
// really in it.
import { createHash } from "node:crypto";
import path from "node:path";
import { printable } from "../../../core/printable.ts";
import { codeOf, type Disk, type Facts } from "./disk.ts";
import { FolderSaidNo } from "./disk-refusals.ts";
import { OWN, partsOf } from "./names.ts";
import type { DiskPatience } from "./patient-disk.ts";

export interface Ground {
  readonly disk: Disk;
  /** Absolute. */
  readonly root: string;
  readonly windows: boolean;
  readonly patience: DiskPatience;
  /** Files on their way. */
  readonly partial: string;
  /** What is kept of files beside their bytes. */
  readonly records: string;
  readonly locks: string;
}

export function groundOf(disk: Disk, root: string, windows: boolean, patience: DiskPatience): Ground {
  const own = path.join(root, OWN);
  return {
    ...{ disk, root, windows, patience },
    partial: path.join(own, "partial"),
    records: path.join(own, "records"),
    locks: path.join(own, "locks"),
  };
}

/** The name of a blob in the store's own folders: short, and legal whatever the path holds. */
export function keyOf(blob: string): string {
  return createHash("sha256").update(blob).digest("hex").slice(0, 32);
}

/** True for "there is nothing": also where a file lies in the place of a folder on the way. */
export function isNothing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(codeOf(error));
}

/** The file of a blob, as it would be called; throws when the path is none that a file may have. */
function wouldBe({ root, windows }: Ground, blob: string): string {
  const parts = partsOf(blob, windows);
  if (parts.ok) return path.join(root, ...parts.value);
  const { reason, text, next } = parts.failure;
  throw new FolderSaidNo(reason, text, next);
}

/** The file of a blob to read from, with its facts; undefined where no file lies. */
export async function fileToRead(
  ground: Ground,
  blob: string,
): Promise<{ readonly file: string; readonly facts: Facts } | undefined> {
  const { disk, root } = ground;
  const file = wouldBe(ground, blob);
  const rootPath = await disk.realPath(root);
  let found: string;
  try {
    found = await disk.realPath(file);
  } catch (error) {
    if (isNothing(error)) return undefined;
    throw error;
  }
  inside(found, rootPath, blob);
  // Where upper and lower case are one to the file system, another blob's file answers to the name.
  const [name, asked] = [path.basename(found), path.basename(file)];
  if (name !== asked && name.toLowerCase() === asked.toLowerCase()) return undefined;
  const facts = await disk.facts(found);
  return facts.kind === "file" ? { file: found, facts } : undefined;
}

/** The file of a blob to write to; the folders on its way are made. */
export async function fileToWrite(ground: Ground, blob: string): Promise<string> {
  const { disk, root } = ground;
  const file = wouldBe(ground, blob);
  const rootPath = await disk.realPath(root);
  const missing: string[] = [];
  let folder = path.dirname(file);
  let found: string | undefined;
  while (found === undefined) {
    try {
      found = await disk.realPath(folder);
    } catch (error) {
      if (codeOf(error) !== "ENOENT" || folder === root) throw error;
      missing.unshift(path.basename(folder));
      folder = path.dirname(folder);
    }
  }
  inside(found, rootPath, blob);
  for (const name of missing) {
    found = path.join(found, name);
    try {
      await disk.makeFolder(found);
    } catch (error) {
      // Another writer was faster; whether it is a folder, the next step finds out.
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
  // What another one made meanwhile may be a link as well.
  if (missing.length > 0) inside(await disk.realPath(found), rootPath, blob);
  return path.join(found, path.basename(file));
}

/** Links within the folder are the administrator's business; one that leads out of it is not followed. */
function inside(found: string, rootPath: string, blob: string): void {
  const relative = path.relative(rootPath, found);
  const isOut = path.isAbsolute(relative) || relative === ".." || relative.startsWith(`..${path.sep}`);
  if (!isOut) return;
  throw new FolderSaidNo(
    "storage-refused",
    `"${printable(blob, 300)}" lies behind a link that leads out of it`,
    "Remove the link, or move what it leads to into the folder",
  );
}

/**
 * What lies in a file's place, undefined when nothing does. Throws where it is no file, or one whose name differs in
 * upper and lower case alone: to such a file system they are one, to a backup two.
 */
export async function standing({ disk }: Ground, file: string): Promise<Facts | undefined> {
  let facts: Facts;
  try {
    facts = await disk.facts(file);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  const name = path.basename(file);
  if (facts.kind !== "file") {
    throw new FolderSaidNo(
      "already-exists",
      `what is called "${printable(name, 200)}" there is no file`,
      "Find out what else writes to the folder, and move it away",
    );
  }
  const names = await disk.entries(path.dirname(file));
  if (names.some((entry) => entry.name === name)) return facts;
  throw new FolderSaidNo(
    "already-exists",
    `a file lies there whose name differs from "${printable(name, 200)}" in upper and lower case alone`,
    "Find out what else writes to the folder, and move it away",
  );
}
