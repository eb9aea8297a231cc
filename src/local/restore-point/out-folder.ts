// The folder that a restore point is laid out in: an empty one, or one that holds a part of the same restore point. Its mark
// says which, so that laying out goes on where it was, and never mixes two.
import { mkdir, readFile, readdir, rm, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { failed, ok, type Failure, type Result } from "../../core/result.ts";
import { formatBytes } from "../../core/units.ts";
import type { RestorePoint } from "./restore-point.ts";

const MARK = "restore-point.json";
/** Files on their way; what is left of an earlier start is removed. */
const UNFINISHED = ".unfinished";

const mark = z.object({ run: z.string(), container: z.string(), folder: z.string(), manifest: z.string() });

export interface OutFolder {
  /** Absolute. */
  readonly path: string;
  /** It held a part of this restore point already. */
  readonly resumed: boolean;
  /** A path for a file on its way, another one each time. */
  temporary(): string;
  /** Removes what was on its way. */
  close(): Promise<void>;
}

/** Makes the folder this restore point's, or refuses it. Throws what the disk refuses. */
export async function claimOutFolder(folder: string, point: RestorePoint): Promise<Result<OutFolder>> {
  const refused = await foreign(folder, point);
  if (refused !== undefined) return { ok: false, failure: refused };
  const unfinished = path.join(folder, UNFINISHED);
  await rm(unfinished, { recursive: true, force: true, maxRetries: 5 });
  await mkdir(unfinished, { recursive: true });
  const { run } = point.manifest;
  const text = { run: run.id, container: run.container, folder: point.folder, manifest: point.manifestHash };
  const resumed = (await readMark(folder)) !== undefined;
  if (!resumed) await writeFile(path.join(folder, MARK), `${JSON.stringify(text, null, 2)}\n`);
  let count = 0;
  return ok({
    path: folder,
    resumed,
    temporary: () => path.join(unfinished, String((count += 1))),
    close: () => rm(unfinished, { recursive: true, force: true, maxRetries: 5 }),
  });
}

/** Why something may not be laid out there before a restore point is known; undefined when it may. */
export async function occupied(folder: string): Promise<string | undefined> {
  const names = await namesIn(folder);
  if (names === "file") return `"${folder}" is a file; --out takes a folder`;
  if (names.length === 0) return undefined;
  const found = await readMark(folder);
  return found === undefined
    ? `The folder "${folder}" is not empty; --out takes an empty or a new one`
    : `The folder "${folder}" holds the restore point of ${found.run} already; go on with it by: npm run get -- --run ${found.run} --out "${folder}"`;
}

/** Bytes that the disk of the folder has left; undefined where it does not tell. */
export async function bytesFree(folder: string): Promise<number | undefined> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  return Number.isFinite(free) && free > 0 ? free : undefined;
}

/** A failure when the disk has less room than is needed. */
export async function roomFor(folder: string, sizeBytes: number): Promise<Failure | undefined> {
  const free = await bytesFree(folder);
  if (free === undefined || free >= sizeBytes) return undefined;
  return failed(
    "storage-refused",
    `Cannot lay out ${formatBytes(sizeBytes)} in "${folder}": the disk has ${formatBytes(free)} left`,
    "Name a folder on another disk with --out",
  ).failure;
}

async function foreign(folder: string, point: RestorePoint): Promise<Failure | undefined> {
  const names = await namesIn(folder);
  const next = "Name an empty or a new folder with --out";
  if (names === "file") return failed("bad-input", `"${folder}" is a file, not a folder`, next).failure;
  // A start that was killed before its mark left nothing else.
  if (names.every((name) => name === UNFINISHED)) return undefined;
  const found = await readMark(folder);
  if (found?.manifest === point.manifestHash) return undefined;
  const what = found === undefined ? "is not empty" : `holds another restore point (${found.run})`;
  return failed("bad-input", `The folder "${folder}" ${what}`, next).failure;
}

async function namesIn(folder: string): Promise<readonly string[] | "file"> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTDIR") return "file";
    if (code === "ENOENT") return [];
    throw error;
  }
}

async function readMark(folder: string): Promise<z.infer<typeof mark> | undefined> {
  try {
    const text = await readFile(path.join(folder, MARK), "utf8");
    return mark.safeParse(JSON.parse(text)).data;
  } catch (error) {
    // Absent, or a file of somebody else: no mark of ours.
    if (error instanceof SyntaxError || ["ENOENT", "EISDIR"].includes(codeOf(error))) return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}
