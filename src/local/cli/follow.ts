// Watches a run until it is sealed and shows how it goes. Nothing here moves the run: it goes on without a watcher.
import { progressLine } from "../../core/progress.ts";
import type { Phase, RunStatus } from "../../core/run.ts";
import type { Screen } from "./screen.ts";

const ASK_EVERY_MS = 500;
const QUIET_MS = 10 * 60_000;

export interface FollowPorts {
  /** undefined = no answer to be had right now. */
  readonly status: () => Promise<RunStatus | undefined>;
  /** The clock that the run lives by, epoch milliseconds. */
  readonly runNow: () => number;
  /** Our own time in milliseconds; only differences count. */
  readonly ownNow: () => number;
  /** Resolves after that much of our own time, or as soon as one of the signals comes. */
  readonly wait: (ms: number) => Promise<void>;
  /** Ends the watching; the run goes on without. */
  readonly stop: AbortSignal;
  /** Asks the run to end as canceled. */
  readonly cancel: AbortSignal;
  /** Hands that on to the run; false when it cannot be. */
  readonly askToCancel: () => Promise<boolean>;
  /** Where to look when nothing moves any more. */
  readonly whereToLook: string;
}

/** Phases that are told once; what happens in the others is told as it changes. */
const TOLD_ONCE: Partial<Record<Phase, string>> = {
  sweeping: "Removing temporary exports ...",
  sealing: "Writing report and manifest ...",
};

/** The status with the verdict; undefined when it was stopped before, or could not be canceled. */
export async function follow(ports: FollowPorts, screen: Screen): Promise<RunStatus | undefined> {
  const quiet = watchQuiet(ports, screen);
  let phase: Phase | undefined;
  let asked = false;
  while (!ports.stop.aborted) {
    if (ports.cancel.aborted && !asked) {
      if (!(await ports.askToCancel())) return undefined;
      asked = true;
    }
    const status = await ports.status();
    if (status !== undefined) {
      if (status.verdict !== null) return status;
      const line = TOLD_ONCE[status.phase];
      if (line === undefined) screen.progress(progressLine(status, ports.runNow(), screen.columns));
      else if (status.phase !== phase) screen.line(line);
      phase = status.phase;
    }
    quiet(status);
    await ports.wait(ASK_EVERY_MS);
  }
  return undefined;
}

function watchQuiet({ ownNow, whereToLook }: FollowPorts, screen: Screen) {
  let seen: string | undefined;
  let changedAt = ownNow();
  return (status: RunStatus | undefined): void => {
    const now = JSON.stringify(status);
    // An export may take the portal hours, in which nothing else changes.
    const alive = now !== seen || (status?.exportsAtWork.length ?? 0) > 0;
    seen = now;
    if (!alive && ownNow() - changedAt < QUIET_MS) return;
    if (!alive) screen.line(`Nothing has changed for ${QUIET_MS / 60_000} minutes. ${whereToLook}`);
    changedAt = ownNow();
  };
}
