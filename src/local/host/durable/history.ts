// The rows of an orchestration's history, with the very fields that Azure's engine sends to the SDK.

/** Event types as they go over the wire; only those that the local host writes. */
export const EVENT = {
  ExecutionStarted: 0,
  ExecutionTerminated: 3,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
} as const;

export interface ParentInstance {
  readonly Name: string;
  readonly OrchestrationInstance: { readonly InstanceId: string; readonly ExecutionId: string };
  readonly TaskScheduleId: number;
  readonly Version: null;
}

export interface HistoryEvent {
  readonly EventType: number;
  readonly EventId: number;
  /** Set when a later replay meets the event again; what the engine itself appended stays unplayed. */
  IsPlayed: boolean;
  readonly Timestamp: string;
  readonly TaskScheduledId?: number;
  readonly TimerId?: number;
  readonly Name?: string;
  readonly Input?: string | null;
  readonly Result?: string | null;
  readonly Reason?: string;
  readonly Details?: string;
  readonly FireAt?: string;
  readonly InstanceId?: string;
  readonly [field: string]: unknown;
}

export interface Execution {
  readonly instanceId: string;
  readonly executionId: string;
  readonly name: string;
  /** JSON text. */
  readonly input: string;
  readonly parent: ParentInstance | null;
  /** How often the id was started by a client before; null for a sub-orchestration. */
  readonly generation: number | null;
}

function event(EventType: number, atMs: number, EventId = -1): HistoryEvent {
  return { EventType, EventId, IsPlayed: false, Timestamp: new Date(atMs).toISOString() };
}

export function executionStarted(execution: Execution, atMs: number): HistoryEvent {
  return {
    OrchestrationInstance: { InstanceId: execution.instanceId, ExecutionId: execution.executionId },
    ...event(EVENT.ExecutionStarted, atMs),
    ParentInstance: execution.parent,
    Name: execution.name,
    Version: null,
    Input: execution.input,
    Tags: null,
    Correlation: null,
    ParentTraceContext: null,
    ScheduledStartTime: null,
    Generation: execution.generation,
    GenerateNewTrace: false,
  };
}

export function executionTerminated(reason: string, atMs: number): HistoryEvent {
  return { ...event(EVENT.ExecutionTerminated, atMs), Input: reason };
}

export function orchestratorStarted(atMs: number): HistoryEvent {
  return event(EVENT.OrchestratorStarted, atMs);
}

export function orchestratorCompleted(atMs: number): HistoryEvent {
  return event(EVENT.OrchestratorCompleted, atMs);
}

/** The input is not repeated here: Azure's engine sends null to the SDK too. */
export function taskScheduled(id: number, name: string, atMs: number): HistoryEvent {
  const task = { Name: name, Version: "", Input: null, ParentTraceContext: null, Tags: null };
  return { ...event(EVENT.TaskScheduled, atMs, id), ...task };
}

/** `result` is JSON text, or null where the activity returned nothing. */
export function taskCompleted(id: number, result: string | null, atMs: number): HistoryEvent {
  return { ...event(EVENT.TaskCompleted, atMs), TaskScheduledId: id, Result: result };
}

/** Both texts must be there: the SDK joins them into the message that the orchestrator catches. */
export function taskFailed(id: number, reason: string, details: string, atMs: number): HistoryEvent {
  return { ...event(EVENT.TaskFailed, atMs), ...failure(id, reason, details) };
}

export function childCreated(id: number, name: string, instanceId: string, atMs: number): HistoryEvent {
  const child = { Name: name, Version: null, InstanceId: instanceId, Input: null, ClientSpanId: null };
  return { ...event(EVENT.SubOrchestrationInstanceCreated, atMs, id), ...child, Tags: null };
}

export function childCompleted(id: number, result: string | null, atMs: number): HistoryEvent {
  return { ...event(EVENT.SubOrchestrationInstanceCompleted, atMs), TaskScheduledId: id, Result: result };
}

export function childFailed(id: number, reason: string, details: string, atMs: number): HistoryEvent {
  return { ...event(EVENT.SubOrchestrationInstanceFailed, atMs), ...failure(id, reason, details) };
}

export function timerCreated(id: number, fireAt: string, atMs: number): HistoryEvent {
  return { ...event(EVENT.TimerCreated, atMs, id), FireAt: fireAt };
}

/** Stamped with the moment of its creation, as Azure's engine does, not with the moment it fires. */
export function timerFired(id: number, fireAt: string, createdAtMs: number): HistoryEvent {
  return { ...event(EVENT.TimerFired, createdAtMs), TimerId: id, FireAt: fireAt };
}

function failure(id: number, reason: string, details: string): Partial<HistoryEvent> {
  return { TaskScheduledId: id, Reason: reason, Details: details, FailureDetails: null };
}
