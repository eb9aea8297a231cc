// An app of memory for tests of the tick: profiles as blobs, a clock that stands, orchestrations that run nothing.
import type { Store } from "../../src/clients/store/store.ts";
import type { ProfileState } from "../../src/activities/run/state.ts";
import { parseProfileText } from "../../src/core/profile.ts";
import { type Result, failed, ok } from "../../src/core/result.ts";
import type { Profile } from "../../src/core/profile.ts";
import { profilePath, statePath } from "../../src/core/work-paths.ts";
import type { Deps } from "../../src/deps.ts";
import { depsWithout } from "../deps-without.ts";
import type { Orchestrations } from "../../src/functions/orchestrations.ts";
import type { TickLog } from "../../src/functions/tick.ts";
import { memoryStore } from "../memory-store.ts";

/** What is started is remembered and runs until `end`; starting what runs is refused, as the engine does. */
export class FakeOrchestrations implements Orchestrations {
  readonly started: { readonly name: string; readonly id: string }[] = [];
  readonly running = new Set<string>();
  readonly known = new Set<string>();
  readonly purgedBefore: number[] = [];

  async start(name: string, id: string): Promise<void> {
    if (this.running.has(id)) return;
    this.started.push({ name, id });
    this.running.add(id);
    this.known.add(id);
  }

  async state(id: string): Promise<"running" | "ended" | "absent"> {
    if (this.running.has(id)) return "running";
    return this.known.has(id) ? "ended" : "absent";
  }

  async purge(createdBefore: number): Promise<number> {
    this.purgedBefore.push(createdBefore);
    return 0;
  }

  /** Ends an instance, by whatever way. */
  end(id: string): void {
    this.running.delete(id);
  }

  /** Forgets an instance, as a purge of its history does. */
  forget(id: string): void {
    this.running.delete(id);
    this.known.delete(id);
  }

  ids(name: string): readonly string[] {
    return this.started.filter((each) => each.name === name).map(({ id }) => id);
  }
}

export class Log implements TickLog {
  readonly lines: string[] = [];
  info(text: string): void {
    this.lines.push(`info ${text}`);
  }
  warn(text: string): void {
    this.lines.push(`warn ${text}`);
  }
  error(text: string): void {
    this.lines.push(`error ${text}`);
  }
}

export interface Night {
  readonly work: Store;
  readonly deps: Deps;
  readonly orchestrations: FakeOrchestrations;
  readonly log: Log;
  /** Epoch ms; set it to move the clock. */
  now: number;
}

/** Only what a tick uses of the clients is there; anything else fails its test. */
export function night(now: number, work: Store = memoryStore(), defaultProfile?: Profile): Night {
  // A profile is parsed once: a year of ticks reads it 200,000 times.
  const parsed = new Map<string, Result<Profile>>();
  const self: Night = {
    work,
    orchestrations: new FakeOrchestrations(),
    log: new Log(),
    now,
    deps: {
      ...depsWithout("The timer needs none of this"),
      work,
      defaultProfile,
      profile: (name, stored) => {
        if (stored === undefined && defaultProfile?.name === name) return ok(defaultProfile);
        const text = new TextDecoder().decode(stored);
        const found = parsed.get(text) ?? read(text);
        parsed.set(text, found);
        return found;
      },
      now: () => self.now,
    },
  };
  return self;
}

function read(text: string): Result<Profile> {
  const profile = parseProfileText(text);
  if (profile.ok) return ok(profile.profile);
  return failed(
    "bad-input",
    profile.problems.map((problem) => problem.text).join("; "),
    "Correct the profile",
  );
}

export function profileText(name: string, schedule?: { cron: string; zone: string }): string {
  const auth = { kind: "password", username: "admin", secret: "PORTAL_PASSWORD" };
  return JSON.stringify({ name, portal: { url: "acme", auth }, ...(schedule && { schedule }) });
}

export async function putProfile(work: Store, name: string, text: string): Promise<void> {
  const put = await work.put(profilePath(name), text);
  if (!put.ok) throw new Error(put.failure.text);
}

export async function stateOf(work: Store, name: string): Promise<ProfileState | undefined> {
  const blob = await work.get(statePath(name));
  if (!blob.ok) throw new Error(blob.failure.text);
  return blob.value && (JSON.parse(new TextDecoder().decode(blob.value.bytes)) as ProfileState);
}

/** What sealing does to the state, and the end of the instance. */
export async function seal(night: Night, name: string, runId: string): Promise<void> {
  const state = await stateOf(night.work, name);
  if (state?.openRun?.runId !== runId) throw new Error(`${runId} does not hold ${name}`);
  const put = await night.work.put(
    statePath(name),
    JSON.stringify({ ...state, openRun: null, lastRun: runId } satisfies ProfileState),
  );
  if (!put.ok) throw new Error(put.failure.text);
  night.orchestrations.end(runId);
}
