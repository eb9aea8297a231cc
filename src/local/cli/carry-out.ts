// Carries out one order: starts what it needs, follows the run to its verdict, stops what it started.
import path from "node:path";
import { ok, type Result } from "../../core/result.ts";
import type { RunStatus } from "../../core/run.ts";
import { type Host, startHost } from "../host/host.ts";
import { type CallApp, callsTo, runStatus, runSummary, startRun } from "./app-calls.ts";
import { exitCodeOf } from "./exit-code.ts";
import { follow } from "./follow.ts";
import { type Ground, prepareGround } from "./ground.ts";
import { type HostLog, openHostLog } from "./host-log.ts";
import type { Order } from "./order.ts";
import { SAMPLE_PASSWORD, SAMPLE_SECRET } from "./sample-profile.ts";
import type { Screen } from "./screen.ts";
import { tellFailure, tellInterrupted, tellResult } from "./tell.ts";
import { whereText } from "./where.ts";

/** After the verdict the run has little left to do; what takes longer waits for the next start. */
const LAST_STEPS_MS = 30_000;

export interface Stage {
  readonly projectRoot: string;
  /** Where the person is, to shorten paths. */
  readonly folder: string;
  /** Settings of the app are written here, its secrets are read from here. */
  readonly env: Record<string, string | undefined>;
  readonly screen: Screen;
  readonly interrupted: AbortSignal;
}

/** A run that was started or found: with its verdict, or interrupted before (`status` undefined). */
interface Watched {
  readonly id: string;
  readonly status: RunStatus | undefined;
  readonly summary: string | undefined;
}

/** Returns the exit code; what happened is on the screen. */
export async function carryOut(order: Order, stage: Stage): Promise<number> {
  const { screen, env } = stage;
  if (order.profile === undefined) env[SAMPLE_SECRET] ||= SAMPLE_PASSWORD;
  const log = openHostLog(order.stateFolder);
  screen.line(START_LINE[order.profile === undefined ? "sample" : "profile"]);
  const ground = await prepareGround(order, stage.projectRoot, env[SAMPLE_SECRET] ?? "");
  if (!ground.ok) return tellFailure(ground.failure, screen, undefined);
  let open = ground.value.foundPortal;
  let watched: Result<Watched> | undefined;
  try {
    watched = await onHost(ground.value, order, stage, log, (isOpen) => (open = isOpen));
  } finally {
    await ground.value.leave(open);
  }
  if (watched?.ok === false) return tellFailure(watched.failure, screen, log.file);
  const status = watched?.value.status;
  if (watched === undefined || status === undefined || status.verdict === null) {
    return tellInterrupted(watched?.value.id, open ? ground.value.portalPid : undefined, screen);
  }
  const where = whereText({
    ...{ status, stateFolder: order.stateFolder, folder: stage.folder },
    connectionSecret: order.profile?.parsed.destination.connectionSecret,
    logFile: status.verdict !== "succeeded" || log.errors() > 0 ? log.file : undefined,
  });
  tellResult({ status, summary: watched.value.summary, where }, screen);
  return exitCodeOf(status.verdict);
}

const START_LINE = {
  sample:
    "Starting a sample organisation, storage and the app on this machine. A minute of the sample takes a second.",
  profile: "Starting storage and the app on this machine.",
};

/** undefined: interrupted before a run was started. */
async function onHost(
  ground: Ground,
  order: Order,
  stage: Stage,
  log: HostLog,
  runIsOpen: (open: boolean) => void,
): Promise<Result<Watched> | undefined> {
  if (stage.interrupted.aborted) return undefined;
  Object.assign(stage.env, {
    AzureWebJobsStorage: ground.storage,
    BACKUP_STORAGE: ground.storage,
    DEFAULT_PROFILE: ground.profile.text,
    SECRET_SOURCE: "environment",
  });
  const host = await startHost({
    appRoot: stage.projectRoot,
    stateFolder: path.join(order.stateFolder, "host"),
    port: 0,
    clock: ground.clock,
    // One run was asked for; what is scheduled is the business of a host that stays.
    timers: false,
    log: log.log,
  });
  try {
    const call = callsTo(host.url, host.functionKey);
    const started = await startRun(call, ground.profile.name);
    if (!started.ok) return started;
    runIsOpen(true);
    const { id, resumed } = started.value;
    stage.screen.line(resumed ? `Run ${id} was interrupted; going on with it.` : `Run ${id} has started.`);
    const watched = await watch(id, call, host, stage, log);
    runIsOpen(watched.status === undefined);
    return ok(watched);
  } finally {
    await host.stop();
  }
}

async function watch(id: string, call: CallApp, host: Host, stage: Stage, log: HostLog): Promise<Watched> {
  const { screen, interrupted } = stage;
  const status = await follow(
    {
      status: () => runStatus(call, id),
      runNow: Date.now,
      ownNow: () => performance.now(),
      wait: (ms) => pause(ms, interrupted),
      interrupted,
      whereToLook: `See the end of ${log.file}. Waiting goes on; Ctrl-C stops, and starting again goes on with the run.`,
    },
    screen,
  );
  if (status === undefined) return { id, status, summary: undefined };
  await Promise.race([host.idle(), pause(LAST_STEPS_MS, interrupted)]);
  // Only now: the texts for people are written after the verdict.
  return { id, status, summary: await runSummary(call, id) };
}

/** Waits, or comes back at once when interrupted. Does not keep the process alive. */
function pause(ms: number, interrupted: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      interrupted.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, interrupted.aborted ? 0 : ms).unref();
    interrupted.addEventListener("abort", done);
  });
}
