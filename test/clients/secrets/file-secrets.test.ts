// The encrypted file of one machine: what it keeps, what opens it, and what it refuses.
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

  test("is left as it is where it does not open, and a folder is told as one", async () => {
    const damaged = path.join(folder, "left.json");
    const text = (await readFile(file, "utf8")).replace(/"tag": "../, '"tag": "');
    await writeFile(damaged, text);
    expect(failureOf(await secretFile(damaged, KEY).set("A", VALUE)).text).toContain("no file of encrypted");
    expect(await readFile(damaged, "utf8")).toBe(text);
    expect((await readdir(folder)).filter((name) => name.startsWith("left"))).toEqual(["left.json"]);
    const place = failureOf(await secretFile(folder, KEY).read("A"));
    expect(place).toMatchObject({ reason: "secret-refused", next: "Correct SECRET_FILE" });
    expect(place.text).toContain("it is a folder");
  });

  test.skipIf(process.platform === "win32")(
    "keeps its secrets when the file on its way is deleted by somebody",
    async () => {
      const half = path.join(path.dirname(file), "secrets.json.new");
      // Of a key of its own, which takes a while to be made.
      let isDone = false;
      const writing = secretFile(file, KEY)
        .set("ACME_PASSWORD", VALUE)
        .finally(() => (isDone = true));
      while (!isDone && !existsSync(half)) await new Promise((resolve) => setImmediate(resolve));
      await rm(half);
      const failure = failureOf(await writing);
      expect(failure.text).toMatch(/^Cannot write the file of secrets .*: it does not exist$/);
      expect(await secrets.read("ACME_PASSWORD")).toEqual(ok("rotated"));
    },
  );

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
});

test("fileTrouble() tells every refusal of the file system, and passes on what is none", () => {
  const told = (code: string): string => {
    const error = Object.assign(new Error("s3cret"), { code });
    return failureOf(fileTrouble(error, "Cannot write", "Correct it")).text;
  };
  expect(told("ENOSPC")).toBe("Cannot write: the disk is full");
  expect(told("EMFILE")).toBe("Cannot write: EMFILE");
  for (const mistake of [
    new TypeError("a mistake"),
    Object.assign(new Error("a mistake"), { code: "ERR_X" }),
  ]) {
    expect(() => fileTrouble(mistake, "Cannot write", "Correct it")).toThrow("a mistake");
  }
});
