import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FixtureHost, Trigger } from "./fixture-host.ts";
import { clock, removeFolders, startFixture } from "./fixture-host.ts";
import recorded from "./fixtures/histories.json" with { type: "json" };

interface Recorded {
  readonly instanceId: string;
  readonly parentInstanceId: string | null;
  readonly replays: readonly string[];
  readonly activities: readonly { readonly name: string; readonly input?: unknown }[];
  readonly runtimeStatus?: string;
  readonly output?: unknown;
  readonly customStatus?: unknown;
}

const scenarios = recorded.scenarios as Readonly<Record<string, readonly Recorded[]>>;
const fields = recorded.fields as Readonly<Record<string, readonly string[]>>;
// How completions fall into one replay depends on how fast activities are: for these the last replay of each generation
// is compared, with completions in the order of their ids.
const BATCHED = new Set(["fanOut", "fanOutOneFails", "lanes"]);
const time = clock();
let fixture: FixtureHost;

function line(trigger: Trigger): string {
  const events = trigger.history.map((event) => {
    const id = event["EventId"] === -1 ? "" : `#${String(event["EventId"])}`;
    const of = (event["TaskScheduledId"] ?? event["TimerId"]) as number | undefined;
    return `${String(event.EventType)}${event["IsPlayed"] === true ? "p" : ""}${id}${of === undefined ? "" : `@${String(of)}`}`;
  });
  return `${trigger.isReplaying ? "R " : ""}${events.join(" ")}`;
}

function unbatched(replays: readonly string[]): readonly string[] {
  const last = replays.filter((_, index) => replays[index + 1]?.startsWith("R") !== true);
  return last.map((text) => {
    const joined = text.replace(/(@\d+) 13p? 12 (?=\d+p?@)/g, "$1 ");
    return joined.replace(/(\b\d+p?@\d+ ?)+/g, (run) => {
      const ids = run.trim().replace(/p@/g, "@").split(" ");
      return `${ids.sort((a, b) => Number(a.split("@")[1]) - Number(b.split("@")[1])).join(" ")} `;
    });
  });
}

function sorted(values: readonly unknown[]): readonly string[] {
  return values.map((one) => JSON.stringify(one)).sort();
}

/** Outputs hold what was caught with its stack; the first line is what must agree. */
function withoutStacks(output: unknown): unknown {
  return JSON.parse(
    JSON.stringify(output ?? null, (key, value: unknown) =>
      key === "message" ? String(value).split(" \n ")[0] : value,
    ),
  );
}

beforeAll(async () => {
  fixture = await startFixture({ clock: time });
  for (const name of Object.keys(scenarios)) {
    if (name !== "twice") await fixture.start(name, scenarios[name]?.[0]?.instanceId ?? name);
  }
  await fixture.start("twice", "twice", { first: true });
  await fixture.host.idle();
  await fixture.call("POST", "/api/terminate/parentOfLongTimer");
  for (let step = 0; step < 3; step += 1) {
    await fixture.host.idle();
    time.advance(3999);
  }
  await fixture.host.idle();
  time.advance(1);
  await fixture.host.idle();
});

afterAll(async () => {
  await fixture.host.stop();
  await removeFolders();
});

describe("the engine gives the recorded histories", () => {
  for (const [name, instances] of Object.entries(scenarios)) {
    if (name === "twice" || name === "parentOfLongTimer") continue;
    it(name, async () => {
      const root = await fixture.seen(instances[0]?.instanceId ?? name);
      const execution = root.replays[0]?.history[1]?.["OrchestrationInstance"] as { ExecutionId: string };
      for (const one of instances) {
        const id = one.instanceId.replace(/^[0-9a-f-]{36}:/, `${execution.ExecutionId}:`);
        const { replays, activities } = await fixture.seen(id);
        const lines = replays.map(line);
        if (BATCHED.has(name)) expect(unbatched(lines)).toEqual(unbatched(one.replays));
        else expect(lines).toEqual(one.replays);
        expect(replays[0]?.parentInstanceId).toBe(one.parentInstanceId);
        for (const trigger of replays) {
          expect(Object.keys(trigger).sort()).toEqual(recorded.trigger);
          for (const event of trigger.history) {
            expect(Object.keys(event).sort()).toEqual(fields[String(event.EventType)]);
          }
        }
        expect(sorted(activities)).toEqual(sorted(one.activities));
        if (one.runtimeStatus === undefined) continue;
        const status = await fixture.status(id);
        expect(status.runtimeStatus).toBe(one.runtimeStatus);
        expect(withoutStacks(status.output)).toEqual(one.output);
        expect(status.customStatus).toEqual(one.customStatus ?? null);
      }
    });
  }

  it("parentOfLongTimer: the parent is terminated with the reason as output, its child goes on", async () => {
    const [parent, child] = scenarios["parentOfLongTimer"] ?? [];
    expect((await fixture.seen("parentOfLongTimer")).replays.map(line)).toEqual(parent?.replays);
    expect(await fixture.status("parentOfLongTimer")).toMatchObject({
      runtimeStatus: "Terminated",
      output: "enough",
    });
    expect((await fixture.seen("parentOfLongTimer-child")).replays.map(line)).toEqual(
      child?.replays.slice(0, 1),
    );
    expect((await fixture.status("parentOfLongTimer-child")).runtimeStatus).toBe("Running");
  });

  it("twice: a start while it runs is refused, a start after its end replaces it", async () => {
    const [one] = scenarios["twice"] ?? [];
    expect(await fixture.status("twice")).toMatchObject({
      runtimeStatus: "Completed",
      output: { first: true },
    });
    expect(await fixture.start("twice", "twice", { third: true })).toEqual({ id: "twice" });
    await fixture.host.idle();
    const again = await fixture.start("twice", "twice", { second: true });
    expect(again.refused).toContain("409");
    expect(again.refused).toContain("An Orchestration instance with the status Running already exists.");
    time.advance(4000);
    await fixture.host.idle();
    expect(await fixture.status("twice")).toMatchObject({
      runtimeStatus: "Completed",
      output: { third: true },
    });
    const { replays } = await fixture.seen("twice");
    expect(replays.map(line)).toEqual(one?.replays);
    expect(replays.at(-1)?.history[1]?.["Generation"]).toBe(1);
  });
});
