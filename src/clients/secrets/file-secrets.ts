// Secrets in an encrypted file of one machine: chosen by SECRET_SOURCE = file, kept by `npm run secret`. The file is read
// each time, so that a changed secret is used at once.
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type Result, failed, ok } from "../../core/result.ts";
import { type FileKey, readKey } from "./file-key.ts";
import { fileTrouble } from "./file-trouble.ts";
import { type Derive, type Secrets, deriving, seal, unseal } from "./sealed-text.ts";
import { type ReadSecret, withoutVersions } from "./secrets.ts";

export interface SecretFile {
  readonly read: ReadSecret;
  /** In order of the alphabet; a file that does not exist has none. */
  names(): Promise<Result<readonly string[]>>;
  /** Puts a secret in or replaces it; makes the file. */
  set(name: string, value: string): Promise<Result<void>>;
  /** False: there was none of this name. */
  delete(name: string): Promise<Result<boolean>>;
}

interface Opened {
  readonly secrets: Secrets;
  readonly derive: Derive;
  /** undefined: the file does not exist. */
  readonly salt: string | undefined;
}

export function secretFile(path: string, key: FileKey): SecretFile {
  let known: { readonly key: string; readonly derive: Derive } | undefined;

  async function opened(): Promise<Result<Opened>> {
    const current = await readKey(key);
    if (!current.ok) return current;
    if (known?.key !== current.value) known = { key: current.value, derive: deriving(current.value) };
    const { derive } = known;
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (error) {
      if (isMissing(error)) return ok({ secrets: new Map(), derive, salt: undefined });
      return fileTrouble(error, `Cannot read the file of secrets "${path}"`, "Correct SECRET_FILE");
    }
    const unsealed = await unseal(text, derive);
    if (unsealed.ok) return ok({ ...unsealed.value, derive });
    const { failure } = unsealed;
    return failed(failure.reason, `Cannot open the file of secrets "${path}": ${failure.text}`, failure.next);
  }

  /** `change` tells whether it changed anything: nothing is written otherwise. */
  async function changed(change: (secrets: Map<string, string>) => boolean): Promise<Result<boolean>> {
    return alone(path, async (write) => {
      const current = await opened();
      if (!current.ok) return current;
      const secrets = new Map(current.value.secrets);
      if (!change(secrets)) return ok(false);
      await write(await seal(secrets, current.value.derive, current.value.salt));
      return ok(true);
    });
  }

  return {
    async read(name) {
      const versioned = withoutVersions(name, "the file of secrets");
      if (versioned !== undefined) return versioned;
      const current = await opened();
      if (!current.ok) return current;
      const value = current.value.secrets.get(name);
      if (value !== undefined) return ok(value);
      return failed(
        "bad-input",
        `Cannot read the secret "${name}": the file "${path}" ${current.value.salt === undefined ? "does not exist" : "has none of this name"}`,
        `Run: npm run secret -- set ${name}`,
      );
    },
    async names() {
      const current = await opened();
      return current.ok ? ok([...current.value.secrets.keys()].sort()) : current;
    },
    async set(name, value) {
      const done = await changed((secrets) => secrets.set(name, value).has(name));
      return done.ok ? ok(undefined) : done;
    },
    delete: (name) => changed((secrets) => secrets.delete(name)),
  };
}

/** The new file is the lock: whoever makes it writes, and renaming it into place lets go. */
async function alone<T>(
  path: string,
  work: (write: (text: string) => Promise<void>) => Promise<Result<T>>,
): Promise<Result<T>> {
  const half = `${path}.new`;
  let file;
  try {
    await mkdir(dirname(path), { recursive: true });
    file = await open(half, "wx", 0o600);
  } catch (error) {
    const next = `Wait until the other command has ended; if none runs, delete "${half}"`;
    return fileTrouble(error, `Cannot write "${half}"`, next);
  }
  let isWritten = false;
  try {
    const result = await work(async (text) => {
      await file.writeFile(text);
      await file.sync();
      await file.close();
      await inPlace(half, path);
      isWritten = true;
    });
    return result;
  } catch (error) {
    return fileTrouble(error, `Cannot write the file of secrets "${path}"`, "Correct SECRET_FILE");
  } finally {
    if (!isWritten) {
      await file.close();
      await rm(half, { force: true });
    }
  }
}

/** Windows refuses to replace a file while somebody reads it: a read takes a moment. */
async function inPlace(half: string, path: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await rename(half, path);
      return;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (attempt === 10 || !["EPERM", "EACCES", "EBUSY"].includes(String(code))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20 * attempt));
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
