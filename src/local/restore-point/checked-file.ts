// Writes a file that is either whole and as it was sealed, or not there. What lies at its place is never overwritten.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { failed, ok, type Result } from "../../core/result.ts";
import type { Sealed } from "./blob-bytes.ts";

/** `kept`: the same bytes lay there already. */
export type Wrote = "written" | "kept";

/** Whether the file is there with the bytes that are sealed; a failure when something else is. */
export async function lookAt(file: string, sealed: Sealed): Promise<Result<"there" | "absent">> {
  const found = await statOf(file);
  if (found === undefined) return ok("absent");
  if (found.isFile() && found.size === sealed.sizeBytes && (await hashOf(file)) === sealed.hash) {
    return ok("there");
  }
  return failed(
    "already-exists",
    `"${file}" exists already and is something else`,
    "It was left as it is. Name another folder with --out, or move it away",
  );
}

/**
 * Writes the pieces to `temporary`, and gives the file its name only when `pieces` ended without a failure. Both paths lie on
 * one disk. Throws what the disk refuses.
 */
export async function writeChecked(
  file: string,
  temporary: string,
  pieces: AsyncIterable<Result<Uint8Array>> | Iterable<Result<Uint8Array>>,
): Promise<Result<Wrote>> {
  await mkdir(path.dirname(file), { recursive: true });
  try {
    const handle = await open(temporary, "w");
    try {
      for await (const piece of pieces) {
        if (!piece.ok) return piece;
        await handle.writeFile(piece.value);
      }
    } finally {
      await handle.close();
    }
    await renamed(temporary, file);
    return ok("written");
  } finally {
    await rm(temporary, { force: true, maxRetries: 5 });
  }
}

const RENAME_TRIES = 10;

/** On Windows a virus scanner may hold a new file for a moment. */
async function renamed(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (attempt === RENAME_TRIES || !["EPERM", "EBUSY", "EACCES"].includes(code)) throw error;
      await wait(50 * attempt);
    }
  }
}

async function statOf(file: string) {
  try {
    return await lstat(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) hash.update(piece);
  return `sha256:${hash.digest("hex")}`;
}
