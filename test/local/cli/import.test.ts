// `npm run import` as a process: the profile it writes, the secrets it stores, and that a backup finds both.
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { secretFile } from "../../../src/clients/secrets/file-secrets.ts";
import { parseProfileText } from "../../../src/core/profile.ts";
import { ok } from "../../../src/core/result.ts";
import { readArgs } from "../../../src/local/cli/args.ts";
import { IMPORT_OPTIONS, readImportOrder, withFileOption } from "../../../src/local/cli/import-order.ts";
import { BACKUP_OPTIONS, readOrder } from "../../../src/local/cli/order.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const PASSWORD = "Tr0ub4dor;3x";
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "import-cli-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(...argv: readonly string[]) {
  const main = path.join(root, "src", "local", "cli", "import.ts");
  const env = { ...process.env, INIT_CWD: folder, SECRET_FILE: "secrets.json", SECRET_FILE_KEY_FILE: "key" };
  const done = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...argv], {
    ...{ env, encoding: "utf8" },
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

test("the profile runs with what the import stored, and nothing is ever replaced", async () => {
  const sheet = `ArcGIS URL;acme\r\nArcGIS Username;backup_admin\r\nArcGIS Password;"${PASSWORD}"\r\nExport Folder Prefix;Acme\r\nColour;blue\r\n`;
  await writeFile(path.join(folder, "parameters.csv"), sheet);
  const first = run("parameters.csv");
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out).toContain("(secret, 12 characters: stored)");
  expect(first.out).toContain('- "Colour"');
  expect(first.out).not.toContain(PASSWORD);

  const text = await readFile(path.join(folder, "acme.profile.json"), "utf8");
  const parsed = parseProfileText(text);
  expect(parsed.ok && parsed.profile.portal.auth.secret).toBe("acmePortalPassword");
  expect(text).not.toContain(PASSWORD);
  const stored = secretFile(path.join(folder, "secrets.json"), { path: path.join(folder, "key") });
  expect(await stored.read("acmePortalPassword")).toEqual(ok(PASSWORD));
  const order = readOrder(readArgs(["--profile", "acme.profile.json"], BACKUP_OPTIONS), {
    ...{ folder, projectRoot: root, env: { SECRET_SOURCE: "file" }, readFile: () => text },
  });
  expect(order.ok).toBe(true);

  await writeFile(path.join(folder, "other.csv"), sheet.replace("Tr0ub", "0ther"));
  const again = run("other.csv");
  expect(again.code).toBe(2);
  expect(again.err).toContain("exists already");
  expect(again.err).toContain('another value as "acmePortalPassword"');
  expect(again.err).not.toMatch(/Tr0ub|0ther/);
  expect(await readFile(path.join(folder, "acme.profile.json"), "utf8")).toBe(text);
  expect(await stored.read("acmePortalPassword")).toEqual(ok(PASSWORD));
});

test("a sheet with mistakes writes nothing and tells all of them", async () => {
  const before = await readdir(folder);
  await writeFile(
    path.join(folder, "wrong.csv"),
    `ArcGIS URL,acme\nTimeout (minutes),soon\nViews,${PASSWORD}\n`,
  );
  const { code, out, err } = run("wrong.csv", "--name", "Not Good");
  expect([code, out]).toEqual([2, ""]);
  for (const words of ["name:", "(B2)", "(B3)", "ArcGIS Username"]) expect(err).toContain(words);
  expect(err).not.toContain(PASSWORD);
  expect((await readdir(folder)).filter((name) => !before.includes(name))).toEqual(["wrong.csv"]);
});

test("readImportOrder() takes the sheet first, and a file of secrets with its key or neither", () => {
  const order = (argv: readonly string[], env: Record<string, string> = {}) =>
    readImportOrder(readArgs(withFileOption(argv), IMPORT_OPTIONS), {
      ...{ env, folder: path.resolve("/here"), projectRoot: path.resolve("/project") },
    });
  expect(order(["p.xlsx"])).toMatchObject({
    order: {
      file: path.resolve("/here/p.xlsx"),
      secrets: { file: path.resolve("/project/.local/secrets/secrets.json") },
    },
  });
  expect(order([]).ok).toBe(false);
  expect(order(["p.xlsx", "--secret-file", "s"]).ok).toBe(false);
  expect(order(["p.xlsx", "--secret-file", "s"], { SECRET_FILE_KEY: "k" })).toMatchObject({
    order: { secrets: { file: path.resolve("/here/s"), key: { text: "k" } } },
  });
});
