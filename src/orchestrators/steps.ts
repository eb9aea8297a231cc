// The words that orchestrators are written in: a typed step, a wait, lanes. Deterministic; every wait is a durable timer.
import type { OrchestrationContext, Task } from "durable-functions";
import type { Phase } from "../core/run.ts";
import type { ActivityInput, ActivityName, ActivityOutput } from "../activities/table.ts";

export type Step<T> = Generator<Task, T, unknown>;

/** An activity that answered, or one that was lost or broke every time; what was thrown is in the log alone. */
export type Attempted<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

const RETRY_AFTER_MS = [5_000, 20_000];

/** Clock of the orchestration, epoch milliseconds; stands still between steps. */
export function nowOf(context: OrchestrationContext): number {
  return context.df.currentUtcDateTime.getTime();
}

/**
 * Calls an activity. Expected failures are in its answer; what is thrown is a broken program or a lost worker, and is
 * repeated twice. An explicit loop, because the library's own retry diverges from the host inside Task.all.
 */
export function* attempt<N extends ActivityName>(
  context: OrchestrationContext,
  name: N,
  input: ActivityInput<N>,
): Step<Attempted<ActivityOutput<N>>> {
  for (let n = 0; ; n += 1) {
    try {
      const value = (yield context.df.callActivity(name, input)) as ActivityOutput<N>;
      return { ok: true, value };
    } catch (error) {
      context.error(`${name} was lost or broke (attempt ${n + 1}): ${firstLine(error)}`);
    }
    const pause = RETRY_AFTER_MS[n];
    if (pause === undefined) return { ok: false };
    yield* wait(context, pause);
  }
}

/** Thrown when a step that the run cannot do without failed every time. */
export class StepLost extends Error {
  override name = "StepLost";
}

/** As attempt, for a step that the run cannot go on without. */
export function* step<N extends ActivityName>(
  context: OrchestrationContext,
  name: N,
  input: ActivityInput<N>,
): Step<ActivityOutput<N>> {
  const answer = yield* attempt(context, name, input);
  if (answer.ok) return answer.value;
  throw new StepLost(name);
}

/** Tells the phase to whoever asks for the run's status. */
export function enter(context: OrchestrationContext, phase: Phase): void {
  context.df.setCustomStatus({ phase });
}

/** Waits on a durable timer; at most a day, far below the six days where timers change their nature. */
export function* wait(context: OrchestrationContext, ms: number): Step<void> {
  const bounded = Math.min(Math.max(ms, 0), 24 * 60 * 60 * 1000);
  yield context.df.createTimer(new Date(nowOf(context) + bounded));
}

/** One lane of a round: which orchestration, under which instance id, with which input. */
export interface LaneStart {
  readonly orchestrator: string;
  readonly instanceId: string;
  readonly input: unknown;
}

/** Runs lanes side by side, all started by one Task.all. A lane never throws (durable-functions.md, trap 2). */
export function* lanes(context: OrchestrationContext, starts: readonly LaneStart[]): Step<void> {
  if (starts.length === 0) return;
  yield context.df.Task.all(
    starts.map((lane) => context.df.callSubOrchestrator(lane.orchestrator, lane.input, lane.instanceId)),
  );
}

/** The host appends a .NET stack of thousands of characters to what an activity threw. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n", 1)[0] ?? "").slice(0, 300);
}
