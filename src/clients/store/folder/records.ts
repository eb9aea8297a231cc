// Metadata of files: a small record for each, away from the files, so that a run's folder holds nothing but the backup.
// A record is of the file that lies there only while length and time agree; where it does not, or is gone (the folder
// was copied without it), a file has no metadata, and nothing that a restore needs is lost.
import { randomUUID } from "node:crypto";
import path from "node:path";
import { codeOf, type Facts } from "./disk.ts";
import { type Ground, isNothing, keyOf } from "./ground.ts";

type Metadata = Readonly<Record<string, string>>;

const MOST_BYTES = 64 * 1024;
/** Folder of the records of blobs that lie in no folder: no run's folder is called so. */
const TOP = "_";

function recordOf({ records }: Ground, blob: string): { readonly folder: string; readonly file: string } {
  const slash = blob.indexOf("/");
  const folder = path.join(records, slash === -1 ? TOP : blob.slice(0, slash));
  return { folder, file: path.join(folder, `${keyOf(blob)}.json`) };
}

/** Before the file has its name: a record without a file is nothing, a file without its record has lost something. */
export async function writeRecord(
  ground: Ground,
  blob: string,
  metadata: Metadata,
  { sizeBytes, modifiedMs }: Facts,
): Promise<void> {
  const { disk, partial } = ground;
  const { folder, file } = recordOf(ground, blob);
  if (Object.keys(metadata).length === 0) {
    await disk.remove(file).catch(ignoring("ENOENT"));
    return;
  }
  const temporary = path.join(partial, randomUUID());
  const open = await disk.open(temporary, "new");
  try {
    await open.write(Buffer.from(JSON.stringify({ path: blob, sizeBytes, modifiedMs, metadata })));
  } finally {
    await open.close();
  }
  await disk.makeFolder(folder).catch(ignoring("EEXIST"));
  await disk.rename(temporary, file);
}

/** What is recorded of the file with these facts; nothing for another one. */
export async function readRecord(ground: Ground, blob: string, facts: Facts): Promise<Metadata> {
  let bytes: Buffer;
  try {
    const open = await ground.disk.open(recordOf(ground, blob).file, "read");
    try {
      bytes = Buffer.alloc(Math.min((await open.facts()).sizeBytes, MOST_BYTES));
      await open.read(bytes, 0);
    } finally {
      await open.close();
    }
  } catch (error) {
    if (isNothing(error)) return {};
    throw error;
  }
  const record = parsed(bytes.toString("utf8"));
  const isOfIt =
    record["path"] === blob &&
    record["sizeBytes"] === facts.sizeBytes &&
    record["modifiedMs"] === facts.modifiedMs;
  if (!isOfIt) return {};
  const pairs = Object.entries(asObject(record["metadata"]));
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === "string"));
}

export async function removeRecord(ground: Ground, blob: string): Promise<void> {
  await ground.disk.remove(recordOf(ground, blob).file).catch((error: unknown) => {
    if (!isNothing(error)) throw error;
  });
}

/** Records of runs whose folders somebody has deleted or moved away. */
export async function dropOrphans({ disk, root, records }: Ground): Promise<void> {
  const there = new Set((await disk.entries(root)).map(({ name }) => name));
  for (const { name } of await disk.entries(records)) {
    if (name !== TOP && !there.has(name)) await disk.removeTree(path.join(records, name));
  }
}

/** A record that a crash left half written is none. */
function parsed(text: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function ignoring(code: string): (error: unknown) => void {
  return (error) => {
    if (codeOf(error) !== code) throw error;
  };
}
