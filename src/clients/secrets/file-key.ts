// The key of the encrypted file: a setting, or a file that nobody else may read.
import { randomBytes } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { type Result, failed, ok } from "../../core/result.ts";
import { fileTrouble } from "./file-trouble.ts";

/** Exactly one of the two; a path is absolute or from the working folder. */
export type FileKey = { readonly text: string } | { readonly path: string };

const SHORTEST = 16;

export async function readKey(key: FileKey): Promise<Result<string>> {
  if ("text" in key) return longEnough(key.text, "SECRET_FILE_KEY");
  const where = `the key file "${key.path}"`;
  try {
    // Windows keeps no such bits; there the folder's permissions count.
    const { mode } = await stat(key.path);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      return failed(
        "secret-refused",
        `Cannot use ${where}: others on this machine may read it`,
        `Run: chmod 600 "${key.path}"`,
      );
    }
    return longEnough((await readFile(key.path, "utf8")).trim(), where);
  } catch (error) {
    return fileTrouble(error, `Cannot read ${where}`, "Name another one in SECRET_FILE_KEY_FILE, or make it");
  }
}

function longEnough(key: string, where: string): Result<string> {
  if (key.length >= SHORTEST) return ok(key);
  return failed(
    "secret-refused",
    `Cannot use ${where}: a key has at least ${SHORTEST} characters`,
    "Make one with: npm run secret -- new-key FILE",
  );
}

/** Writes a random key that its owner alone may read; never over something. */
export async function writeNewKey(path: string): Promise<Result<void>> {
  try {
    const key = randomBytes(32).toString("base64url");
    await writeFile(path, `${key}\n`, { flag: "wx", mode: 0o600 });
    return ok(undefined);
  } catch (error) {
    return fileTrouble(error, `Cannot write the key file "${path}"`, "Name a path where nothing lies yet");
  }
}
