// What the command line understands, refuses and shows, without starting anything.
import path from "node:path";
import { expect, test } from "vitest";
import type { RunStatus } from "../../../src/core/run.ts";
import { readArgs } from "../../../src/local/cli/args.ts";
import { exitCodeOf } from "../../../src/local/cli/exit-code.ts";
import { follow, type FollowPorts } from "../../../src/local/cli/follow.ts";
import { BACKUP_OPTIONS, readOrder } from "../../../src/local/cli/order.ts";
import { openScreen, type Screen } from "../../../src/local/cli/screen.ts";

const folder = path.resolve("/project");
const PROFILE = {
  name: "acme",
  portal: { url: "acme", auth: { kind: "password", username: "u", secret: "ACME_PASSWORD" } },
  destination: { container: "backups" },
};

function order(argv: readonly string[], profile: unknown, env: Record<string, string> = {}) {
  const readFile = () => JSON.stringify(profile);
  return readOrder(readArgs(argv, BACKUP_OPTIONS), { env, folder, projectRoot: folder, readFile });
}

test("readOrder() tells every problem of the arguments, the profile and the environment at once", () => {
  const read = order(["--nope", "--profile", "acme.json"], { ...PROFILE, name: "Not Good", lanes: 0 });
  expect(read.ok).toBe(false);
  const text = read.ok ? "" : read.problems.join("\n");
  for (const part of ["--nope", "name", "lanes"]) expect(text).toContain(part);
});

test("readOrder() names the variable of a password that is not set, and never a value", () => {
  const unset = order(["--profile", "acme.json"], PROFILE);
  expect(unset.ok ? "" : unset.problems.join("\n")).toContain("ACME_PASSWORD");
  const set = order(["--profile", "acme.json"], PROFILE, { ACME_PASSWORD: "s3cret" });
  expect(set).toMatchObject({ ok: true, order: { profile: { parsed: { name: "acme" } } } });
  expect(JSON.stringify(set)).not.toContain("s3cret");
});

test("readOrder() refuses what excludes each other, and what takes no value or lacks one", () => {
  const problems = (...argv: string[]) => {
    const read = order(argv, { ...PROFILE }, { ACME_PASSWORD: "s3cret" });
    return read.ok ? [] : read.problems;
  };
  expect(problems("--dry-run", "--out", "x")).toEqual([expect.stringContaining("exclude each other")]);
  expect(problems("--trouble", "--enterprise", "--profile", "acme.json")).toHaveLength(2);
  expect(problems("--out", "--dry-run=yes", "stray")).toEqual([
    expect.stringContaining('"--out" lacks its DIR'),
    expect.stringContaining("stray"),
  ]);
  expect(problems("--trouble=yes", "--state", "a", "--state", "b")).toEqual([
    '"--trouble" takes no value',
    '"--state" is given twice',
  ]);
});

test("readOrder() gives each sample and each profile a state folder of its own", () => {
  const folderOf = (...argv: string[]) => {
    const read = order(argv, PROFILE, { ACME_PASSWORD: "s3cret" });
    return read.ok ? path.relative(folder, read.order.stateFolder).replaceAll(path.sep, "/") : read.problems;
  };
  expect(folderOf()).toBe(".local");
  expect(folderOf("--trouble")).toBe(".local/trouble");
  expect(folderOf("--enterprise")).toBe(".local/enterprise");
  expect(folderOf("--trouble", "--enterprise")).toBe(".local/enterprise-trouble");
  expect(folderOf("--profile", "acme.json")).toBe(".local/profiles/acme");
  expect(folderOf("--profile", "acme.json", "--state", "there")).toBe("there");
});

test("exitCodeOf() tells the four verdicts as documented", () => {
  expect((["succeeded", "partial", "failed", "canceled"] as const).map(exitCodeOf)).toEqual([0, 3, 1, 1]);
});

test("openScreen() redraws one line on a terminal, whose width of 0 means unknown", () => {
  const written: string[] = [];
  const screen = openScreen({ write: (text) => written.push(text), isTTY: true, columns: 0 }, () => 0);
  expect(screen.columns).toBe(80);
  screen.progress("one");
  screen.progress("two");
  screen.line("done");
  expect(written).toEqual(["\r\u001b[2Kone", "\r\u001b[2Ktwo", "\r\u001b[2Kdone\n"]);
});

test("openScreen() writes plain lines elsewhere, at most every two seconds and only what changed", () => {
  const written: string[] = [];
  let now = 0;
  const screen = openScreen({ write: (text) => written.push(text) }, () => now);
  for (const [at, text] of [
    [0, "a"],
    [500, "b"],
    [2500, "b"],
    [5000, "b"],
  ] as const) {
    now = at;
    screen.progress(text);
  }
  expect(written).toEqual(["a\n", "b\n"]);
});

function status(more: Partial<RunStatus>): RunStatus {
  return {
    ...{ id: "acme-20260514T020000Z", profile: "acme", phase: "saving", verdict: null },
    ...{
      startedAt: 0,
      startedBy: "timer",
      dryRun: false,
      cancelRequested: false,
      itemsAtWork: [],
      itemsPerMinute: null,
      portalRequests: 0,
      expectedEnd: null,
      finishedAt: null,
      sizeBytes: 0,
      exportsAtWork: [],
      folder: "",
      container: "",
      failure: null,
      mailTrouble: null,
      unsettled: 0,
    },
    counts: { listed: 4, saved: 1, unchanged: 0, skipped: 0, failed: 0 },
    ...more,
  };
}

const NEVER = new AbortController().signal;

function ports(answers: (RunStatus | undefined)[], more: Partial<FollowPorts> = {}): FollowPorts {
  let ownMs = 0;
  return {
    status: () => Promise.resolve(answers.shift()),
    runNow: () => 0,
    ownNow: () => ownMs,
    wait: (ms) => {
      ownMs += ms;
      return Promise.resolve();
    },
    stop: NEVER,
    cancel: NEVER,
    askToCancel: () => Promise.reject(new Error("Nobody asked")),
    whereToLook: "the log",
    ...more,
  };
}

function screenTo(shown: string[]): Screen {
  return { line: (text) => shown.push(text), progress: (text) => shown.push(text), columns: undefined };
}

test("follow() goes on over a status that is not to be had, and returns the one with the verdict", async () => {
  const answers = [status({}), undefined, status({ phase: "sealed", verdict: "partial" })];
  const shown: string[] = [];
  const end = await follow(ports(answers), screenTo(shown));
  expect(end?.verdict).toBe("partial");
  expect(shown.join("\n")).toContain("1 of 4");
});

test("follow() hands a cancellation on once, and goes on to the verdict", async () => {
  const controller = new AbortController();
  let asked = 0;
  const answers = [
    status({}),
    status({ cancelRequested: true }),
    status({ cancelRequested: true }),
    status({ phase: "sealed", verdict: "canceled" }),
  ];
  const end = await follow(
    ports(answers, {
      cancel: controller.signal,
      wait: () => {
        controller.abort();
        return Promise.resolve();
      },
      askToCancel: () => Promise.resolve(++asked > 0),
    }),
    screenTo([]),
  );
  expect([end?.verdict, asked]).toEqual(["canceled", 1]);
});

test("follow() ends without a verdict when it is stopped, or the run cannot be canceled", async () => {
  const more = { cancel: AbortSignal.abort(), askToCancel: () => Promise.resolve(false) };
  expect(await follow(ports([status({})], more), screenTo([]))).toBeUndefined();
  expect(await follow(ports([status({})], { stop: AbortSignal.abort() }), screenTo([]))).toBeUndefined();
});
