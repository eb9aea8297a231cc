// The orchestrators whose runs were recorded on Azure's own host (fixtures/histories.json), and a few that show a rule.
import * as df from "durable-functions";
import type { OrchestrationContext } from "durable-functions";

type Steps = Generator<df.Task, unknown, never>;

const received: { readonly instanceId: unknown; readonly name: string; readonly input: unknown }[] = [];

/** What each activity received, in the order of arrival. */
export function activitiesReceived(instanceId: string): unknown[] {
  return received
    .filter((one) => one.instanceId === instanceId)
    .map(({ name, input }) => (input === undefined ? { name } : { name, input }));
}

function activity(name: string, handler: (input: { readonly ms: number }) => unknown): void {
  df.app.activity(name, {
    handler: (input, context) => {
      received.push({ instanceId: context.triggerMetadata?.["instanceId"], name, input });
      return handler(input as { readonly ms: number });
    },
  });
}

function orchestration(name: string, steps: (context: OrchestrationContext) => Steps): void {
  df.app.orchestration(name, steps);
}

function later(context: OrchestrationContext, ms: number): Date {
  return new Date(context.df.currentUtcDateTime.getTime() + ms);
}

function caughtText(error: unknown): { name: string; message: string } {
  const { name, message } = error as Error;
  return { name, message };
}

activity("echo", (input) => input);
activity("nothing", () => undefined);
activity("boom", () => {
  throw new Error("boom said no");
});
activity("boomWithKey", () => {
  throw new Error("refused: key=secret-of-mine; and more");
});
activity("seen", (input: unknown) => ({
  type: input === null ? "null" : typeof input,
  value: input === undefined ? "undefined" : input,
}));
activity("big", () => "x".repeat(60_000));
activity("slow", async (input) => {
  await new Promise((resolve) => setTimeout(resolve, input.ms / 10));
  return "slow done";
});

orchestration("sequence", function* (context) {
  const out: unknown[] = [];
  for (const n of [1, 2, 3]) out.push(yield context.df.callActivity("echo", { n }));
  return out;
});

orchestration("fanOut", function* (context) {
  const a = yield context.df.Task.all([1, 2, 3].map((n) => context.df.callActivity("echo", { n })));
  const child = (k: string): df.Task =>
    context.df.callSubOrchestrator("child", { k }, `${context.df.instanceId}-${k}`);
  const b = yield context.df.Task.all(["x", "y"].map(child));
  const c = yield context.df.callSubOrchestrator("child", { k: "z" });
  return { a, b, c };
});

orchestration("child", function* (context) {
  const got = yield context.df.callActivity("echo", context.df.getInput());
  return { from: true, got };
});

orchestration("activityFails", function* (context) {
  let caught: unknown;
  try {
    yield context.df.callActivity("boom", {});
  } catch (error) {
    caught = caughtText(error);
  }
  const after = yield context.df.callActivity("echo", { after: true });
  return { caught, after };
});

orchestration("fanOutOneFails", function* (context) {
  const { callActivity, Task } = { ...context.df, callActivity: context.df.callActivity.bind(context.df) };
  let caught: unknown;
  try {
    yield Task.all([
      callActivity("slow", { ms: 1500 }),
      callActivity("boom", {}),
      callActivity("echo", { n: 3 }),
    ]);
  } catch (error) {
    caught = caughtText(error);
  }
  const after = yield context.df.callActivity("echo", { after: true });
  return { caught, after };
});

orchestration("timer", function* (context) {
  const start = context.df.currentUtcDateTime.getTime();
  yield context.df.createTimer(new Date(start + 3000));
  const after = yield context.df.callActivity("nothing", {});
  const clockMoved = context.df.currentUtcDateTime.getTime() > start;
  return { after: after === undefined ? "undefined" : after, clockMoved };
});

orchestration("pollLoop", function* (context) {
  let polls = 0;
  for (;;) {
    const seen = (yield context.df.callActivity("echo", { polls })) as { polls: number };
    polls += 1;
    if (seen.polls === 2) return { polls };
    yield context.df.createTimer(later(context, 1000 * polls));
  }
});

orchestration("lanes", function* (context) {
  const id = context.df.instanceId;
  const lane = (k: number): df.Task =>
    context.df.callSubOrchestrator("lane", { lane: k, round: 0 }, `${id}-lane${String(k)}`);
  return yield context.df.Task.all([0, 1].map(lane));
});

orchestration("lane", function* (context) {
  const { lane, round } = context.df.getInput<{ lane: number; round: number }>();
  for (const n of [1, 2]) yield context.df.callActivity("echo", { lane, round, n });
  if (round < 2) return context.df.continueAsNew({ lane, round: round + 1 });
  return { lane, rounds: round + 1 };
});

orchestration("throws", function* (context) {
  yield context.df.callActivity("echo", {});
  throw new Error("the orchestrator said no");
});

orchestration("childThrows", function* (context) {
  let caught: unknown;
  try {
    yield context.df.callSubOrchestrator("throws", {}, `${context.df.instanceId}-child`);
  } catch (error) {
    caught = caughtText(error);
  }
  return { caught };
});

orchestration("customStatus", function* (context) {
  context.df.setCustomStatus({ phase: "one" });
  yield context.df.callActivity("echo", {});
  context.df.setCustomStatus({ phase: "two" });
  return "text result";
});

orchestration("inputs", function* (context) {
  const out: unknown[] = [];
  for (const value of [{ a: 1 }, [1, 2], "text", 7, true, false, null, undefined, ""]) {
    out.push(yield context.df.callActivity("seen", value));
  }
  return out;
});

orchestration("bigResult", function* (context) {
  const text = (yield context.df.callActivity("big", {})) as string;
  return { length: text.length };
});

orchestration("longTimer", function* (context) {
  yield context.df.createTimer(later(context, 3_600_000));
  return "never";
});

orchestration("parentOfLongTimer", function* (context) {
  return yield context.df.callSubOrchestrator("longTimer", {}, `${context.df.instanceId}-child`);
});

orchestration("missingActivity", function* (context) {
  return yield context.df.callActivity("notThere", {});
});

orchestration("missingChild", function* (context) {
  return yield context.df.callSubOrchestrator("notThere", {});
});

let turns = 0;
orchestration("changesItsMind", function* (context) {
  turns += 1;
  yield context.df.callActivity(turns === 1 ? "echo" : "seen", {});
  return "done";
});

orchestration("twice", function* (context) {
  yield context.df.createTimer(later(context, 4000));
  return context.df.getInput();
});

// eslint-disable-next-line require-yield -- an orchestrator that ends at once
orchestration("noYield", function* () {
  return "at once";
});
