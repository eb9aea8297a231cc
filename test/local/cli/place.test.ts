// Where `get`, `runs` and `npm start` look, and what they refuse.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseProfileText } from "../../../src/core/profile.ts";
import { readArgs } from "../../../src/local/cli/args.ts";
import type { Surroundings } from "../../../src/local/cli/given-profile.ts";
import { keepProfile, profileFolder, serverFolder } from "../../../src/local/cli/kept-profiles.ts";
import { BACKUP_OPTIONS, readOrder } from "../../../src/local/cli/order.ts";
import { PLACE_OPTIONS, placeOptions, readPlace } from "../../../src/local/cli/place.ts";
import { readStartOrder, START_OPTIONS } from "../../../src/local/cli/start-order.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "place-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function profile(more: object = {}) {
  const text = JSON.stringify({
    name: "acme",
    portal: { url: "acme", auth: { kind: "password", username: "u", secret: "ACME_PASSWORD" } },
    ...more,
  });
  const parsed = parseProfileText(text);
  if (!parsed.ok) throw new Error("The profile of the test is wrong");
  return { text, parsed: parsed.profile };
}

function around(env: Record<string, string> = {}): Surroundings {
  return { env, folder: root, projectRoot: root, readFile: (file) => readFileSync(file, "utf8") };
}

function place(argv: readonly string[], env: Record<string, string> = {}) {
  const { given, problems } = readArgs(argv, PLACE_OPTIONS);
  return readPlace(given, problems, around(env));
}

test("readPlace() finds a profile by its name where a backup or npm start kept it, without its password", () => {
  expect(place(["--profile", "acme"])).toMatchObject({
    ok: false,
    problems: [expect.stringContaining("no profile of that name")],
  });
  keepProfile(serverFolder(root), profile());
  expect(place(["--profile", "acme"])).toMatchObject({
    ok: true,
    place: { stateFolder: serverFolder(root), container: "backups", elsewhere: undefined },
  });
  keepProfile(profileFolder(root, "acme"), profile());
  expect(place(["--profile", "acme"])).toMatchObject({
    ok: true,
    place: { stateFolder: profileFolder(root, "acme"), elsewhere: serverFolder(root) },
  });
});

test("readPlace() needs the variable of another destination", () => {
  const remote = profile({ destination: { container: "safe", connectionSecret: "ACME_STORAGE" } });
  keepProfile(serverFolder(root), remote);
  expect(place(["--profile", "acme"])).toMatchObject({ ok: false });
  const set = place(["--profile", "acme"], { ACME_STORAGE: "s3cret" });
  expect(set).toMatchObject({ ok: true, place: { container: "safe", connectionSecret: "ACME_STORAGE" } });
  expect(JSON.stringify(set)).not.toContain("s3cret");
});

test("readPlace() knows the folder of a profile that keeps its backups in one", () => {
  keepProfile(serverFolder(root), profile({ destination: { folder: "/srv/backups" } }));
  keepProfile(profileFolder(root, "acme"), profile({ destination: { folder: "/srv/backups" } }));
  expect(place(["--profile", "acme"])).toMatchObject({
    ok: true,
    place: { backupFolder: "/srv/backups", elsewhere: undefined },
  });
});

test("the options that a backup names for later lead back to its state folder", () => {
  for (const argv of [[], ["--trouble"], ["--enterprise"], ["--trouble", "--state", "x"]]) {
    const read = readOrder(readArgs(argv, BACKUP_OPTIONS), around());
    if (!read.ok) throw new Error(read.problems.join());
    const back = placeOptions(read.order, around())
      .split(" ")
      .filter((word) => word !== "");
    expect(place(back)).toMatchObject({ ok: true, place: { stateFolder: read.order.stateFolder } });
  }
});

test("readStartOrder() tells every mistake of every profile and of the port at once", () => {
  keepProfile(root, profile());
  const file = path.join("profiles", "acme.json");
  const argv = ["--profile", file, "--profile", file, "--profile", "none.json", "--port", "99999"];
  const read = readStartOrder(readArgs(argv, START_OPTIONS, ["profile"]), around());
  const text = read.ok ? "" : read.problems.join("\n");
  for (const part of ["99999", "ACME_PASSWORD", "none.json", 'called "acme"']) expect(text).toContain(part);
  const good = readArgs(["--profile", file], START_OPTIONS, ["profile"]);
  expect(readStartOrder(good, around({ ACME_PASSWORD: "x" }))).toMatchObject({
    ok: true,
    order: { port: 7071, stateFolder: serverFolder(root) },
  });
});
