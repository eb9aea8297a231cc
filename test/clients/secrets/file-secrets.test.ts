// The encrypted file of one machine: what it keeps, what opens it, and what it refuses.
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { environmentSecrets } from "../../../src/clients/secrets/environment.ts";
import { writeNewKey } from "../../../src/clients/secrets/file-key.ts";
import { type SecretFile, secretFile } from "../../../src/clients/secrets/file-secrets.ts";
import { fileTrouble } from "../../../src/clients/secrets/file-trouble.ts";
import { type Failure, type Result, ok } from "../../../src/core/result.ts";

const KEY = { text: "a key of more than sixteen characters" };
const VALUE = "s3cret väl\nue";
let folder: string;
let file: string;
let secrets: SecretFile;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "backup-secrets-"));
  file = path.join(folder, "made", "secrets.json");
  secrets = secretFile(file, KEY);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function failureOf(result: Result<unknown>): Failure {
  if (result.ok) throw new Error("expected a failure");
  expect(JSON.stringify(result.failure)).not.toContain("s3cret");
  expect(JSON.stringify(result.failure)).not.toContain(KEY.text);
  return result.failure;
}

describe("secretFile()", () => {
  test("has nothing before it is made, and says how a secret gets in", async () => {
    expect(await secrets.names()).toEqual(ok([]));
    const failure = failureOf(await secrets.read("ACME_PASSWORD"));
    expect(failure).toMatchObject({ reason: "bad-input", next: "Run: npm run secret -- set ACME_PASSWORD" });
    expect(await secrets.delete("ACME_PASSWORD")).toEqual(ok(false));
    expect(await readdir(path.dirname(file))).toEqual([]);
  });

  test("keeps values and names out of sight, for the owner alone, and uses a changed one at once", async () => {
    const reader = secretFile(file, KEY);
    expect(await secrets.set("ACME_PASSWORD", VALUE)).toEqual(ok(undefined));
    expect(await secrets.set("OTHER", "another")).toEqual(ok(undefined));
    expect(await reader.names()).toEqual(ok(["ACME_PASSWORD", "OTHER"]));
    expect(await reader.read("ACME_PASSWORD")).toEqual(ok(VALUE));
    await secrets.set("ACME_PASSWORD", "rotated");
    expect(await reader.read("ACME_PASSWORD")).toEqual(ok("rotated"));
    expect(await secrets.delete("OTHER")).toEqual(ok(true));
    expect(failureOf(await reader.read("OTHER")).text).toContain("has none of this name");
    const text = await readFile(file, "utf8");
    for (const hidden of ["ACME", "rotated", Buffer.from("rotated").toString("base64")]) {
      expect(text).not.toContain(hidden);
    }
    expect(await readdir(path.dirname(file))).toEqual(["secrets.json"]);
  });

  test("knows no versions", async () => {
    const failure = failureOf(await secrets.read(`ACME_PASSWORD/${"a".repeat(32)}`));
    expect(failure.text).toContain("keeps no versions");
  });

  test("does not open with another key, nor when a letter was changed, nor when it was cut", async () => {
    const other = failureOf(
      await secretFile(file, { text: "another key of enough letters" }).read("ACME_PASSWORD"),
    );
    expect(other).toMatchObject({ reason: "secret-refused" });
    expect(other.text).toContain("the key does not fit it, or it was changed");
    const whole = await readFile(file, "utf8");
    const damaged = path.join(folder, "damaged.json");
    await writeFile(
      damaged,
      whole.replace(/("data": ")(.)/, (_, start, one) => `${start}${one === "A" ? "B" : "A"}`),
    );
    const reader = secretFile(damaged, KEY);
    expect(failureOf(await reader.read("ACME_PASSWORD")).text).toContain("or it was changed");
    for (const text of [
      "",
      "[]",
      "null",
      whole.slice(0, 60),
      whole.replace('"version": 1', '"version": 2'),
    ]) {
      await writeFile(damaged, text);
      expect(failureOf(await reader.read("ACME_PASSWORD")).text).toContain("no file of encrypted secrets");
    }
  });

  test("writes one after the other: a second writer is told, and nothing is lost", async () => {
    const waiting = path.join(path.dirname(file), "secrets.json.new");
    await writeFile(waiting, "");
    const failure = failureOf(await secrets.set("ACME_PASSWORD", VALUE));
    expect(failure.text).toContain("something lies there already");
    expect(failure.next).toContain(`delete "${waiting}"`);
    await rm(waiting);
    expect(await secrets.read("ACME_PASSWORD")).toEqual(ok("rotated"));
  });

  test("takes a key file that it made, and refuses one that others may read, a short one and none", async () => {
    const keyFile = path.join(folder, "key");
    expect(await writeNewKey(keyFile)).toEqual(ok(undefined));
    expect(failureOf(await writeNewKey(keyFile)).text).toContain("something lies there already");
    const keyed = secretFile(path.join(folder, "keyed.json"), { path: keyFile });
    expect(await keyed.names()).toEqual(ok([]));
    await chmod(keyFile, 0o644);
    const opened = await keyed.names();
    if (process.platform === "win32") expect(opened.ok).toBe(true);
    else expect(failureOf(opened)).toMatchObject({ next: `Run: chmod 600 "${keyFile}"` });
    await chmod(keyFile, 0o600);
    await writeFile(keyFile, "short\n");
    expect(failureOf(await keyed.names()).text).toContain("at least 16 characters");
    await rm(keyFile);
    expect(failureOf(await keyed.names()).text).toContain("it does not exist");
  });

  test("tells what lies in the way of the file, and leaves nothing half-written", async () => {
    const blocked = path.join(folder, "blocked");
    await writeFile(blocked, "a file where a folder is wanted");
    const within = secretFile(path.join(blocked, "secrets.json"), KEY);
    expect(failureOf(await within.set("A", VALUE)).text).toMatch(/a part of its path is no folder|something/);
    const reading = failureOf(await within.read("A"));
    expect(reading).toMatchObject({ reason: "secret-refused", next: "Correct SECRET_FILE" });
    const isFolder = path.join(folder, "is-folder");
    await mkdir(isFolder);
    expect(failureOf(await secretFile(isFolder, KEY).names()).text).toContain("it is a folder");
    expect(failureOf(await secretFile(isFolder, KEY).set("A", VALUE)).text).toContain("it is a folder");
    expect((await readdir(folder)).filter((name) => name.endsWith(".new"))).toEqual([]);
  });

  test("a key that cannot be had keeps the file shut for every call", async () => {
    const keyless = secretFile(file, { path: path.join(folder, "no-key") });
    for (const result of [
      await keyless.names(),
      await keyless.read("ACME_PASSWORD"),
      await keyless.set("A", VALUE),
      await keyless.delete("A"),
    ]) {
      expect(failureOf(result).text).toContain("it does not exist");
    }
  });
});

describe("environmentSecrets()", () => {
  const read = environmentSecrets((name) => (name === "SET" ? VALUE : undefined));

  test("reads a variable, and names one that is not set", async () => {
    expect(await read("SET")).toEqual(ok(VALUE));
    const failure = failureOf(await read("UNSET"));
    expect(failure.text).toContain("no environment variable of this name");
    expect(failure.next).toContain("UNSET");
  });

  test("knows no versions", async () => {
    expect(failureOf(await read(`SET/${"a".repeat(32)}`)).text).toContain("no versions");
  });
});

test("fileTrouble() passes on what is not the file system's doing", () => {
  const coded = (code: string) => Object.assign(new Error("x"), { code });
  for (const error of [new Error("x"), coded("ERR_INVALID_ARG_TYPE"), "x"]) {
    expect(() => fileTrouble(error, "Cannot", "next")).toThrow();
  }
  expect(fileTrouble(coded("ENOSPC"), "Cannot write", "Make room").failure.text).toBe(
    "Cannot write: the disk is full",
  );
  expect(fileTrouble(coded("EMFILE"), "Cannot write", "x").failure.text).toBe("Cannot write: EMFILE");
});
