// What orchestrations cost: how often each scheduled what, and how long its history became. Kept beside the histories, since
// a generation that starts anew forgets what the one before it did.
import type { DatabaseSync } from "node:sqlite";
import type { Turn } from "./turn.ts";

/** Durable actions of one orchestrator: activities and children by their names, timers as `(timer)`. */
export interface OrchestratorFigures {
  readonly orchestrator: string;
  readonly actions: Readonly<Record<string, number>>;
  /** Events of the longest history that one generation of an instance had. */
  readonly longestHistory: number;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS actions (instanceId TEXT NOT NULL, orchestrator TEXT NOT NULL, task TEXT NOT NULL,
  count INTEGER NOT NULL, PRIMARY KEY (instanceId, task)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS histories (instanceId TEXT PRIMARY KEY, orchestrator TEXT NOT NULL,
  longest INTEGER NOT NULL) WITHOUT ROWID;
`;

export class Figures {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    db.exec(SCHEMA);
  }

  /** Counts a turn that is being committed; part of the caller's transaction. */
  add(turn: Turn, historyLength: number): void {
    const { id, name } = turn.instance;
    const count = this.#db.prepare(
      "INSERT INTO actions VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1",
    );
    for (const task of turn.newTasks) count.run(id, name, task.kind === "timer" ? "(timer)" : task.name);
    this.#db
      .prepare(
        "INSERT INTO histories VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET longest = max(longest, excluded.longest)",
      )
      .run(id, name, historyLength);
  }

  /** Forgets an instance that is purged or started anew. */
  delete(instanceId: string): void {
    this.#db.prepare("DELETE FROM actions WHERE instanceId = ?").run(instanceId);
    this.#db.prepare("DELETE FROM histories WHERE instanceId = ?").run(instanceId);
  }

  /** Sums over the instances whose id begins so, by orchestrator. */
  of(idPrefix: string): readonly OrchestratorFigures[] {
    const where = "WHERE substr(instanceId, 1, ?) = ?";
    const longest = this.#db
      .prepare(`SELECT orchestrator, max(longest) AS longest FROM histories ${where} GROUP BY orchestrator`)
      .all(idPrefix.length, idPrefix);
    const actions = this.#db
      .prepare(
        `SELECT orchestrator, task, sum(count) AS count FROM actions ${where} GROUP BY orchestrator, task`,
      )
      .all(idPrefix.length, idPrefix);
    return longest.map((row) => ({
      orchestrator: String(row["orchestrator"]),
      longestHistory: Number(row["longest"]),
      actions: Object.fromEntries(
        actions
          .filter(({ orchestrator }) => orchestrator === row["orchestrator"])
          .map(({ task, count }) => [String(task), Number(count)]),
      ),
    }));
  }
}
