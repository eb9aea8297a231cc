// What the SDK answers to one replay (OrchestratorState), read from JSON; unknown parts are refused, not guessed.

export interface ActivityAction {
  readonly kind: "activity";
  readonly name: string;
  readonly input: unknown;
}
export interface ChildAction {
  readonly kind: "child";
  readonly name: string;
  readonly instanceId: string | undefined;
  readonly input: unknown;
}
export interface TimerAction {
  readonly kind: "timer";
  readonly fireAt: string;
  readonly canceled: boolean;
}
export interface AllAction {
  readonly kind: "all";
  readonly children: readonly Action[];
}
export interface ContinueAsNewAction {
  readonly kind: "continueAsNew";
  readonly input: unknown;
}
export type Action = ActivityAction | ChildAction | TimerAction | AllAction | ContinueAsNewAction;

export interface Answer {
  readonly isDone: boolean;
  readonly actions: readonly Action[];
  readonly output: unknown;
  /** Undefined where the orchestrator set none. */
  readonly customStatus: unknown;
  readonly error: string | undefined;
}

/** An action that the local host does not speak; the text is a whole sentence. */
export class RefusedAction extends Error {}

const REFUSED: Readonly<Record<number, string>> = {
  1: "CallActivityWithRetry (callActivityWithRetry)",
  3: "CallSubOrchestratorWithRetry (callSubOrchestratorWithRetry)",
  6: "WaitForExternalEvent (waitForExternalEvent)",
  7: "CallEntity (callEntity)",
  8: "CallHttp (callHttp)",
  9: "SignalEntity (signalEntity)",
  10: "ScheduledSignalEntity",
  11: "WhenAny (Task.any)",
  13: "LockEntities (df.lock)",
  14: "ReleaseEntities (df.lock)",
};

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value === "string") return value;
  throw new RefusedAction(`The SDK sent an action without "${key}": ${JSON.stringify(fields)}`);
}

function toAction(value: unknown): Action {
  if (!isFields(value)) throw new RefusedAction(`The SDK sent something that is no action: ${String(value)}`);
  const type = value["actionType"];
  if (type === 0) return { kind: "activity", name: textOf(value, "functionName"), input: value["input"] };
  if (type === 2) {
    const id = value["instanceId"];
    const instanceId = typeof id === "string" && id !== "" ? id : undefined;
    return { kind: "child", name: textOf(value, "functionName"), instanceId, input: value["input"] };
  }
  if (type === 4) return { kind: "continueAsNew", input: value["input"] };
  if (type === 5) {
    return { kind: "timer", fireAt: textOf(value, "fireAt"), canceled: value["isCanceled"] === true };
  }
  const compound = value["compoundActions"];
  if (type === 12 && Array.isArray(compound)) return { kind: "all", children: compound.map(toAction) };
  const name = typeof type === "number" ? REFUSED[type] : undefined;
  throw new RefusedAction(`The local host does not speak the action ${name ?? `type ${String(type)}`}`);
}

/** Reads the state that the SDK returned or threw; throws RefusedAction where the local host cannot follow. */
export function readAnswer(state: unknown): Answer {
  const lists = isFields(state) ? state["actions"] : undefined;
  if (!isFields(state) || !Array.isArray(lists)) {
    throw new RefusedAction("The orchestrator function did not answer with an orchestrator state");
  }
  const error = state["error"];
  return {
    isDone: state["isDone"] === true,
    actions: (lists as unknown[]).flat().map(toAction),
    output: state["output"],
    customStatus: state["customStatus"],
    error: typeof error === "string" && error !== "" ? error : undefined,
  };
}
