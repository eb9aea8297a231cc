// The Durable Task engine: gives instances their turns, commits each turn as one transaction, and hands out activities
// and timers. All that must survive a kill is in the store; memory holds only whose turn it is.
import type { Clock } from "../clock.ts";
import type { RpcData } from "../core-api.ts";
import type { FunctionTable } from "../functions.ts";
import type { Redeliver } from "./activity-pool.ts";
import { ActivityPool } from "./activity-pool.ts";
import { commitTurn, createInstance } from "./commit.ts";
import type { HistoryEvent } from "./history.ts";
import * as history from "./history.ts";
import type { ActivityTask, Instance, Store } from "./store.ts";
import { isFinished } from "./store.ts";
import type { Turn } from "./turn.ts";
import { newExecutionId, playTurn } from "./turn.ts";

export interface EngineOptions {
  readonly store: Store;
  readonly functions: FunctionTable;
  readonly clock: Clock;
  readonly redeliver: Redeliver;
  /** Timers fire so many milliseconds before they are due, as Azure's may (about a second). */
  readonly earlyTimersMs: number;
  readonly maxConcurrentActivities: number;
  readonly maxConcurrentOrchestrators: number;
  /** Runs a function; rejects with what it threw. */
  readonly invoke: (
    kind: "activityTrigger" | "orchestrationTrigger",
    name: string,
    trigger: RpcData | null,
    metadata: Record<string, RpcData>,
  ) => Promise<RpcData | null | undefined>;
  readonly log: (level: string, category: string, text: string) => void;
}

const CATEGORY = "Host.Triggers.DurableTask";

