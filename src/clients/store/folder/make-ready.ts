// Makes a folder ready to be written to: it and the store's own folder in it, a file written for a trial, and what
// crashed writers have left removed.
import { randomUUID } from "node:crypto";
import path from "node:path";
import { printable } from "../../../core/printable.ts";
import { codeOf, type Facts } from "./disk.ts";
import { FolderSaidNo } from "./disk-refusals.ts";
import type { Ground } from "./ground.ts";
import { dropOrphans } from "./records.ts";

/** No writer leaves a file alone for so long: a stream's is written to as long as it lasts. */
const LEFT_MS = 24 * 60 * 60_000;

const README = `This folder belongs to ArcGIS Backup for Azure. No backup lies in it, and no restore needs it.

partial   files on their way; those of a backup that was killed are removed by the next one
records   length and hash of each file beside it, for a backup that goes on after it was killed
locks     kept for the moment of a write

Leave it where it is while backups are made here. A copy of a backup does not need it.
`;

export async function makeReady(ground: Ground): Promise<void> {
  const { disk, root, partial, records, locks } = ground;
  if ((await factsOf(ground, root)) === undefined) await makeRoot(ground);
  const found = await disk.facts(await disk.realPath(root));
  if (found.kind !== "folder") {
    throw new FolderSaidNo("bad-input", "it is a file", "Name a folder in destination.folder");
  }
  for (const folder of [path.dirname(partial), partial, records, locks]) await make(ground, folder);
  await explain(ground);
  await tryToWrite(ground);
  await removeLeft(ground, partial);
  await removeLeft(ground, locks);
  await dropOrphans(ground);
}

async function makeRoot(ground: Ground): Promise<void> {
  const above = path.dirname(ground.root);
  if ((await factsOf(ground, above)) !== undefined) return await make(ground, ground.root);
  throw new FolderSaidNo(
    "storage-refused",
    `"${printable(above, 300)}", in which it is to be, does not exist`,
    "Check that the drive or the share is connected and the path is right, or create that folder",
  );
}

async function make({ disk }: Ground, folder: string): Promise<void> {
  try {
    await disk.makeFolder(folder);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

async function factsOf({ disk }: Ground, place: string): Promise<Facts | undefined> {
  try {
    return await disk.facts(place);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function explain(ground: Ground): Promise<void> {
  const file = path.join(path.dirname(ground.partial), "README.txt");
  if ((await factsOf(ground, file)) !== undefined) return;
  try {
    await write(ground, file, README);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

async function tryToWrite(ground: Ground): Promise<void> {
  const file = path.join(ground.partial, randomUUID());
  await write(ground, file, "-");
  await ground.disk.remove(file);
}

async function write({ disk }: Ground, file: string, text: string): Promise<void> {
  const open = await disk.open(file, "new");
  try {
    await open.write(Buffer.from(text));
    await open.sync();
  } finally {
    await open.close();
  }
}

async function removeLeft(ground: Ground, folder: string): Promise<void> {
  for (const { name } of await ground.disk.entries(folder)) {
    const file = path.join(folder, name);
    const facts = await factsOf(ground, file);
    if (facts?.kind !== "file" || Date.now() - facts.modifiedMs < LEFT_MS) continue;
    try {
      await ground.disk.remove(file);
    } catch (error) {
      // Another one was faster, or a program holds it: no reason to make no backup.
      if (!["ENOENT", "EBUSY", "EPERM", "EACCES"].includes(codeOf(error))) throw error;
    }
  }
}
