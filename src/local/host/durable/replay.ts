// Replays the SDK's actions against the history as Azure's engine does (DTFx below the out-of-process shim): actions are
// awaited one after another, each task takes the next id, and what history says must match what the code asks for.
import type { Action, Answer } from "./answer.ts";
import { RefusedAction } from "./answer.ts";
import type { HistoryEvent } from "./history.ts";
import { EVENT } from "./history.ts";

export type NewTask =
  | { readonly kind: "activity"; readonly id: number; readonly name: string; readonly input: unknown }
  | {
      readonly kind: "child";
      readonly id: number;
      readonly name: string;
      readonly instanceId: string | undefined;
      readonly input: unknown;
    }
  | { readonly kind: "timer"; readonly id: number; readonly fireAt: string };

export type Ending =
  | { readonly kind: "completed"; readonly output: unknown }
  | { readonly kind: "failed"; readonly message: string; readonly nonDeterministic: boolean }
  | { readonly kind: "terminated"; readonly reason: string }
  | { readonly kind: "continuedAsNew"; readonly input: unknown };

export interface Replay {
  /** Tasks that no history event stands for yet, in the order of their ids. */
  readonly newTasks: readonly NewTask[];
  /** Undefined while something is still open. */
  readonly ending: Ending | undefined;
  /** A called name that is registered nowhere: the instance stays as it is for ever. */
  readonly missing: string | undefined;
}

export interface ReplayRules {
  /** Whether a function of that name exists. */
  isRegistered(kind: "activity" | "child", name: string): boolean;
  readonly nowMs: number;
}

const MAX_ACTIONS = 100_000;
const LONGEST_TIMER_MS = 6 * 24 * 3600 * 1000;

class NonDeterminism extends Error {}

const NOUN = {
  activity: "an activity task",
  child: "a sub-orchestration instance",
  timer: "a timer",
} as const;
const ACTION_NAME = {
  activity: "ScheduleTaskOrchestratorAction",
  child: "CreateSubOrchestrationAction",
  timer: "CreateTimerOrchestratorAction",
} as const;
const QUESTION =
  "Was a change made to the orchestrator code after this instance had already started running?";

/** One replay: made for one answer of the SDK, and run once. */
export class Replayer {
  readonly #answer: Answer;
  readonly #rules: ReplayRules;
  /** Scheduled by the code and not yet met in history. */
  readonly #asked = new Map<number, NewTask>();
  readonly #open = new Set<number>();
  /** What the present action waits for; the next one is reached when this is empty. */
  #awaited = new Set<number>();
  #nextAction = 0;
  #nextId = 0;
  #missing: string | undefined;
  #continue: { readonly input: unknown } | undefined;
  #terminated: string | undefined;

  constructor(answer: Answer, rules: ReplayRules) {
    this.#answer = answer;
    this.#rules = rules;
  }

