// Durable state in the host's database: instances, their history, undelivered messages, outstanding activities, timers.
// Callers group what belongs together by `transaction`; nothing here is kept in memory.
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { Figures } from "./figures.ts";
import type { HistoryEvent, ParentInstance } from "./history.ts";

export type InstanceStatus = "Pending" | "Running" | "Completed" | "Failed" | "Terminated";

export interface Instance {
  readonly id: string;
  readonly executionId: string;
  readonly name: string;
  readonly status: InstanceStatus;
  /** JSON text. */
  readonly input: string;
  /** JSON text; null while there is none. */
  readonly output: string | null;
  readonly customStatus: string | null;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly parent: ParentInstance | null;
  readonly generation: number | null;
}

/** Whether an instance goes on no more. */
export function isFinished(instance: Instance): boolean {
  return instance.status !== "Pending" && instance.status !== "Running";
}

export interface Message {
  readonly seq: number;
  readonly executionId: string;
  readonly event: HistoryEvent;
}

export interface ActivityTask {
  readonly seq: number;
  readonly instanceId: string;
  readonly executionId: string;
  readonly taskId: number;
  readonly name: string;
  /** JSON text; null where the orchestrator gave no input. */
  readonly input: string | null;
}

export interface InstanceFilter {
  readonly createdFromMs?: number | undefined;
  readonly createdToMs?: number | undefined;
  readonly statuses?: readonly string[] | undefined;
  readonly idPrefix?: string | undefined;
  /** Only ids after this one. */
  readonly afterId?: string | undefined;
  readonly limit?: number | undefined;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS instances (id TEXT PRIMARY KEY, executionId TEXT NOT NULL, name TEXT NOT NULL,
  status TEXT NOT NULL, input TEXT NOT NULL, output TEXT, customStatus TEXT, createdMs REAL NOT NULL,
  updatedMs REAL NOT NULL, parent TEXT, generation INTEGER);
CREATE TABLE IF NOT EXISTS history (instanceId TEXT NOT NULL, seq INTEGER NOT NULL, event TEXT NOT NULL,
  PRIMARY KEY (instanceId, seq)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (seq INTEGER PRIMARY KEY AUTOINCREMENT, instanceId TEXT NOT NULL,
  executionId TEXT NOT NULL, event TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS messagesOf ON messages (instanceId);
CREATE TABLE IF NOT EXISTS tasks (seq INTEGER PRIMARY KEY AUTOINCREMENT, instanceId TEXT NOT NULL,
  executionId TEXT NOT NULL, taskId INTEGER NOT NULL, name TEXT NOT NULL, input TEXT);
CREATE INDEX IF NOT EXISTS tasksOf ON tasks (instanceId);
CREATE TABLE IF NOT EXISTS timers (seq INTEGER PRIMARY KEY AUTOINCREMENT, instanceId TEXT NOT NULL,
  executionId TEXT NOT NULL, dueMs REAL NOT NULL, event TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS timersDue ON timers (dueMs);
CREATE INDEX IF NOT EXISTS timersOf ON timers (instanceId);
`;

type Row = Record<string, unknown>;

function toInstance(row: Row): Instance {
  const parent = row["parent"];
  return {
    ...(row as unknown as Instance),
    parent: typeof parent === "string" ? (JSON.parse(parent) as ParentInstance) : null,
  };
}

function eventOf(row: Row): HistoryEvent {
  return JSON.parse(String(row["event"])) as HistoryEvent;
}

export class Store {
  readonly #db: DatabaseSync;
  readonly figures: Figures;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    db.exec(SCHEMA);
    this.figures = new Figures(db);
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#db.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  /** Runs `work` as one transaction: all of it is kept or none, whenever the process is killed. */
  transaction<T>(work: () => T): T {
    this.#sql("BEGIN IMMEDIATE").run();
    try {
      const result = work();
      this.#sql("COMMIT").run();
      return result;
    } catch (error) {
      this.#sql("ROLLBACK").run();
      throw error;
    }
  }

  instance(id: string): Instance | undefined {
    const row = this.#sql("SELECT * FROM instances WHERE id = ?").get(id);
    return row === undefined ? undefined : toInstance(row);
  }

  /** Writes the whole row of an instance, new or known. */
  putInstance(one: Instance): void {
    this.#sql("INSERT OR REPLACE INTO instances VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
      one.id,
      one.executionId,
      one.name,
      one.status,
      one.input,
      one.output,
      one.customStatus,
      one.createdMs,
      one.updatedMs,
      one.parent === null ? null : JSON.stringify(one.parent),
      one.generation,
    );
  }

  /** Instances that fit, in the order of their ids. */
  instances(filter: InstanceFilter): readonly Instance[] {
    const where: string[] = ["id > ?"];
    const values: SQLInputValue[] = [filter.afterId ?? ""];
    const also = (condition: string, ...of: SQLInputValue[]): void => {
      where.push(condition);
      values.push(...of);
    };
    if (filter.createdFromMs !== undefined) also("createdMs >= ?", filter.createdFromMs);
    if (filter.createdToMs !== undefined) also("createdMs <= ?", filter.createdToMs);
    if (filter.idPrefix !== undefined) also("substr(id, 1, ?) = ?", filter.idPrefix.length, filter.idPrefix);
    if (filter.statuses !== undefined) {
      also(`status IN (${filter.statuses.map(() => "?").join(",")})`, ...filter.statuses);
    }
    const text = `SELECT * FROM instances WHERE ${where.join(" AND ")} ORDER BY id LIMIT ?`;
    return this.#db
      .prepare(text)
      .all(...values, filter.limit ?? -1)
      .map(toInstance);
  }

  /** Forgets an instance and all that belongs to it, activities that wait for their turn included. */
  deleteInstance(id: string): void {
    this.#sql("DELETE FROM instances WHERE id = ?").run(id);
    this.#sql("DELETE FROM messages WHERE instanceId = ?").run(id);
    this.#sql("DELETE FROM tasks WHERE instanceId = ?").run(id);
    this.deleteHistory(id);
    this.deleteTimers(id);
    this.figures.delete(id);
  }

  history(instanceId: string): HistoryEvent[] {
    return this.#sql("SELECT event FROM history WHERE instanceId = ? ORDER BY seq")
      .all(instanceId)
      .map(eventOf);
  }

  appendHistory(instanceId: string, from: number, events: readonly HistoryEvent[]): void {
    const insert = this.#sql("INSERT INTO history VALUES (?, ?, ?)");
    for (const [index, event] of events.entries())
      insert.run(instanceId, from + index, JSON.stringify(event));
  }

  deleteHistory(instanceId: string): void {
    this.#sql("DELETE FROM history WHERE instanceId = ?").run(instanceId);
  }

  messages(instanceId: string): readonly Message[] {
    const rows = this.#sql("SELECT * FROM messages WHERE instanceId = ? ORDER BY seq").all(instanceId);
    return rows.map((row) => ({
      seq: Number(row["seq"]),
      executionId: String(row["executionId"]),
      event: eventOf(row),
    }));
  }

  addMessage(instanceId: string, executionId: string, event: HistoryEvent): void {
    const insert = this.#sql("INSERT INTO messages (instanceId, executionId, event) VALUES (?, ?, ?)");
    insert.run(instanceId, executionId, JSON.stringify(event));
  }

  deleteMessage(seq: number): void {
    this.#sql("DELETE FROM messages WHERE seq = ?").run(seq);
  }

  instancesWithMessages(): readonly string[] {
    return this.#sql("SELECT DISTINCT instanceId FROM messages")
      .all()
      .map((row) => String(row["instanceId"]));
  }

  /** Keeps an outstanding activity; it stays until a result of it is written down. */
  addTask(task: Omit<ActivityTask, "seq">): ActivityTask {
    const insert = this.#sql(
      "INSERT INTO tasks (instanceId, executionId, taskId, name, input) VALUES (?, ?, ?, ?, ?)",
    );
    const { lastInsertRowid } = insert.run(
      task.instanceId,
      task.executionId,
      task.taskId,
      task.name,
      task.input,
    );
    return { ...task, seq: Number(lastInsertRowid) };
  }

  tasks(): readonly ActivityTask[] {
    return this.#sql("SELECT * FROM tasks ORDER BY seq").all() as unknown as ActivityTask[];
  }

  /** False when another delivery's result came first, or the instance was purged. */
  deleteTask(seq: number): boolean {
    return this.#sql("DELETE FROM tasks WHERE seq = ?").run(seq).changes === 1;
  }

  addTimer(instanceId: string, executionId: string, dueMs: number, event: HistoryEvent): void {
    const insert = this.#sql(
      "INSERT INTO timers (instanceId, executionId, dueMs, event) VALUES (?, ?, ?, ?)",
    );
    insert.run(instanceId, executionId, dueMs, JSON.stringify(event));
  }

  deleteTimers(instanceId: string): void {
    this.#sql("DELETE FROM timers WHERE instanceId = ?").run(instanceId);
  }

  nextTimerMs(): number | undefined {
    const due = this.#sql("SELECT min(dueMs) AS due FROM timers").get()?.["due"];
    return typeof due === "number" ? due : undefined;
  }

  /** Turns the timers due up to `atMs` into messages, the earliest first; answers whose they are. */
  fireTimers(atMs: number): readonly string[] {
    const rows = this.#sql("SELECT * FROM timers WHERE dueMs <= ? ORDER BY dueMs, seq").all(atMs);
    for (const row of rows) {
      this.addMessage(String(row["instanceId"]), String(row["executionId"]), eventOf(row));
      this.#sql("DELETE FROM timers WHERE seq = ?").run(Number(row["seq"]));
    }
    return rows.map((row) => String(row["instanceId"]));
  }
}
