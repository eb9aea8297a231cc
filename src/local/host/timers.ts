// Timer triggers: fire by NCRONTAB on the host's clock, one run at a time, with one catch-up for what was missed while the
// host was away. When a timer is due next is kept, so a restart knows what it missed.
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "./clock.ts";
import type { AppFunction } from "./functions.ts";
import type { Schedule } from "./ncrontab.ts";
import { parseNcrontab } from "./ncrontab.ts";

export interface TimerOptions {
  readonly db: DatabaseSync;
  readonly clock: Clock;
  readonly functions: readonly AppFunction[];
  /** Runs a timer function with its trigger's JSON text; rejects with what it threw. */
  readonly invoke: (fn: AppFunction, trigger: string) => Promise<void>;
  readonly log: (level: string, category: string, text: string) => void;
}

interface Kept {
  readonly lastMs: number | null;
  readonly nextMs: number | null;
  readonly updatedMs: number;
}

interface Timer {
  readonly fn: AppFunction;
  readonly schedule: Schedule;
  forget: () => void;
  running: Promise<void>;
}

const SHORTEST_KEPT_MS = 60_000;

/** The schedule of a timer function; throws a sentence that names what the local host does not speak. */
export function scheduleOf(fn: AppFunction): Schedule {
  const { schedule, runOnStartup } = fn.trigger;
  if (runOnStartup === true) {
    throw new Error(`Timer "${fn.name}" has runOnStartup, which the local host does not speak`);
  }
  if (typeof schedule !== "string" || schedule.includes("%") || schedule.includes(":")) {
    throw new Error(
      `Timer "${fn.name}" has the schedule ${JSON.stringify(schedule)}; the local host speaks NCRONTAB only`,
    );
  }
  return parseNcrontab(schedule);
}

/** The timer triggers of one host. */
export class Timers {
  readonly #options: TimerOptions;
  readonly #timers = new Map<string, Timer>();
  #stopped = false;
  #closed = false;

  constructor(options: TimerOptions) {
    this.#options = options;
    options.db.exec(
      "CREATE TABLE IF NOT EXISTS schedules (name TEXT PRIMARY KEY, lastMs REAL, nextMs REAL, updatedMs REAL NOT NULL)",
    );
    for (const fn of options.functions) {
      const timer = { fn, schedule: scheduleOf(fn), forget: () => undefined, running: Promise.resolve() };
      this.#timers.set(fn.name.toLowerCase(), timer);
    }
  }

  /** Waits for the next occurrence of each timer; one that was missed fires at once, with isPastDue. */
  start(): void {
    const nowMs = this.#options.clock.now();
    for (const timer of this.#timers.values()) {
      const kept = this.#kept(timer.fn.name);
      // By the schedule of today: the kept next time may come from an older one.
      const dueMs = kept === null ? undefined : timer.schedule.next(kept.updatedMs);
      const isMissed = dueMs !== undefined && dueMs < nowMs;
      if (isMissed && this.#isKept(timer, nowMs)) this.#fire(timer, true);
      else this.#wait(timer, kept?.lastMs ?? null);
    }
  }

  /** Fires a timer now, as POST /admin/functions/{name} does; false when there is no timer of that name. */
  fireNow(name: string): boolean {
    const timer = this.#timers.get(name.toLowerCase());
    if (timer === undefined) return false;
    void this.#run(timer, { schedule: null, isPastDue: false });
    return true;
  }

  /** Fires nothing any more; resolves when running functions have ended, or after `graceMs` of real time. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) timer.forget();
    const ended = Promise.all([...this.#timers.values()].map((timer) => timer.running));
    let handle: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      handle = setTimeout(resolve, graceMs);
    });
    await Promise.race([ended, grace]);
    clearTimeout(handle);
    this.#closed = true;
  }

  /** Azure keeps no schedule for timers that fire more than once a minute: those catch nothing up. */
  #isKept(timer: Timer, nowMs: number): boolean {
    const next = timer.schedule.next(nowMs);
    const afterNext = next === undefined ? undefined : timer.schedule.next(next);
    return next === undefined || afterNext === undefined || afterNext - next >= SHORTEST_KEPT_MS;
  }

  #wait(timer: Timer, lastMs: number | null): void {
    if (this.#closed) return;
    const nowMs = this.#options.clock.now();
    const nextMs = timer.schedule.next(nowMs);
    this.#keep(timer.fn.name, { lastMs, nextMs: nextMs ?? null, updatedMs: nowMs });
    if (nextMs === undefined || this.#stopped) return;
    timer.forget = this.#options.clock.at(nextMs, () => {
      this.#fire(timer, false);
    });
  }

  #fire(timer: Timer, isPastDue: boolean): void {
    const kept = this.#kept(timer.fn.name);
    void this.#run(timer, { schedule: kept, isPastDue }).then(() => {
      // Kept only now: a host that is killed while the function runs fires it again.
      this.#wait(timer, kept?.nextMs ?? this.#options.clock.now());
    });
  }

  /** One after another: a run that is asked for while one goes on waits for it. */
  #run(timer: Timer, given: { readonly schedule: Kept | null; readonly isPastDue: boolean }): Promise<void> {
    const time = (ms: number | null): string =>
      ms === null ? "0001-01-01T00:00:00" : new Date(ms).toISOString();
    const last = given.schedule?.lastMs ?? null;
    const status =
      given.schedule === null || last === null
        ? null
        : {
            Last: time(last),
            Next: time(given.schedule.nextMs),
            LastUpdated: time(given.schedule.updatedMs),
          };
    const trigger = { Schedule: { AdjustForDST: true }, ScheduleStatus: status, IsPastDue: given.isPastDue };
    const run = async (): Promise<void> => {
      try {
        await this.#options.invoke(timer.fn, JSON.stringify(trigger));
      } catch (error) {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        this.#options.log("error", `Function.${timer.fn.name}`, text);
      }
    };
    timer.running = timer.running.then(run);
    return timer.running;
  }

  #kept(name: string): Kept | null {
    const row = this.#options.db.prepare("SELECT * FROM schedules WHERE name = ?").get(name);
    return row === undefined ? null : (row as unknown as Kept);
  }

  #keep(name: string, kept: Kept): void {
    const insert = this.#options.db.prepare("INSERT OR REPLACE INTO schedules VALUES (?, ?, ?, ?)");
    insert.run(name, kept.lastMs, kept.nextMs, kept.updatedMs);
  }
}
