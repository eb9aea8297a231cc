// Carries out one order: starts what it needs, follows the run to its verdict, stops what it started.
import path from "node:path";
import { ok, type Result } from "../../core/result.ts";
import type { RunStatus } from "../../core/run.ts";
import { type Host, startHost } from "../host/host.ts";
import { type CallApp, callsTo, runStatus, runText } from "./app-calls.ts";
import { bringOutRun } from "./bring-out.ts";
import type { Stage } from "./command.ts";
import { type Cost, costOf, costText } from "./cost.ts";
import { EXIT, exitCodeOf } from "./exit-code.ts";
import { follow } from "./follow.ts";
import { type Ground, prepareGround } from "./ground.ts";
import { type HostLog, openHostLog } from "./host-log.ts";
import type { Interrupts } from "./interrupt.ts";
import { placeMail } from "./mail-place.ts";
import type { Order } from "./order.ts";
import { pause } from "./pause.ts";
import { placeOptions } from "./place.ts";
import { SAMPLE_PASSWORD, SAMPLE_SECRET } from "./sample.ts";
import { secretSource } from "./secret-source.ts";
import { askToCancel, beginRun } from "./steer.ts";
import { tellFailure, tellInterrupted, tellPlan, tellResult } from "./tell.ts";
import { whereText } from "./where.ts";

/** After the verdict the run has little left to do; what takes longer waits for the next start. */
const LAST_STEPS_MS = 30_000;

/** A run that was started or found: with its verdict, or interrupted before (`status` undefined). */
interface Watched {
  readonly id: string;
  readonly status: RunStatus | undefined;
  /** Its summary, or its plan. */
  readonly text: string | undefined;
  readonly cost: Cost | undefined;
  /** File of the mail that was saved on this machine. */
  readonly mail: string | undefined;
}

/** Returns the exit code; what happened is on the screen. */
export async function carryOut(order: Order, stage: Stage, interrupts: Interrupts): Promise<number> {
  const { screen, env } = stage;
  if (order.profile === undefined) env[SAMPLE_SECRET] ||= SAMPLE_PASSWORD;
  const log = openHostLog(order.stateFolder);
  screen.line(START_LINE[order.profile === undefined ? "sample" : "profile"]);
  const ground = await prepareGround(order, stage.projectRoot, env[SAMPLE_SECRET] ?? "");
  if (!ground.ok) return tellFailure(ground.failure, screen, undefined);
  let open = ground.value.foundPortal;
  try {
    const watched = await onHost(ground.value, order, stage, interrupts, log, (isOpen) => (open = isOpen));
    if (watched?.ok === false) return tellFailure(watched.failure, screen, log.file);
    const status = watched?.value.status;
    if (watched === undefined || status === undefined || status.verdict === null) {
      return tellInterrupted(watched?.value.id, open ? ground.value.portalPid : undefined, screen);
    }
    tellEnd(order, stage, log, status, watched.value);
    const code = codeOf(status.verdict, interrupts);
    if (order.out === undefined || status.dryRun || interrupts.any.aborted) return code;
    const laidOut = await bringOutRun(order, status, ground.value.storage, stage, interrupts.any);
    return laidOut === EXIT.succeeded ? code : laidOut;
  } finally {
    await ground.value.leave(open);
  }
}

const START_LINE = {
  sample:
    "Starting a sample organisation, storage and the app on this machine. A minute of the sample takes a second.",
  profile: "Starting storage and the app on this machine.",
};

/** Whoever pressed Ctrl-C knows that it was canceled; for anybody else it did not succeed. */
function codeOf(verdict: NonNullable<RunStatus["verdict"]>, { byPerson }: Interrupts): number {
  return verdict === "canceled" && byPerson.aborted ? EXIT.interrupted : exitCodeOf(verdict);
}

function tellEnd(
  order: Order,
  stage: Stage,
  log: HostLog,
  status: RunStatus,
  { text, cost, mail }: Watched,
): void {
  if (status.dryRun) {
    tellPlan(status, text, stage.screen);
    return;
  }
  const where = whereText({
    ...{ status, stateFolder: order.stateFolder, folder: stage.folder },
    connectionSecret: order.profile?.parsed.destination.connectionSecret,
    logFile: status.verdict !== "succeeded" || log.errors() > 0 ? log.file : undefined,
    mailFile: mail,
    cost: cost === undefined ? "" : costText(cost),
    options: placeOptions(order, stage),
  });
  tellResult({ status, text, where }, stage.screen);
}

/** undefined: interrupted before a run was started. */
async function onHost(
  ground: Ground,
  order: Order,
  stage: Stage,
  interrupts: Interrupts,
  log: HostLog,
  runIsOpen: (open: boolean) => void,
): Promise<Result<Watched> | undefined> {
  if (interrupts.any.aborted) return undefined;
  Object.assign(stage.env, {
    AzureWebJobsStorage: ground.storage,
    BACKUP_STORAGE: ground.storage,
    BACKUP_FOLDERS: "allowed",
    DEFAULT_PROFILE: ground.profile.text,
    SECRET_SOURCE: order.profile === undefined ? "environment" : secretSource(stage.env),
  });
  const mail = await placeMail(stage.env, order.stateFolder);
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
    for (;;) {
      const begun = await beginRun(call, ground, order.dryRun, stage.screen);
      if (!begun.ok) return begun;
      runIsOpen(true);
      const watched = await watch(begun.value, call, host, stage, interrupts, log);
      runIsOpen(watched.status === undefined);
      const wasOther = watched.status?.dryRun === true && !order.dryRun;
      if (!wasOther || interrupts.any.aborted) return ok({ ...watched, mail: mail.newest() });
      stage.screen.line("That was a dry run which an earlier start had left open. Now the backup.");
    }
  } finally {
    await host.stop();
    await mail.stop();
  }
}

async function watch(
  id: string,
  call: CallApp,
  host: Host,
  { screen }: Stage,
  { byPerson, byProgram, any }: Interrupts,
  log: HostLog,
): Promise<Watched> {
  const status = await follow(
    {
      status: () => runStatus(call, id),
      runNow: Date.now,
      ownNow: () => performance.now(),
      wait: (ms) => pause(ms, any),
      stop: byProgram,
      cancel: byPerson,
      askToCancel: () => askToCancel(call, id, screen),
      whereToLook: `See the end of ${log.file}. Waiting goes on; Ctrl-C cancels the run.`,
    },
    screen,
  );
  if (status === undefined) return { id, status, text: undefined, cost: undefined, mail: undefined };
  await Promise.race([host.idle(), pause(LAST_STEPS_MS, any)]);
  // Only now: the texts for people are written after the verdict.
  const text = await runText(call, id, status.dryRun ? "plan" : "summary");
  return { id, status, text, cost: costOf(host.figures(id), status.portalRequests), mail: undefined };
}