export class Engine {
  readonly #options: EngineOptions;
  readonly #store: Store;
  readonly #pool: ActivityPool;
  readonly #ready = new Set<string>();
  readonly #playing = new Set<string>();
  #pumpAsked = false;
  #stopped = false;
  #forgetTimer: () => void = () => undefined;
  #whenIdle: (() => void)[] = [];

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#pool = new ActivityPool({
      limit: options.maxConcurrentActivities,
      redeliver: options.redeliver,
      now: () => options.clock.now(),
      run: (name, input, metadata) => options.invoke("activityTrigger", name, input, metadata),
      settle: (task, event) => this.#settle(task, event),
      log: options.log,
    });
  }

  /** Takes up what a former host left: messages, outstanding activities, timers. */
  start(): void {
    for (const id of this.#store.instancesWithMessages()) this.#ready.add(id);
    for (const task of this.#store.tasks()) this.#pool.add(task);
    this.#armTimer();
    this.#askPump();
  }

  /** Starts an instance, replacing a finished one of that id; answers the status of a live one instead. */
  startInstance(name: string, id: string, input: string): { readonly refused: string | undefined } {
    const atMs = this.#options.clock.now();
    const refused = this.#store.transaction(() => {
      const before = this.#store.instance(id);
      if (before !== undefined && !isFinished(before)) return before.status;
      const dashed = newExecutionId().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
      const generation = before === undefined ? 0 : (before.generation ?? 0) + 1;
      createInstance(this.#store, { name, id, input, executionId: dashed, parent: null, generation, atMs });
      return undefined;
    });
    if (refused === undefined) {
      this.#options.log("information", CATEGORY, `${id}: started "${name}"`);
      this.#wake(id);
    }
    return { refused };
  }

  /** Ends an instance at its next turn; its children and running activities go on, as on Azure. */
  terminate(id: string, reason: string): "accepted" | "finished" | "unknown" {
    const instance = this.#store.instance(id);
    if (instance === undefined) return "unknown";
    if (isFinished(instance)) return "finished";
    const event = history.executionTerminated(reason, this.#options.clock.now());
    this.#store.addMessage(id, instance.executionId, event);
    this.#wake(id);
    return "accepted";
  }

  /** Forgets instances, live ones too; what they still run ends without effect. */
  purge(ids: readonly string[]): void {
    this.#store.transaction(() => {
      for (const id of ids) this.#store.deleteInstance(id);
    });
    this.#armTimer();
  }

  /** Resolves when no orchestrator and no activity runs or could run now; waiting timers do not count. */
  idle(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
      this.#askPump();
    });
  }

  /** Starts nothing any more and waits up to `graceMs` of real time for what runs; what does not end in time runs again. */
  async stop(graceMs: number): Promise<void> {
    this.#pool.stop();
    this.#ready.clear();
    this.#forgetTimer();
    let handle: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      handle = setTimeout(resolve, graceMs);
    });
    await Promise.race([grace, this.idle()]);
    clearTimeout(handle);
    this.#stopped = true;
  }

  #wake(id: string): void {
    this.#ready.add(id);
    this.#askPump();
  }

  #askPump(): void {
    if (this.#pumpAsked || this.#stopped) return;
    this.#pumpAsked = true;
    // By setImmediate, so that HTTP and timers get their turn between orchestrations.
    setImmediate(() => {
      this.#pumpAsked = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#stopped) return;
    for (const id of this.#ready) {
      if (this.#playing.size >= this.#options.maxConcurrentOrchestrators) break;
      if (this.#playing.has(id)) continue;
      this.#ready.delete(id);
      this.#playing.add(id);
      void this.#play(id).finally(() => {
        this.#playing.delete(id);
        this.#askPump();
      });
    }
    this.#pool.pump(() => {
      this.#askPump();
    });
    if (this.#ready.size > 0 || this.#playing.size > 0 || !this.#pool.isIdle) return;
    const waiting = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of waiting) resolve();
  }

  async #play(id: string): Promise<void> {
    const { functions, clock, invoke, log } = this.#options;
    try {
      const instance = this.#store.instance(id);
      const messages = this.#store.messages(id);
      const mine = messages.filter((message) => message.executionId === instance?.executionId);
      const seqs = messages.map((message) => message.seq);
      if (instance === undefined || isFinished(instance) || mine.length === 0) {
        this.#store.transaction(() => {
          for (const seq of seqs) this.#store.deleteMessage(seq);
        });
        return;
      }
      const stored = this.#store.history(id);
      const turn = await playTurn(
        {
          functions,
          now: () => clock.now(),
          ask: (name, trigger) =>
            invoke("orchestrationTrigger", name, { string: trigger }, { instanceId: { string: id } }),
        },
        instance,
        stored,
        mine.map((message) => message.event),
      );
      if (!this.#stopped) this.#commit(instance, stored.length, seqs, turn);
    } catch (error) {
      log("critical", CATEGORY, `${id}: the local host itself failed`);
      // Not kept: a process that ends can be started again and goes on; an instance that stands still tells nobody.
      throw error;
    }
  }

  #commit(before: Instance, storedLength: number, seqs: readonly number[], turn: Turn): void {
    const { woken, started } = this.#store.transaction(() =>
      commitTurn(this.#store, before, storedLength, seqs, turn),
    );
    for (const task of started) this.#pool.add(task);
    for (const id of woken) this.#wake(id);
    this.#armTimer();
    this.#report(turn);
  }

  #settle(task: ActivityTask, event: HistoryEvent): boolean {
    if (this.#stopped) return false;
    const isFirst = this.#store.transaction(() => {
      if (!this.#store.deleteTask(task.seq)) return false;
      this.#store.addMessage(task.instanceId, task.executionId, event);
      return true;
    });
    if (isFirst) this.#wake(task.instanceId);
    return isFirst;
  }

  #armTimer(): void {
    this.#forgetTimer();
    if (this.#stopped) return;
    const nextMs = this.#store.nextTimerMs();
    if (nextMs === undefined) return;
    this.#forgetTimer = this.#options.clock.at(nextMs - this.#options.earlyTimersMs, () => {
      this.#fireTimers();
    });
  }

  #fireTimers(): void {
    if (this.#stopped) return;
    const untilMs = this.#options.clock.now() + this.#options.earlyTimersMs;
    const ids = this.#store.transaction(() => this.#store.fireTimers(untilMs));
    for (const id of ids) this.#wake(id);
    this.#armTimer();
  }

  #report(turn: Turn): void {
    const { log } = this.#options;
    const { id, name } = turn.instance;
    if (turn.missing !== undefined) {
      const text = `"${name}" calls "${turn.missing}", which is not registered: the instance stays Running for ever`;
      log("warning", CATEGORY, `${id}: ${text}`);
    }
    if (turn.ending?.status === "Failed") log("error", CATEGORY, `${id}: failed: ${turn.ending.output}`);
    else if (turn.ending !== undefined)
      log("information", CATEGORY, `${id}: ${turn.ending.status.toLowerCase()}`);
  }
}
