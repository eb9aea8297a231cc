// `npm run secret`: what it understands, that a value comes by standard input alone, and what it shows.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { secretFile } from "../../../src/clients/secrets/file-secrets.ts";
import { ok } from "../../../src/core/result.ts";
import { hiddenInput } from "../../../src/local/cli/hidden-input.ts";
import { readSecretOrder } from "../../../src/local/cli/secret-order.ts";

const root = path.resolve(import.meta.dirname, "../../..");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "backup-secret-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(argv: readonly string[], input = "") {
  const main = path.join(root, "src", "local", "cli", "secret.ts");
  const env = { ...process.env, INIT_CWD: folder, SECRET_FILE: "secrets.json", SECRET_FILE_KEY_FILE: "key" };
  const done = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...argv], {
    ...{ input, env, encoding: "utf8" },
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

test("npm run secret keeps what is piped in, lists names alone, and the app reads it", async () => {
  expect(run(["new-key", "key"]).code).toBe(0);
  expect(run(["set", "ACME_PASSWORD"], "s3cret value\r\n")).toEqual({
    code: 0,
    out: '"ACME_PASSWORD" is in the file\n',
    err: "",
  });
  expect(run(["list"])).toEqual({ code: 0, out: "ACME_PASSWORD\n", err: "" });
  const file = secretFile(path.join(folder, "secrets.json"), { path: path.join(folder, "key") });
  expect(await file.read("ACME_PASSWORD")).toEqual(ok("s3cret value"));
});

function order(argv: readonly string[], env: Record<string, string> = {}) {
  return readSecretOrder(argv, env, (typed) => path.resolve("/here", typed));
}

test("readSecretOrder() refuses a value on the command line, and does not repeat it", () => {
  const read = order(["set", "ACME_PASSWORD", "s3cret", "--file", "f", "--key-file", "k"]);
  expect(read.ok ? "" : read.problems.join()).toContain("never given on the command line");
  expect(JSON.stringify(read)).not.toContain("s3cret");
  const asOption = order(["set", "ACME_PASSWORD", "--value=s3cret"]);
  expect(asOption.ok).toBe(false);
  expect(JSON.stringify(asOption)).not.toContain("s3cret");
});

test("readSecretOrder() tells every problem at once", () => {
  const read = order(["set", "1x"]);
  expect(read.ok ? [] : read.problems).toHaveLength(3);
  expect(order(["show", "X"]).ok).toBe(false);
  expect(order(["new-key"]).ok).toBe(false);
  expect(order([])).toEqual({ ok: true, order: { verb: "help" } });
});

test("readSecretOrder() takes file and key from its options before the environment", () => {
  const env = { SECRET_FILE: "env.json", SECRET_FILE_KEY: "a key from the environment" };
  expect(order(["list"], env)).toEqual({
    ok: true,
    order: {
      verb: "list",
      file: path.resolve("/here/env.json"),
      key: { text: "a key from the environment" },
    },
  });
  expect(order(["list", "--file", "f", "--key-file", "k"], env)).toEqual({
    ok: true,
    order: { verb: "list", file: path.resolve("/here/f"), key: { path: path.resolve("/here/k") } },
  });
});

function terminal(): {
  input: PassThrough & { isTTY: true; setRawMode(raw: boolean): void };
  raw: boolean[];
} {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true as const,
    setRawMode: (on: boolean) => void raw.push(on),
  });
  return { input, raw };
}

test.each([
  ["s3crét\rmore", { state: "value", value: "s3crét" }],
  ["wrong\u007F\u007F\u007F\u007F\u007Fright\n", { state: "value", value: "right" }],
  ["abc\u0003", { state: "interrupted" }],
  ["x".repeat(30_000), { state: "too-long" }],
])("hiddenInput() reads one line of a terminal that shows nothing: %j", async (text, expected) => {
  const { input, raw } = terminal();
  let prompts = 0;
  const typed = hiddenInput(input, () => (prompts += 1));
  // A letter of two bytes may arrive in two pieces.
  const bytes = Buffer.from(text);
  input.write(bytes.subarray(0, 5));
  input.write(bytes.subarray(5));
  expect(await typed).toEqual(expected);
  expect([prompts, raw]).toEqual([1, [true, false]]);
});
