// Secrets as one encrypted text: a key made of the person's own by scrypt (128 MiB of memory against guessing), AES-256-GCM
// over names and values together. Changed by one letter, or opened with another key, it opens not at all.
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import { type Result, failed, ok } from "../../core/result.ts";

export type Secrets = ReadonlyMap<string, string>;

/** Makes the key of a text; the one that was made last is kept, as it takes half a second. */
export type Derive = (salt: string) => Promise<Buffer>;

interface Sealed {
  readonly version: 1;
  readonly salt: string;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 };
const BOUND_TO = Buffer.from("ArcGIS Backup for Azure, secrets, version 1");

/** `key`: the person's own, of any length. */
export function deriving(key: string): Derive {
  let last: { readonly salt: string; readonly made: Promise<Buffer> } | undefined;
  return (salt) => {
    if (last?.salt === salt) return last.made;
    const made = new Promise<Buffer>((resolve, reject) => {
      scrypt(key, Buffer.from(salt, "base64"), 32, COST, (error, derived) => {
        if (error === null) resolve(derived);
        else reject(error);
      });
    });
    last = { salt, made };
    return made;
  };
}

/** `salt`: that of the text before, so that its key serves on; undefined for the first. */
export async function seal(secrets: Secrets, derive: Derive, salt: string | undefined): Promise<string> {
  const used = salt ?? randomBytes(16).toString("base64");
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", await derive(used), iv).setAAD(BOUND_TO);
  const data = Buffer.concat([cipher.update(JSON.stringify([...secrets]), "utf8"), cipher.final()]);
  const sealed: Sealed = {
    version: 1,
    salt: used,
    iv: iv.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    data: data.toString("base64"),
  };
  return `${JSON.stringify(sealed, null, 2)}\n`;
}

export async function unseal(
  text: string,
  derive: Derive,
): Promise<Result<{ readonly secrets: Secrets; readonly salt: string }>> {
  const sealed = parsed(text);
  if (sealed === undefined) {
    return failed("secret-refused", "it is no file of encrypted secrets, or one that was cut", RESTORE);
  }
  const decipher = createDecipheriv("aes-256-gcm", await derive(sealed.salt), bytesOf(sealed.iv))
    .setAAD(BOUND_TO)
    .setAuthTag(bytesOf(sealed.tag));
  try {
    const plain = Buffer.concat([decipher.update(bytesOf(sealed.data)), decipher.final()]);
    return ok({
      secrets: new Map(JSON.parse(plain.toString("utf8")) as [string, string][]),
      salt: sealed.salt,
    });
  } catch (error) {
    // What OpenSSL says of a tag that does not fit.
    if (!(error instanceof Error && /unable to authenticate/i.test(error.message))) throw error;
    return failed("secret-refused", "the key does not fit it, or it was changed", RESTORE);
  }
}

const RESTORE = "Use the key that it was written with, or delete the file and set the secrets again";

function parsed(text: string): Sealed | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof json !== "object" || json === null) return undefined;
  const { version, salt, iv, tag, data } = json as Partial<Record<keyof Sealed, unknown>>;
  if (version !== 1 || typeof data !== "string") return undefined;
  if (!isBytes(salt, 16) || !isBytes(iv, 12) || !isBytes(tag, 16)) return undefined;
  return { version, salt, iv, tag, data };
}

function isBytes(value: unknown, length: number): value is string {
  return typeof value === "string" && bytesOf(value).length === length;
}

function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, "base64");
}
