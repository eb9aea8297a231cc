import { describe, expect, it } from "vitest";
import type { Action, Answer } from "../../../src/local/host/durable/answer.ts";
import * as history from "../../../src/local/host/durable/history.ts";
import type { Replay } from "../../../src/local/host/durable/replay.ts";
import { Replayer } from "../../../src/local/host/durable/replay.ts";

const AT = Date.parse("2026-11-24T00:00:00Z");
const FIRE_AT = "2026-11-24T00:01:00.000Z";
const execution = {
  ...{ instanceId: "i", executionId: "e", name: "o", input: "{}", parent: null, generation: 0 },
};
const begin = [history.orchestratorStarted(AT), history.executionStarted(execution, AT)];
const activity = (name: string): Action => ({ kind: "activity", name, input: {} });
const child = (name: string): Action => ({ kind: "child", name, instanceId: undefined, input: {} });
const timer = (canceled = false): Action => ({ kind: "timer", fireAt: FIRE_AT, canceled });

function play(
  actions: readonly Action[],
  events: readonly history.HistoryEvent[],
  more: Partial<Answer> = {},
): Replay {
  const answer = {
    isDone: false,
    output: undefined,
    customStatus: undefined,
    error: undefined,
    actions,
    ...more,
  };
  const rules = { nowMs: AT, isRegistered: (_: string, name: string) => name !== "missing" };
  return new Replayer(answer, rules).run([...begin, ...events]);
}

describe("Replayer: what history and code disagree about fails the instance", () => {
  const scheduled = history.taskScheduled(0, "a", AT);
  it.each([
    ["another activity", [activity("b")], scheduled, "instead scheduled an activity task named 'b'"],
    ["another kind", [timer()], scheduled, "instead produced a CreateTimerOrchestratorAction"],
    [
      "another child",
      [child("b")],
      history.childCreated(0, "a", "x", AT),
      "a sub-orchestration instance named 'b'",
    ],
    ["an activity for a timer", [activity("a")], history.timerCreated(0, FIRE_AT, AT), "created a timer"],
    ["nothing", [], scheduled, "hasn't (yet?) scheduled this task"],
  ])("%s", (_, actions, event, text) => {
    const { ending } = play(actions, [event]);
    expect(ending).toMatchObject({ kind: "failed", nonDeterministic: true });
    expect(ending?.kind === "failed" && ending.message).toContain(text);
  });

  it("but not about the case of a name, nor about inputs", () => {
    expect(play([activity("A")], [scheduled])).toMatchObject({ ending: undefined, newTasks: [] });
  });
});

describe("Replayer: the order of ids", () => {
  it("reaches the next action only when every child of Task.all has ended, also after one failed", () => {
    const all: Action = {
      kind: "all",
      children: [activity("a"), timer(), { kind: "all", children: [child("c")] }],
    };
    const asked = [
      history.taskScheduled(0, "a", AT),
      history.timerCreated(1, FIRE_AT, AT),
      history.childCreated(2, "c", "x", AT),
    ];
    const failed = history.taskFailed(0, "no", "details", AT);
    const done = history.childCompleted(2, null, AT);
    const first = play([all, activity("next")], []);
    expect(first.newTasks.map((task) => task.id)).toEqual([0, 1, 2]);
    expect(play([all, activity("next")], [...asked, failed, done]).newTasks).toEqual([]);
    const fired = history.timerFired(1, FIRE_AT, AT);
    const { newTasks } = play([all, activity("next")], [...asked, failed, done, fired]);
    expect(newTasks).toEqual([{ kind: "activity", name: "next", input: {}, id: 3 }]);
  });

  it("gives a canceled timer an id and does not wait for it", () => {
    const { newTasks, ending } = play([timer(true), activity("next")], []);
    expect(newTasks.map((task) => [task.kind, task.id])).toEqual([
      ["timer", 0],
      ["activity", 1],
    ]);
    expect(ending).toBeUndefined();
  });

  it("ignores a completion that comes twice", () => {
    const events = [
      history.taskScheduled(0, "a", AT),
      history.taskCompleted(0, null, AT),
      history.taskFailed(0, "x", "", AT),
    ];
    const { ending } = play([activity("a")], events, { isDone: true, output: 1 });
    expect(ending).toEqual({ kind: "completed", output: 1 });
  });

  it("stops at a name that is not registered", () => {
    const all: Action = { kind: "all", children: [activity("a"), activity("missing"), activity("b")] };
    const { newTasks, missing, ending } = play([all], [], { error: "unheard" });
    expect(newTasks).toHaveLength(1);
    expect([missing, ending]).toEqual(["missing", undefined]);
  });

  it("allows 100,000 actions and no more", () => {
    const wide = (count: number): Action => ({
      kind: "all",
      children: Array<Action>(count).fill(activity("a")),
    });
    expect(play([wide(100_000)], []).newTasks).toHaveLength(100_000);
    expect(play([wide(100_001)], []).ending).toMatchObject({ kind: "failed", nonDeterministic: false });
  });
});

describe("Replayer: the end", () => {
  it("is terminated at once, whatever is open", () => {
    const events = [history.taskScheduled(0, "a", AT), history.executionTerminated("why", AT)];
    expect(play([activity("a")], events).ending).toEqual({ kind: "terminated", reason: "why" });
  });

  it("waits for an action that was never reached", () => {
    const events = [history.taskScheduled(0, "a", AT)];
    expect(play([activity("a"), activity("b")], events, { isDone: true }).ending).toBeUndefined();
  });
});
