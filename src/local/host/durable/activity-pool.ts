// Runs outstanding activities, so many at a time. An activity counts as done when its result is written down, so a
// killed host delivers it again; `redeliver` does on purpose what that does by accident.
import { shortHash } from "../../../core/short-hash.ts";
import type { RpcData } from "../core-api.ts";
import { activityFailure } from "./failures.ts";
import type { HistoryEvent } from "./history.ts";
import { taskCompleted, taskFailed } from "./history.ts";
import type { ActivityTask } from "./store.ts";

/**
 * `after`: every activity runs a second time as soon as its first result is written down, and that second result is
 * dropped. `at-once`: every activity is started twice at the same time, and the first result wins. `shuffled`: the same, each
 * after a moment that follows from the activity, so that now the one and now the other is ahead.
 */
export const REDELIVER = ["never", "after", "at-once", "shuffled"] as const;
export type Redeliver = (typeof REDELIVER)[number];

const SHUFFLED_MOST_MS = 120;

export interface PoolOptions {
  readonly limit: number;
  readonly redeliver: Redeliver;
  readonly now: () => number;
  /** Runs the function; rejects with what it threw. */
  readonly run: (
    name: string,
    input: RpcData | null,
    metadata: Record<string, RpcData>,
  ) => Promise<RpcData | null | undefined>;
  /** Writes a result down; false when one was there already. */
  readonly settle: (task: ActivityTask, event: HistoryEvent) => boolean;
  readonly log: (level: string, category: string, text: string) => void;
}

/** What an activity receives: JSON texts go as they are, strings as their content, and true as "True". */
export function activityInput(json: string | null): RpcData | null {
  const value: unknown = json === null ? null : JSON.parse(json);
  if (value === null) return null;
  if (typeof value === "boolean") return { string: value ? "True" : "False" };
  if (typeof value !== "string") return { string: JSON.stringify(value) };
  // The SDK wraps a string input into JSON once more; the host unwraps it.
  try {
    const content: unknown = JSON.parse(value);
    return { string: typeof content === "string" ? content : value };
  } catch (error) {
    if (error instanceof SyntaxError) return { string: value };
    throw error;
  }
}

/** The JSON text of what a function returned; null for nothing. */
export function resultText(value: RpcData | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (value.json !== undefined) return value.json;
  if (value.string !== undefined) return JSON.stringify(value.string);
  if (value.int !== undefined) return JSON.stringify(value.int);
  if (value.double !== undefined) return JSON.stringify(value.double);
  throw new Error("It returned bytes, which the local host does not speak: return JSON");
}

export class ActivityPool {
  readonly #options: PoolOptions;
  readonly #waiting: ActivityTask[] = [];
  #running = 0;
  #stopped = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  add(task: ActivityTask): void {
    this.#waiting.push(task);
  }

  /** Starts what may run now; `onEnd` is called after each delivery that ends. */
  pump(onEnd: () => void): void {
    const { limit, redeliver } = this.#options;
    while (!this.#stopped && this.#running < limit) {
      const task = this.#waiting.shift();
      if (task === undefined) return;
      const deliver = (copy = 0): Promise<void> =>
        this.#deliver(task, this.#pause(task, copy)).finally(onEnd);
      const first = deliver();
      if (redeliver === "at-once" || redeliver === "shuffled") void deliver(1);
      if (redeliver === "after") void first.then(() => (this.#stopped ? undefined : deliver()));
    }
  }

  get running(): number {
    return this.#running;
  }

  get isIdle(): boolean {
    return this.#running === 0 && (this.#stopped || this.#waiting.length === 0);
  }

  /** Starts nothing any more; what runs goes on. */
  stop(): void {
    this.#stopped = true;
  }

  /** Milliseconds before a copy of a delivery begins. */
  #pause({ instanceId, taskId }: ActivityTask, copy: number): number {
    if (this.#options.redeliver !== "shuffled") return 0;
    return Number.parseInt(shortHash(`${instanceId}/${taskId}/${copy}`), 16) % SHUFFLED_MOST_MS;
  }

  async #deliver(task: ActivityTask, pauseMs: number): Promise<void> {
    const { run, settle, now, log } = this.#options;
    this.#running += 1;
    try {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const event = await this.#outcome(task, run, now, log);
      if (!settle(task, event))
        log("debug", "Host.Triggers.DurableTask", `Dropped a repeated result of "${task.name}"`);
    } finally {
      this.#running -= 1;
    }
  }

  async #outcome(
    task: ActivityTask,
    run: PoolOptions["run"],
    now: () => number,
    log: PoolOptions["log"],
  ): Promise<HistoryEvent> {
    const metadata = {
      instanceId: { string: task.instanceId },
      ...(task.input === null ? {} : { data: { string: task.input } }),
    };
    try {
      const result = await run(task.name, activityInput(task.input), metadata);
      return taskCompleted(task.taskId, resultText(result), now());
    } catch (error) {
      const { reason, details } = activityFailure(task.name, error);
      log("error", `Function.${task.name}`, `${task.instanceId}: ${reason}`);
      return taskFailed(task.taskId, reason, details, now());
    }
  }
}
