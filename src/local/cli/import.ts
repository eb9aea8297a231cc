// `npm run import`: a profile from the parameters of the original.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { readKey, writeNewKey } from "../../clients/secrets/file-key.ts";
import { type SecretFile, secretFile } from "../../clients/secrets/file-secrets.ts";
import { fileTrouble } from "../../clients/secrets/file-trouble.ts";
import { printable } from "../../core/printable.ts";
import { type Result, ok } from "../../core/result.ts";
import { arranged } from "../import/arrangement.ts";
import { profileNameOf } from "../import/profile-name.ts";
import { readParameters } from "../import/read-file.ts";
import type { FoundSecret } from "../import/secrets-of.ts";
import { type TakenOver, takeOver } from "../import/take-over.ts";
import { type Args, readArgs } from "./args.ts";
import { runCommand, type Stage } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { IMPORT_HELP } from "./help.ts";
import { IMPORT_OPTIONS, type ImportOrder, readImportOrder, withFileOption } from "./import-order.ts";
import { hiding, importText } from "./import-text.ts";
import { tellFailure } from "./tell.ts";
import { shorter } from "./where.ts";

async function run(args: Args<typeof IMPORT_OPTIONS>, stage: Stage): Promise<number> {
  const read = readImportOrder(args, stage);
  if (!read.ok) return refuse(read.problems);
  const { order } = read;
  const sheets = await readParameters(order.file);
  if (!sheets.ok) return refuse([`${sheets.failure.text}. ${sheets.failure.next}`]);
  const found = arranged(sheets.value);
  if (found === undefined) {
    return refuse([
      `"${order.file}" has no label that is known, such as ArcGIS URL or Save Directory. Name the sheet of parameters itself`,
    ]);
  }
  const name = order.name ?? profileNameOf(found.found, order.file);
  const taken = takeOver(found, name);
  const out = order.out ?? path.join(stage.folder, `${name}.profile.json`);
  const secrets = secretFile(order.secrets.file, order.secrets.key);
  const problems = [
    ...(taken.ok ? [] : taken.problems),
    // Only a name that is right makes a path.
    ...(order.out !== undefined || taken.ok ? inTheWay(out) : []),
    ...(taken.ok ? await clashes(taken.taken.secrets, secrets, order) : []),
  ];
  if (!taken.ok) return refuse(problems.map(hiding(taken.secrets)));
  if (problems.length > 0) return refuse(problems);
  const kept = await keep(taken.taken, out, secrets, order);
  if (!kept.ok) return tellFailure(kept.failure, stage.screen, undefined);
  const { file, key } = order.secrets;
  const text = importText(taken.taken, {
    sheet: `${path.basename(order.file)}${found.sheet.name === "" ? "" : `, sheet "${printable(found.sheet.name, 40)}"`}`,
    profile: shorter(out, stage.folder),
    secrets: file,
    key: "path" in key ? key.path : undefined,
    windows: process.platform === "win32",
  });
  stage.screen.line(text);
  return EXIT.succeeded;
}

function inTheWay(out: string): readonly string[] {
  return existsSync(out) ? [`"${out}" exists already. Name another file with --out, or move it away`] : [];
}

/** A secret of the same name with another value is somebody's: it is not replaced. */
async function clashes(
  found: readonly FoundSecret[],
  secrets: SecretFile,
  order: ImportOrder,
): Promise<readonly string[]> {
  const toStore = found.filter(({ value }) => value !== undefined);
  if (toStore.length === 0 || (isMissingKey(order) && !existsSync(order.secrets.file))) return [];
  const names = await secrets.names();
  if (!names.ok) return [`${names.failure.text}. ${names.failure.next}`];
  const problems: string[] = [];
  for (const { name, value } of toStore.filter((each) => names.value.includes(each.name))) {
    const stored = await secrets.read(name);
    if (stored.ok && stored.value !== value) {
      problems.push(
        `The file of secrets holds another value as "${name}". Choose another profile with --name, or take it out first: npm run secret -- delete ${name}`,
      );
    }
  }
  return problems;
}

function isMissingKey({ secrets }: ImportOrder): boolean {
  return "path" in secrets.key && !existsSync(secrets.key.path);
}

/** Secrets first: a profile that names them is of no use without. Done again, it goes on. */
async function keep(
  { profile, secrets }: TakenOver,
  out: string,
  file: SecretFile,
  order: ImportOrder,
): Promise<Result<void>> {
  const { key } = order.secrets;
  if ("path" in key && isMissingKey(order)) {
    await mkdir(path.dirname(key.path), { recursive: true, mode: 0o700 });
    const made = await writeNewKey(key.path);
    if (!made.ok) return made;
  }
  const usable = await readKey(key);
  if (!usable.ok) return usable;
  for (const { name, value } of secrets) {
    const set = value === undefined ? ok(undefined) : await file.set(name, value);
    if (!set.ok) return set;
  }
  try {
    await writeFile(out, `${JSON.stringify(profile, undefined, 2)}\n`, { flag: "wx" });
    return ok(undefined);
  } catch (error) {
    return fileTrouble(error, `Cannot write "${out}"`, "Name another file with --out");
  }
}

function refuse(problems: readonly string[]): number {
  const lines = problems.map((problem) => `- ${printable(problem)}\n`);
  process.stderr.write(`Nothing was written:\n${lines.join("")}`);
  return EXIT.badInput;
}

await runCommand(IMPORT_HELP, (argv) => readArgs(withFileOption(argv), IMPORT_OPTIONS), run);
