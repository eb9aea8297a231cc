// What `npm run import` shows: what was understood, what was not taken over, where the secrets are, and what comes next.
// Whatever the sheet holds, no secret of it is in these lines.
import { columns } from "../../core/columns.ts";
import { printable } from "../../core/printable.ts";
import type { FoundSecret } from "../import/secrets-of.ts";
import type { Understood } from "../import/draft.ts";
import type { TakenOver } from "../import/take-over.ts";

/** Where things went; paths as they are shown. */
export interface Places {
  readonly sheet: string;
  readonly profile: string;
  readonly secrets: string;
  /** undefined: the key is the environment variable SECRET_FILE_KEY. */
  readonly key: string | undefined;
  readonly windows: boolean;
}

const LABEL_COLUMNS = 34;
const PATH_COLUMNS = 30;
const VALUE_COLUMNS = 300;

/** All lines, without the last line end. */
export function importText(taken: TakenOver, places: Places): string {
  const hide = hiding(taken.secrets);
  const { understood, notTaken, unknown, secrets } = taken;
  const sections = [
    `Understood of ${places.sheet}:\n\n${table(understood)}`,
    notTaken.length === 0 ? "" : `Not taken over:\n${bullets(notTaken)}`,
    unknown.length === 0
      ? ""
      : `Labels that are not known, and were left out:\n${bullets(unknown.map((label) => `"${printable(label, 60)}"`))}`,
    `Written: ${places.profile}`,
  ].filter((section) => section !== "");
  return [...sections.map(hide), secretText(secrets, places), nextText(taken, places)].join("\n\n");
}

/** Replaces what the sheet holds as a secret, wherever else it stands; what is shorter stands in any word. */
export function hiding(secrets: readonly FoundSecret[]): (text: string) => string {
  const values = secrets.flatMap(({ value }) =>
    value !== undefined && value.length >= 4 ? [value, value.trim()] : [],
  );
  const forms = values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1), printable(value)]);
  return (text) => forms.reduce((shown, form) => (form === "" ? shown : shown.replaceAll(form, "***")), text);
}

function table(understood: readonly Understood[]): string {
  return understood
    .map(({ label, path, shown, note }) => {
      const name = padded(label === "" ? "(not in the sheet)" : label, LABEL_COLUMNS);
      const line = `  ${name} ${padded(path, PATH_COLUMNS)} ${printable(shown, VALUE_COLUMNS)}`;
      return note === undefined ? line : `${line}\n  ${" ".repeat(LABEL_COLUMNS + 1)}(${note})`;
    })
    .join("\n");
}

function padded(text: string, width: number): string {
  const shown = printable(text, width);
  return shown + " ".repeat(Math.max(0, width - columns(shown)));
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${printable(line, VALUE_COLUMNS)}`).join("\n");
}

function secretText(secrets: readonly FoundSecret[], places: Places): string {
  const isStored = secrets.some(({ value }) => value !== undefined);
  return [
    "Secrets, by the names that the profile gives them:",
    ...secrets.map(
      ({ name, what, value }) => `- ${name}: ${what}, ${value === undefined ? "to be set" : "stored"}`,
    ),
    ...(isStored
      ? [
          `The file of secrets is ${places.secrets}${places.key === undefined ? "" : `, its key ${places.key}`}: whoever has both has the secrets.`,
          "The sheet still holds them in plain text: delete it, or empty those cells, when the backup runs.",
        ]
      : []),
  ].join("\n");
}

function nextText({ secrets, profile, understood }: TakenOver, places: Places): string {
  const set = (name: string, value: string): string =>
    places.windows ? `  $env:${name} = "${value}"` : `  export ${name}="${value}"`;
  const toSet = secrets.filter(({ value }) => value === undefined);
  return [
    "On this machine, in the same terminal:",
    set("SECRET_SOURCE", "file"),
    set("SECRET_FILE", places.secrets),
    ...(places.key === undefined ? [] : [set("SECRET_FILE_KEY_FILE", places.key)]),
    ...toSet.map(({ name }) => `  npm run secret -- set ${name}`),
    `  npm run backup -- --profile "${places.profile}" --dry-run`,
    "",
    "On Azure, with each secret in a file of its own that is deleted behind it:",
    ...secrets.map(({ name }) => `  az keyvault secret set --vault-name VAULT --name ${name} --file FILE`),
    `  and the profile by PUT /api/profiles/${String(profile["name"])} (docs/http-api.md)`,
    ...(understood.some(({ path }) => path === "destination.folder")
      ? ["  It then needs a container: take destination.folder out, which is for one machine only."]
      : []),
  ].join("\n");
}