  /** Plays the whole history, new events included, and says what is new and whether the instance ends. */
  run(history: readonly HistoryEvent[]): Replay {
    try {
      for (const event of history) {
        this.#play(event);
        if (this.#terminated !== undefined) {
          const ending = { kind: "terminated", reason: this.#terminated } as const;
          return { newTasks: [], ending, missing: undefined };
        }
      }
      for (const task of this.#asked.values()) this.#checkTimer(task);
    } catch (error) {
      const known = error instanceof NonDeterminism || error instanceof RefusedAction;
      if (!known) throw error;
      const nonDeterministic = error instanceof NonDeterminism;
      const ending = { kind: "failed", message: error.message, nonDeterministic } as const;
      // Azure's engine sends off what the wrong replay asked for, although the instance has failed.
      return { newTasks: nonDeterministic ? [...this.#asked.values()] : [], ending, missing: undefined };
    }
    const ending = this.#open.size > 0 ? undefined : this.#end();
    return { newTasks: [...this.#asked.values()], ending, missing: this.#missing };
  }

  #end(): Ending | undefined {
    const reachedEnd = this.#missing === undefined && this.#nextAction === this.#answer.actions.length;
    if (!reachedEnd || this.#awaited.size > 0) return undefined;
    const { error, isDone, output } = this.#answer;
    if (error !== undefined) return { kind: "failed", message: error, nonDeterministic: false };
    if (this.#continue !== undefined) return { kind: "continuedAsNew", input: this.#continue.input };
    return isDone ? { kind: "completed", output } : undefined;
  }

  #play(event: HistoryEvent): void {
    switch (event.EventType) {
      case EVENT.ExecutionStarted:
        this.#advance();
        break;
      case EVENT.ExecutionTerminated:
        this.#terminated = event.Input ?? "";
        break;
      case EVENT.TaskScheduled:
        this.#match(event, "activity");
        break;
      case EVENT.SubOrchestrationInstanceCreated:
        this.#match(event, "child");
        break;
      case EVENT.TimerCreated:
        this.#match(event, "timer");
        break;
      default:
        this.#complete(event.TaskScheduledId ?? event.TimerId);
    }
  }

  #complete(id: number | undefined): void {
    // An id that is not open any more is a duplicate, or a timer that was canceled meanwhile.
    if (id === undefined || !this.#open.delete(id)) return;
    this.#awaited.delete(id);
    this.#advance();
  }

  #advance(): void {
    while (this.#awaited.size === 0 && this.#missing === undefined) {
      const action = this.#answer.actions[this.#nextAction];
      if (action === undefined) return;
      this.#nextAction += 1;
      this.#schedule(action);
    }
  }

  #schedule(action: Action): void {
    if (action.kind === "continueAsNew") {
      this.#continue = { input: action.input };
      return;
    }
    if (action.kind === "all") {
      // Every child is scheduled, also one that was scheduled before: the SDK lists it again, and Azure runs it again.
      for (const child of action.children) if (this.#missing === undefined) this.#schedule(child);
      return;
    }
    if (action.kind !== "timer" && !this.#rules.isRegistered(action.kind, action.name)) {
      this.#missing = action.name;
      return;
    }
    const id = this.#nextId;
    this.#nextId += 1;
    if (id >= MAX_ACTIONS) {
      throw new RefusedAction(
        `Maximum amount of orchestration actions (${MAX_ACTIONS.toLocaleString("en")}) has been reached`,
      );
    }
    this.#asked.set(id, { ...action, id });
    if (action.kind === "timer" && action.canceled) return;
    this.#open.add(id);
    this.#awaited.add(id);
  }

  #match(event: HistoryEvent, kind: NewTask["kind"]): void {
    const id = event.EventId;
    const asked = this.#asked.get(id);
    const before = `A previous execution of this orchestration ${kind === "timer" ? "created" : "scheduled"} ${NOUN[kind]}`;
    const named = event.Name === undefined ? "" : ` named '${event.Name}'`;
    if (asked === undefined) {
      throw new NonDeterminism(
        `${before} with sequence number ${String(id)}${named}, but the current replay execution hasn't (yet?) ` +
          `scheduled this task. ${QUESTION}`,
      );
    }
    if (asked.kind !== kind) {
      throw new NonDeterminism(
        `${before} with sequence number ${String(id)}${named}, but the current orchestration replay instead ` +
          `produced a ${ACTION_NAME[asked.kind]} action with this sequence number. ${QUESTION}`,
      );
    }
    if (asked.kind !== "timer" && asked.name.toLowerCase() !== event.Name?.toLowerCase()) {
      throw new NonDeterminism(
        `${before} with sequence number ${String(id)}${named}, but the current orchestration replay instead ` +
          `scheduled ${NOUN[kind]} named '${asked.name}' with this sequence number.  ${QUESTION}`,
      );
    }
    this.#asked.delete(id);
  }

  #checkTimer(task: NewTask): void {
    if (task.kind !== "timer" || Date.parse(task.fireAt) - this.#rules.nowMs <= LONGEST_TIMER_MS) return;
    throw new RefusedAction(
      `The local host does not speak a timer of more than six days (due ${task.fireAt}): Azure would chain several`,
    );
  }
}
