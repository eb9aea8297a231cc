// What `npm run import` was asked for: the sheet, the profile's name and file, and where secrets go.
import path from "node:path";
import type { FileKey } from "../../clients/secrets/file-key.ts";
import type { Args } from "./args.ts";
import { keyOf } from "./secret-order.ts";

export const IMPORT_OPTIONS = {
  file: "FILE",
  out: "FILE",
  name: "NAME",
  "secret-file": "FILE",
  "key-file": "FILE",
} as const;

export interface SecretPlace {
  /** Absolute. */
  readonly file: string;
  readonly key: FileKey;
}

export interface ImportOrder {
  /** Absolute. */
  readonly file: string;
  /** As typed; undefined = from the sheet. */
  readonly name: string | undefined;
  /** Absolute; undefined = named after the profile. */
  readonly out: string | undefined;
  readonly secrets: SecretPlace;
}

export type ImportOrderResult =
  | { readonly ok: true; readonly order: ImportOrder }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The sheet comes first, as nobody would look for the name of an option. */
export function withFileOption(argv: readonly string[]): readonly string[] {
  const [first] = argv;
  return first === undefined || first.startsWith("-") ? argv : ["--file", ...argv];
}

/** `folder` is where the person is. */
export function readImportOrder(
  { given, problems }: Args<typeof IMPORT_OPTIONS>,
  around: {
    readonly folder: string;
    readonly projectRoot: string;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): ImportOrderResult {
  const [file] = given.file;
  const [out] = given.out;
  const resolve = (typed: string): string => path.resolve(around.folder, typed);
  const secrets = secretPlace(given, around, resolve);
  const all = [
    ...problems,
    ...(file === undefined ? ["The sheet is not named: npm run import -- parameters.xlsx"] : []),
    ...(secrets === undefined
      ? [
          "The file of secrets and its key belong together: name both, by --secret-file and --key-file, or by SECRET_FILE and SECRET_FILE_KEY_FILE, or none",
        ]
      : []),
  ];
  if (all.length > 0 || file === undefined || secrets === undefined) return { ok: false, problems: all };
  return {
    ok: true,
    order: {
      file: resolve(file),
      name: given.name[0],
      out: out === undefined ? undefined : resolve(out),
      secrets,
    },
  };
}

function secretPlace(
  given: Args<typeof IMPORT_OPTIONS>["given"],
  { env, projectRoot }: Parameters<typeof readImportOrder>[1],
  resolve: (typed: string) => string,
): SecretPlace | undefined {
  const file = given["secret-file"][0] ?? (env["SECRET_FILE"] || undefined);
  const key = keyOf(given["key-file"][0], env, resolve);
  if (file !== undefined && key !== undefined) return { file: resolve(file), key };
  if (file !== undefined || key !== undefined) return undefined;
  const usual = path.join(projectRoot, ".local", "secrets");
  return { file: path.join(usual, "secrets.json"), key: { path: path.join(usual, "key") } };
}
