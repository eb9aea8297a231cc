// Children that outlive us: found again, started again on the same port, ended only when they are ours.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ChildRecords, openChildRecords } from "../../../src/local/services/child-records.ts";
import { type ChildProgram, ensureChild, stopChild } from "../../../src/local/services/child.ts";
import { portBecomesFree } from "../../../src/local/services/ports.ts";
import { getText } from "../../../src/local/services/get-text.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "child-"));
});
afterEach(async () => {
  await stopChild("fixture", openChildRecords(folder));
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function program(more: Partial<ChildProgram> = {}): ChildProgram {
  return {
    name: "fixture",
    title: "the fixture",
    entry: path.join(import.meta.dirname, "fixture-server.ts"),
    args: (port) => [String(port), folder],
    env: {},
    logFile: path.join(folder, "fixture.log"),
    ready: async (port) => (await getText(`http://127.0.0.1:${port}/`))?.status === 200,
    addressMatters: true,
    ...more,
  };
}

async function ensured(records: ChildRecords, more: Partial<ChildProgram> = {}) {
  const child = await ensureChild(program(more), records);
  if (!child.ok) throw new Error(`${child.failure.text}\n${child.failure.next}`);
  return child.value;
}

async function kill(pid: number, port: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  expect(await portBecomesFree(port)).toBe(true);
}

/** A stranger on the port of our child that ended. */
async function stranger<T>(port: number, during: () => Promise<T>): Promise<T> {
  const server = createServer((_, response) => response.end("mine"));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  try {
    return await during();
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test("ensureChild() finds a child alive that an earlier process started", async () => {
  const first = await ensured(openChildRecords(folder));
  const second = await ensured(openChildRecords(folder));
  expect(first.found).toBe(false);
  expect(second).toEqual({ ...first, found: true });
  expect((await getText(`http://127.0.0.1:${second.port}/`))?.text).toBe(String(first.pid));
});

test("ensureChild() starts a killed child again on its old port", async () => {
  const first = await ensured(openChildRecords(folder));
  await kill(first.pid, first.port);
  const second = await ensured(openChildRecords(folder));
  expect(second).toMatchObject({ found: false, port: first.port });
  expect(second.pid).not.toBe(first.pid);
});

test("ensureChild() leaves one child when a start was cut off and its child is still on its way", async () => {
  // Two starts from the same record, as a killed start and the next one.
  const records = openChildRecords(folder);
  const before = await ensured(records);
  await kill(before.pid, before.port);
  const [one, other] = await Promise.all([
    ensured(openChildRecords(folder)),
    ensured(openChildRecords(folder)),
  ]);
  expect(one.pid).toBe(other.pid);
  expect(await stopChild("fixture", openChildRecords(folder))).toBe(true);
  expect(await portBecomesFree(one.port)).toBe(true);
});

test("stopChild() ends the child in an orderly way, and keeps its port for the next start", async () => {
  const first = await ensured(openChildRecords(folder));
  expect(await stopChild("fixture", openChildRecords(folder))).toBe(true);
  expect(existsSync(path.join(folder, "ended"))).toBe(true);
  expect(await getText(`http://127.0.0.1:${first.port}/`)).toBeUndefined();
  expect(await stopChild("fixture", openChildRecords(folder))).toBe(false);
  expect((await ensured(openChildRecords(folder))).port).toBe(first.port);
});

test("stopChild() does not touch a process that took over the child's process id and port", async () => {
  const records = openChildRecords(folder);
  const first = await ensured(records);
  const known = records.get("fixture");
  if (known === undefined) throw new Error("The child has no record");
  await kill(first.pid, first.port);
  // As after a restart of the machine: the id is ours, and a stranger answers on both ports.
  records.set("fixture", { ...known, pid: process.pid });
  const stopped = await stranger(known.controlPort, () => stopChild("fixture", openChildRecords(folder)));
  expect(stopped).toBe(false);
});

test("ensureChild() refuses to move a child in use whose address others remember, and names the port", async () => {
  const first = await ensured(openChildRecords(folder));
  await kill(first.pid, first.port);
  const again = await stranger(first.port, () => ensureChild(program(), openChildRecords(folder)));
  expect(again).toMatchObject({ ok: false, failure: { reason: "program-error" } });
  expect(again.ok ? "" : again.failure.text).toContain(String(first.port));
});

test("ensureChild() moves a child to another port when nobody remembers its address", async () => {
  const first = await ensured(openChildRecords(folder));
  await kill(first.pid, first.port);
  const moved = await stranger(first.port, () =>
    ensured(openChildRecords(folder), { addressMatters: false }),
  );
  expect(moved.port).not.toBe(first.port);
});

test("ensureChild() tells the end of the child's log when it does not start", async () => {
  writeFileSync(path.join(folder, "broken"), "");
  const child = await ensureChild(program(), openChildRecords(folder));
  expect(child.ok ? "" : child.failure.text).toContain("the fixture");
  expect(child.ok ? "" : child.failure.next).toContain("the fixture is broken");
});
