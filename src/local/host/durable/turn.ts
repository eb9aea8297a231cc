// One turn of an instance: its new messages meet its history, the SDK replays, and what follows is worked out.
// Nothing is written here; the engine commits the turn as one transaction.
import { randomUUID } from "node:crypto";
import type { RpcData } from "../core-api.ts";
import type { FunctionTable } from "../functions.ts";
import { resultText } from "./activity-pool.ts";
import type { Answer } from "./answer.ts";
import { readAnswer, RefusedAction } from "./answer.ts";
import { orchestratorFailure, plainMessage, stateInError } from "./failures.ts";
import type { HistoryEvent } from "./history.ts";
import * as history from "./history.ts";
import type { Ending, NewTask } from "./replay.ts";
import { Replayer } from "./replay.ts";
import type { Instance } from "./store.ts";

export interface TurnContext {
  readonly functions: FunctionTable;
  readonly now: () => number;
  /** Invokes an orchestrator function with its trigger's JSON text; rejects with what it threw. */
  readonly ask: (name: string, trigger: string) => Promise<RpcData | null | undefined>;
}

export type TurnEnding =
  | { readonly status: "Completed"; readonly output: string | null }
  | { readonly status: "Terminated"; readonly output: string }
  /** `message` is the text without the orchestrator's name. */
  | { readonly status: "Failed"; readonly output: string; readonly message: string };

export interface Turn {
  /** The instance as it is after the turn, its ending not yet written in. */
  readonly instance: Instance;
  /** True when the history starts anew (continue-as-new): the old one goes. */
  readonly fresh: boolean;
  readonly appended: readonly HistoryEvent[];
  readonly newTasks: readonly NewTask[];
  readonly ending: TurnEnding | undefined;
  readonly missing: string | undefined;
}

const MAX_CUSTOM_STATUS_BYTES = 16 * 1024;

function triggerText(instance: Instance, events: readonly HistoryEvent[], isReplaying: boolean): string {
  const input: unknown = JSON.parse(instance.input);
  return JSON.stringify({
    history: events,
    input,
    instanceId: instance.id,
    isReplaying,
    parentInstanceId: instance.parent?.OrchestrationInstance.InstanceId ?? null,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 3,
    longRunningTimerIntervalDuration: "3.00:00:00",
    maximumShortTimerDuration: "6.00:00:00",
    defaultHttpAsyncRequestSleepTimeMillseconds: 30000,
  });
}

function failedAnswer(error: string): Answer {
  return { isDone: false, actions: [], output: undefined, customStatus: undefined, error };
}

async function askOnce(context: TurnContext, name: string, trigger: string): Promise<Answer> {
  let state: unknown;
  try {
    const text = resultText(await context.ask(name, trigger));
    state = text === null ? undefined : JSON.parse(text);
  } catch (error) {
    state = stateInError(error);
    if (state === undefined) return failedAnswer(plainMessage(error));
  }
  return readAnswer(state);
}

/** The SDK's answer to one replay; what the local host does not speak becomes an answer that fails. */
async function ask(
  context: TurnContext,
  name: string,
  trigger: string,
): Promise<{ answer: Answer; refused: boolean }> {
  if (context.functions.find("orchestrationTrigger", name) === undefined) {
    const known = context.functions.ofType("orchestrationTrigger").map((one) => `'${one.name}'`);
    const text =
      `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function. ` +
      `Additional info: The following are the known orchestrator functions: ${known.join(", ")}.`;
    return { answer: failedAnswer(text), refused: true };
  }
  try {
    const answer = await askOnce(context, name, trigger);
    const status = answer.customStatus;
    const tooBig = status !== undefined && JSON.stringify(status).length * 2 > MAX_CUSTOM_STATUS_BYTES;
    if (!tooBig) return { answer, refused: false };
    const text = "The size of the JSON-serialized payload must not exceed 16 KB of UTF-16 text.";
    return { answer: failedAnswer(text), refused: true };
  } catch (error) {
    if (error instanceof RefusedAction) return { answer: failedAnswer(error.message), refused: true };
    throw error;
  }
}

