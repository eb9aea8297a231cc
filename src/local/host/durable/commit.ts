// Writes what a turn decided: history, the instance's row, and the messages to activities, timers, children and parent.
// The caller makes one transaction of it, so that a kill leaves the whole turn or none of it.
import { childFailureDetails, orchestratorFailure } from "./failures.ts";
import type { HistoryEvent, ParentInstance } from "./history.ts";
import * as history from "./history.ts";
import type { ActivityTask, Instance, Store } from "./store.ts";
import { isFinished } from "./store.ts";
import type { Turn, TurnEnding } from "./turn.ts";
import { childId, newExecutionId } from "./turn.ts";

export interface Committed {
  /** Instances that got a message. */
  readonly woken: readonly string[];
  readonly started: readonly ActivityTask[];
}

export interface NewInstance {
  readonly name: string;
  readonly id: string;
  /** JSON text. */
  readonly input: string;
  readonly executionId: string;
  readonly parent: ParentInstance | null;
  readonly generation: number | null;
  readonly atMs: number;
}

/** Writes a pending instance with its first message; whatever was under that id goes. */
export function createInstance(store: Store, one: NewInstance): void {
  const { id, name, input, executionId, parent, generation, atMs } = one;
  store.deleteInstance(id);
  const times = { createdMs: atMs, updatedMs: atMs };
  const rest = { status: "Pending", output: null, customStatus: null } as const;
  store.putInstance({ id, executionId, name, input, parent, generation, ...times, ...rest });
  const started = { instanceId: id, executionId, name, input, parent, generation };
  store.addMessage(id, executionId, history.executionStarted(started, atMs));
}

/** Writes a turn; nothing where the instance was purged or replaced while it was played. */
export function commitTurn(
  store: Store,
  before: Instance,
  storedLength: number,
  messageSeqs: readonly number[],
  turn: Turn,
): Committed {
  const { instance, ending } = turn;
  if (store.instance(before.id)?.executionId !== before.executionId) return { woken: [], started: [] };
  for (const seq of messageSeqs) store.deleteMessage(seq);
  if (turn.fresh) store.deleteHistory(before.id);
  const from = turn.fresh ? 0 : storedLength;
  store.appendHistory(before.id, from, turn.appended);
  store.figures.add(turn, from + turn.appended.length);
  const result = ending === undefined ? {} : { status: ending.status, output: ending.output };
  store.putInstance({ ...instance, ...result });
  const started: ActivityTask[] = [];
  const woken = schedule(store, turn, started);
  if (ending !== undefined) {
    store.deleteTimers(before.id);
    woken.push(...tellParent(store, instance, ending));
  }
  return { woken, started };
}

function schedule(store: Store, turn: Turn, started: ActivityTask[]): string[] {
  const { id: instanceId, executionId } = turn.instance;
  const atMs = turn.instance.updatedMs;
  const woken: string[] = [];
  for (const task of turn.newTasks) {
    if (task.kind === "activity") {
      const input = task.input === undefined ? null : JSON.stringify(task.input);
      started.push(store.addTask({ instanceId, executionId, taskId: task.id, name: task.name, input }));
    } else if (task.kind === "timer") {
      const fired = history.timerFired(task.id, task.fireAt, atMs);
      store.addTimer(instanceId, executionId, Date.parse(task.fireAt), fired);
    } else {
      woken.push(startChild(store, turn.instance, task, atMs));
    }
  }
  return woken;
}

function startChild(
  store: Store,
  parent: Instance,
  task: Turn["newTasks"][number] & { kind: "child" },
  atMs: number,
): string {
  const id = childId(task, parent.executionId);
  const live = store.instance(id);
  if (live !== undefined && !isFinished(live)) {
    // Azure's engine leaves such a parent waiting or overwrites the child; here it fails where a test can see it.
    const message = `An Orchestration instance with the status ${live.status} already exists.`;
    const reason = orchestratorFailure(task.name, message);
    const event = history.childFailed(task.id, reason, childFailureDetails(message), atMs);
    store.addMessage(parent.id, parent.executionId, event);
    return parent.id;
  }
  createInstance(store, {
    id,
    name: task.name,
    input: JSON.stringify(task.input ?? null),
    executionId: newExecutionId(),
    parent: {
      Name: parent.name,
      OrchestrationInstance: { InstanceId: parent.id, ExecutionId: parent.executionId },
      TaskScheduleId: task.id,
      Version: null,
    },
    generation: null,
    atMs,
  });
  return id;
}

function tellParent(store: Store, instance: Instance, ending: TurnEnding): readonly string[] {
  if (instance.parent === null) return [];
  const { OrchestrationInstance: to, TaskScheduleId: taskId } = instance.parent;
  const { updatedMs } = instance;
  let event: HistoryEvent;
  if (ending.status === "Completed") event = history.childCompleted(taskId, ending.output, updatedMs);
  else {
    const reason = String(JSON.parse(ending.output));
    const details = ending.status === "Failed" ? childFailureDetails(ending.message) : "";
    event = history.childFailed(taskId, reason, details, updatedMs);
  }
  store.addMessage(to.InstanceId, to.ExecutionId, event);
  return [to.InstanceId];
}
