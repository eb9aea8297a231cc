// One command line at a time on a state folder, whatever became of the one before.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockState } from "../../../src/local/services/state-lock.ts";

const MODULE = pathToFileURL(
  path.resolve(import.meta.dirname, "../../../src/local/services/state-lock.ts"),
).href;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lock-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

test("lockState() is refused while another process has the lock, and given after that was killed", async () => {
  const script = `
    const { lockState } = await import(${JSON.stringify(MODULE)});
    lockState(${JSON.stringify(folder)});
    console.log("locked");
    setInterval(() => {}, 1000);`;
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", script];
  const holder = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  expect(lockState(folder)).toBeUndefined();
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const lock = lockState(folder);
  expect(lock).toBeDefined();
  expect(lockState(folder)).toBeUndefined();
  lock?.release();
  const next = lockState(folder);
  expect(next).toBeDefined();
  next?.release();
});