function endingOf(name: string, ending: Ending | undefined): TurnEnding | undefined {
  switch (ending?.kind) {
    case undefined:
    case "continuedAsNew":
      return undefined;
    case "completed":
      return {
        status: "Completed",
        output: ending.output === undefined ? null : JSON.stringify(ending.output),
      };
    case "terminated":
      return { status: "Terminated", output: JSON.stringify(ending.reason) };
    case "failed": {
      const text = ending.nonDeterministic
        ? `Non-Deterministic workflow detected: ${ending.message}`
        : orchestratorFailure(name, ending.message);
      return { status: "Failed", output: JSON.stringify(text), message: ending.message };
    }
  }
}

function newEvent(task: NewTask, executionId: string, atMs: number): HistoryEvent {
  if (task.kind === "activity") return history.taskScheduled(task.id, task.name, atMs);
  if (task.kind === "timer") return history.timerCreated(task.id, task.fireAt, atMs);
  return history.childCreated(task.id, task.name, childId(task, executionId), atMs);
}

/** The instance id of a sub-orchestration: the one given, or the parent's execution and the task's id. */
export function childId(task: NewTask & { kind: "child" }, executionId: string): string {
  return task.instanceId ?? `${executionId}:${String(task.id)}`;
}

/** Plays an instance's messages; goes on by itself while it continues as new. */
export async function playTurn(
  context: TurnContext,
  before: Instance,
  stored: readonly HistoryEvent[],
  messages: readonly HistoryEvent[],
): Promise<Turn> {
  let instance: Instance = { ...before, status: "Running" };
  let past = stored;
  let fresh = false;
  let added: HistoryEvent[] = [history.orchestratorStarted(context.now()), ...messages];
  for (;;) {
    const events = [...past, ...added];
    const { answer, refused } = await ask(
      context,
      instance.name,
      triggerText(instance, events, past.length > 0),
    );
    const rules = {
      nowMs: context.now(),
      isRegistered: (kind: "activity" | "child", name: string) =>
        context.functions.find(kind === "activity" ? "activityTrigger" : "orchestrationTrigger", name) !==
        undefined,
    };
    const replay = refused
      ? {
          newTasks: [],
          ending: { kind: "failed", message: answer.error ?? "", nonDeterministic: false } as const,
          missing: undefined,
        }
      : new Replayer(answer, rules).run(events);
    for (const event of added) {
      if (event.EventType !== history.EVENT.OrchestratorStarted) event.IsPlayed = true;
    }
    const status: unknown = answer.customStatus ?? undefined;
    if (status !== undefined) instance = { ...instance, customStatus: JSON.stringify(status) };
    const atMs = context.now();
    if (replay.ending?.kind === "continuedAsNew") {
      const input = JSON.stringify(replay.ending.input ?? null);
      instance = { ...instance, executionId: newExecutionId(), input, createdMs: atMs };
      past = [];
      fresh = true;
      // Azure's engine closes the old generation within the new one's history, hence the third event.
      added = [
        history.orchestratorStarted(atMs),
        history.executionStarted({ ...instance, instanceId: instance.id }, atMs),
        history.orchestratorCompleted(atMs),
      ];
      continue;
    }
    const asked = replay.newTasks.map((task) => newEvent(task, instance.executionId, atMs));
    return {
      instance: { ...instance, updatedMs: atMs },
      fresh,
      appended: [...added, ...asked, history.orchestratorCompleted(atMs)],
      newTasks: replay.newTasks,
      ending: endingOf(instance.name, replay.ending),
      missing: replay.missing,
    };
  }
}

/** An execution id as the engine gives to sub-orchestrations and new generations: without dashes. */
export function newExecutionId(): string {
  return randomUUID().replaceAll("-", "");
}
