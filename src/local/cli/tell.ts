// The end of a backup in words: its result, why there is none, or how to go on.
import { cut } from "../../core/columns.ts";
import { progressLine } from "../../core/progress.ts";
import type { Failure } from "../../core/result.ts";
import type { RunStatus } from "../../core/run.ts";
import { EXIT } from "./exit-code.ts";
import type { Screen } from "./screen.ts";

/** What is left to say about a run that has its verdict. */
export interface Told {
  readonly status: RunStatus;
  /** The app's own one-screen summary, or its plan; undefined when it has none. */
  readonly text: string | undefined;
  readonly where: string;
}

/** Columns that a plan is written in. */
const PLAN_COLUMNS = 110;

/** The summary, and below it where everything lies. */
export function tellResult({ status, text, where }: Told, screen: Screen): void {
  screen.line(`\n${text ?? insteadOf(status)}\n\n${where}`);
}

/** The plan; its lines are cut where a narrow terminal would break every one of them. */
export function tellPlan(status: RunStatus, text: string | undefined, screen: Screen): void {
  const { columns } = screen;
  if (text === undefined || columns === undefined || columns >= PLAN_COLUMNS) {
    screen.line(`\n${text ?? insteadOf(status)}`);
    return;
  }
  screen.line(
    `\n${text
      .split("\n")
      .map((line) => cut(line, columns))
      .join("\n")}`,
  );
  screen.line(`\n(Lines are cut at ${columns} columns. Whole: npm run backup -- --dry-run > plan.txt)`);
}

function insteadOf(status: RunStatus): string {
  const { failure } = status;
  return [progressLine(status, 0), ...(failure === null ? [] : [failure.text, failure.next])].join("\n");
}

/** A failure before there was a run, or outside of it; returns the exit code. */
export function tellFailure(failure: Failure, screen: Screen, logFile: string | undefined): number {
  screen.line(`${failure.text}\n${failure.next}`);
  if (failure.reason === "bad-input") return EXIT.badInput;
  if (logFile !== undefined) screen.line(`What the program logged: ${logFile}`);
  return EXIT.failed;
}

/** How to go on with a run; returns the exit code. `run` undefined = none was started. */
export function tellInterrupted(
  run: string | undefined,
  portalPid: number | undefined,
  screen: Screen,
): number {
  screen.line(
    run === undefined
      ? "Stopped before a run was started."
      : `Run ${run} is interrupted. The same command goes on with it.`,
  );
  if (portalPid !== undefined) {
    screen.line(
      `The sample portal (process ${portalPid}) stays alive until then, as a real portal would: it holds the run's exports.`,
    );
  }
  return EXIT.interrupted;
}
