// What `npm run secret` was asked for: a verb and its word, and which file and key.
import { parseArgs } from "node:util";
import type { FileKey } from "../../clients/secrets/file-key.ts";

export type SecretOrder =
  | { readonly verb: "help" }
  | { readonly verb: "new-key"; readonly path: string }
  | {
      readonly verb: "set" | "delete";
      readonly name: string;
      readonly file: string;
      readonly key: FileKey;
    }
  | { readonly verb: "list"; readonly file: string; readonly key: FileKey };

export type SecretOrderResult =
  | { readonly ok: true; readonly order: SecretOrder }
  | { readonly ok: false; readonly problems: readonly string[] };

export const SECRET_HELP = `Keeps secrets of this machine in one encrypted file, for the setting SECRET_SOURCE = file.

  npm run secret -- new-key FILE    makes a random key in a file that only you may read
  npm run secret -- set NAME        puts a secret in or replaces it; its value is asked for, or piped in
  npm run secret -- list            the names; values are never shown
  npm run secret -- delete NAME     takes a secret out

  --file FILE       The encrypted file; without it, the variable SECRET_FILE.
  --key-file FILE   The file with the key; without it, SECRET_FILE_KEY_FILE, or the key itself in SECRET_FILE_KEY.

Whoever has both files has the secrets: keep the key apart, and not in a folder that is shared or synchronised.
On Windows, let nobody else read the key:  icacls FILE /inheritance:r /grant:r "%USERNAME%:R"
`;

/** `NAME` as a profile may name it. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,126}$/;

/** Every problem at once; `resolve` makes a path absolute. No problem repeats a word that may be a secret. */
export function readSecretOrder(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  resolve: (path: string) => string,
): SecretOrderResult {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        file: { type: "string" },
        "key-file": { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { ok: false, problems: ["An option is not known, or lacks its FILE; see --help"] };
  }
  const { values, positionals } = parsed;
  const [verb, word, ...rest] = positionals;
  if (values.help === true || verb === undefined) return { ok: true, order: { verb: "help" } };
  const problems: string[] = [];
  if (verb !== "set" && verb !== "list" && verb !== "delete" && verb !== "new-key") {
    return { ok: false, problems: ["What to do is not known; accepted: set, list, delete, new-key"] };
  }
  if (rest.length > 0 || (verb === "list" && word !== undefined)) {
    problems.push(
      verb === "set"
        ? "A secret is never given on the command line, where others see it: leave it out, it is asked for. What was typed is in the history of this shell"
        : `"${verb}" takes ${verb === "list" ? "nothing" : "one word"}`,
    );
  }
  if (verb === "new-key") {
    if (word === undefined) problems.push('"new-key" lacks its FILE');
    return word === undefined || problems.length > 0
      ? { ok: false, problems }
      : { ok: true, order: { verb, path: resolve(word) } };
  }
  if (verb !== "list" && !NAME.test(word ?? "")) {
    problems.push(`"${verb}" needs a NAME: a letter, then up to 126 letters, digits, - or _`);
  }
  const file = values.file ?? (env["SECRET_FILE"] || undefined);
  if (file === undefined) problems.push("The file is not named: --file FILE, or the variable SECRET_FILE");
  const key = keyOf(values["key-file"], env, resolve);
  if (key === undefined) {
    problems.push(
      "The key is not named: --key-file FILE, or the variable SECRET_FILE_KEY_FILE or SECRET_FILE_KEY",
    );
  }
  if (problems.length > 0 || file === undefined || key === undefined) return { ok: false, problems };
  const place = { file: resolve(file), key };
  return { ok: true, order: verb === "list" ? { verb, ...place } : { verb, name: word ?? "", ...place } };
}

/** The key that an option or the environment names; undefined = none does. */
export function keyOf(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  resolve: (path: string) => string,
): FileKey | undefined {
  const path = given ?? (env["SECRET_FILE_KEY_FILE"] || undefined);
  if (path !== undefined) return { path: resolve(path) };
  const text = env["SECRET_FILE_KEY"]?.trim() || undefined;
  return text === undefined ? undefined : { text };
}
