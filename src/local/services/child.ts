// One way to run a server as a child process that outlives us: on ports that stay the same, found again after we were
// killed, and ended only when it has proved that it is ours.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { failed, ok, type Result } from "../../core/result.ts";
import type { ChildRecord, ChildRecords } from "./child-records.ts";
import { askControl, askToStop, CONTROL_MARK, CONTROL_PORT } from "./control-client.ts";
import { choosePort, portBecomesFree, portIsFree } from "./ports.ts";

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;
const LOOK_EVERY_MS = 50;
const LOG_TAIL_LINES = 8;
const NODE_ARGS = [
  "--disable-warning=ExperimentalWarning",
  "--import",
  pathToFileURL(path.join(import.meta.dirname, "control.ts")).href,
];

/** A program of ours or of a package that serves one loopback port. */
export interface ChildProgram {
  /** Key in services.json. */
  readonly name: string;
  /** For messages: `the sample portal`. */
  readonly title: string;
  /** Absolute path of its JavaScript or TypeScript file. */
  readonly entry: string;
  readonly args: (port: number) => readonly string[];
  /** Beside what this process has; undefined takes a variable away. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets all it prints, over all its starts. */
  readonly logFile: string;
  /** Whether it serves now. Never throws. */
  readonly ready: (port: number) => Promise<boolean>;
  /** Others remember its address: while it is in use it may not move to another port. */
  readonly addressMatters: boolean;
}

export interface RunningChild {
  readonly port: number;
  readonly pid: number;
  /** Epoch milliseconds of its start. */
  readonly startedAt: number;
  /** It was alive already. */
  readonly found: boolean;
}

/** Finds the child alive, or starts it: on its old ports where it has some. Returns when it serves. */
export async function ensureChild(
  program: ChildProgram,
  records: ChildRecords,
): Promise<Result<RunningChild>> {
  const known = records.get(program.name);
  if (known !== undefined) {
    const alive = await askControl(known);
    if (alive !== undefined && (await becomesReady(program, known, () => false))) {
      records.set(program.name, { ...known, pid: alive, inUse: true });
      return ok({ port: known.port, pid: alive, startedAt: known.startedAt, found: true });
    }
    if (alive !== undefined) await stopChild(program.name, records);
  }
  const place = await placeFor(program, known, records);
  return place.ok ? await start(program, place.value, records) : place;
}

/** Ends the child of this name if it is alive and ours; returns whether one was ended. Its ports stay reserved. */
export async function stopChild(name: string, records: ChildRecords): Promise<boolean> {
  const record = records.get(name);
  if (record === undefined) return false;
  const alive = await askToStop(record);
  if (alive !== undefined) {
    const until = Date.now() + STOP_TIMEOUT_MS;
    let pid: number | undefined = alive;
    while (pid !== undefined && Date.now() < until) {
      await wait(LOOK_EVERY_MS);
      pid = await askControl(record);
    }
    // It answered with its mark a moment ago: this process id is still its own.
    if (pid !== undefined) kill(pid);
  }
  records.set(name, { ...record, inUse: false });
  return alive !== undefined;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It ended by itself after all.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function placeFor(
  program: ChildProgram,
  known: ChildRecord | undefined,
  records: ChildRecords,
): Promise<Result<ChildRecord>> {
  // The mark stays: a child whose start was cut off, and who is still on its way, is to be known when it arrives.
  const fresh = { pid: 0, mark: known?.mark ?? randomUUID(), startedAt: Date.now(), inUse: true };
  if (known !== undefined) {
    if (await portBecomesFree(known.port)) {
      // Ours may have come up there meanwhile: the next one then ends at once, and the first one is found.
      const stays = (await portIsFree(known.controlPort)) || (await askControl(known)) !== undefined;
      const controlPort = stays ? known.controlPort : await choosePort(records.ports());
      return ok({ ...fresh, port: known.port, controlPort });
    }
    if (known.inUse && program.addressMatters) {
      return failed(
        "program-error",
        `Cannot start ${program.title} again: its port ${known.port} is now used by another program`,
        `End the program that listens on 127.0.0.1:${known.port} and start again. To give up the interrupted run instead, delete the state folder.`,
      );
    }
  }
  const port = await choosePort(records.ports());
  return ok({ ...fresh, port, controlPort: await choosePort([...records.ports(), port]) });
}

async function start(
  program: ChildProgram,
  record: ChildRecord,
  records: ChildRecords,
): Promise<Result<RunningChild>> {
  records.set(program.name, record);
  const log = openSync(program.logFile, "a");
  const child = spawn(process.execPath, [...NODE_ARGS, program.entry, ...program.args(record.port)], {
    detached: true,
    windowsHide: true,
    stdio: ["ignore", log, log],
    env: {
      ...process.env,
      ...program.env,
      [CONTROL_PORT]: String(record.controlPort),
      [CONTROL_MARK]: record.mark,
    },
  });
  closeSync(log);
  child.unref();
  let ended: string | undefined;
  child.once("error", (error) => (ended = error.message));
  child.once("exit", (code, signal) => (ended = signal === null ? `exit code ${code}` : `signal ${signal}`));
  const ready = await becomesReady(program, record, () => ended !== undefined);
  const pid = ready ? await askControl(record) : undefined;
  if (pid !== undefined) {
    records.set(program.name, { ...record, pid });
    return ok({ port: record.port, pid, startedAt: record.startedAt, found: false });
  }
  await stopChild(program.name, records);
  const why = ended ?? `it did not answer within ${START_TIMEOUT_MS / 1000} seconds`;
  return failed(
    "program-error",
    `Cannot start ${program.title} on port ${record.port}: ${why}`,
    `Read the end of ${program.logFile}:\n${tail(program.logFile)}`,
  );
}

async function becomesReady(program: ChildProgram, record: ChildRecord, hasEnded: () => boolean) {
  const until = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < until) {
    // Asked before: a child that ended because another of ours came first leaves that one on the control port.
    const ended = hasEnded();
    const alive = (await askControl(record)) !== undefined;
    if (alive && (await program.ready(record.port))) return true;
    if (ended && !alive) return false;
    await wait(LOOK_EVERY_MS);
  }
  return false;
}

function tail(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-LOG_TAIL_LINES).join("\n");
}
