// Orchestrators that show one habit of the real engine each, or ask for something that the local host refuses.
import { appendFile } from "node:fs/promises";
import * as df from "durable-functions";
import type { OrchestrationContext } from "durable-functions";

type Steps = Generator<df.Task, unknown, never>;
type Ask = (context: OrchestrationContext) => df.Task;

function orchestration(name: string, steps: (context: OrchestrationContext) => Steps): void {
  df.app.orchestration(name, steps);
}

function inMs(context: OrchestrationContext, ms: number): Date {
  return new Date(context.df.currentUtcDateTime.getTime() + ms);
}

const retry = new df.RetryOptions(1000, 2);
const counter = new df.EntityId("counter", "one");
const REFUSED: Readonly<Record<string, Ask>> = {
  activityWithRetry: (context) => context.df.callActivityWithRetry("echo", retry, {}),
  childWithRetry: (context) => context.df.callSubOrchestratorWithRetry("child", retry, {}),
  externalEvent: (context) => context.df.waitForExternalEvent("news"),
  callEntity: (context) => context.df.callEntity(counter, "add", 1),
  callHttp: (context) => context.df.callHttp({ method: "GET", url: "http://127.0.0.1/" }),
  taskAny: (context) => context.df.Task.any([context.df.callActivity("echo", {})]),
  anyWithinAll: (context) =>
    context.df.Task.all([context.df.Task.any([context.df.callActivity("echo", {})])]),
  sevenDays: (context) => context.df.createTimer(inMs(context, 7 * 24 * 3600 * 1000)),
};
for (const [name, ask] of Object.entries(REFUSED)) {
  orchestration(`refused-${name}`, function* (context) {
    return yield ask(context);
  });
}
orchestration("refused-signalEntity", function* (context) {
  context.df.signalEntity(counter, "add", 1);
  return yield context.df.callActivity("echo", {});
});

orchestration("emptyAll", function* (context) {
  return yield context.df.Task.all([]);
});
df.app.orchestration("asyncGenerator", async function* (context: OrchestrationContext) {
  yield await Promise.resolve(context.df.callActivity("echo", {}));
} as unknown as df.OrchestrationHandler);
orchestration("scheduledTwice", function* (context) {
  const one = context.df.callActivity("echo", { n: 1 });
  yield one;
  return yield context.df.Task.all([one, context.df.callActivity("echo", { n: 2 })]);
});
orchestration("yieldedOneByOne", function* (context) {
  const [a, b] = [context.df.callActivity("echo", { n: 1 }), context.df.callActivity("echo", { n: 2 })];
  yield b;
  yield a;
  return "done";
});
orchestration("returnsWhileOpen", function* (context) {
  try {
    const slow = context.df.createTimer(inMs(context, 60_000));
    yield context.df.Task.all([slow, context.df.callActivity("boom", {})]);
  } catch {
    return "returned";
  }
  return "not reached";
});
orchestration("throwsWhileOpen", function* (context) {
  const slow = context.df.createTimer(inMs(context, 60_000));
  yield context.df.Task.all([slow, context.df.callActivity("boom", {})]);
});
orchestration("continuesWhileOpen", function* (context) {
  if (context.df.getInput<{ again?: boolean }>().again === true) return "second";
  try {
    const slow = context.df.createTimer(inMs(context, 60_000));
    yield context.df.Task.all([slow, context.df.callActivity("boom", {})]);
  } catch {
    context.df.continueAsNew({ again: true });
  }
  return undefined;
});
orchestration("cancelsTheTimer", function* (context) {
  const slow = context.df.createTimer(inMs(context, 60_000));
  try {
    yield context.df.Task.all([slow, context.df.callActivity("boom", {})]);
  } catch {
    slow.cancel();
  }
  return yield context.df.callActivity("echo", { after: true });
});
orchestration("stringInputs", function* (context) {
  const input: unknown = context.df.getInput();
  if (input === '"again"') return { input };
  const child = yield context.df.callSubOrchestrator("givesInput", "text");
  yield context.df.callActivity("echo", { child });
  context.df.continueAsNew("again");
  return undefined;
});
// eslint-disable-next-line require-yield -- an orchestrator that ends at once
orchestration("givesInput", function* (context) {
  return context.df.getInput();
});
// eslint-disable-next-line require-yield -- an orchestrator that ends at once
orchestration("timestampInput", function* (context) {
  const { deep } = context.df.getInput<{ deep: { Timestamp: unknown; when: unknown } }>();
  return { timestamp: deep.Timestamp instanceof Date, when: typeof deep.when };
});
orchestration("bigStatus", function* (context) {
  context.df.setCustomStatus({ text: "x".repeat(9000) });
  return yield context.df.callActivity("echo", {});
});
orchestration("liveChild", function* (context) {
  return yield context.df.callSubOrchestrator("longTimer", {}, "a-live-child");
});
orchestration("secretInFailure", function* (context) {
  yield context.df.callActivity("echo", {});
  throw new Error("no entry to https://x/?sv=1&sig=abc'def");
});
orchestration("activityWithSecret", function* (context) {
  return yield context.df.callActivity("boomWithKey", {});
});
orchestration("replaying", function* (context) {
  const seen: boolean[] = [];
  for (let n = 0; n < 2; n += 1) {
    yield context.df.callActivity("echo", {});
    seen.push(context.df.isReplaying);
  }
  return seen;
});
orchestration("times", function* (context) {
  const seen = [context.df.currentUtcDateTime.getTime()];
  yield context.df.createTimer(inMs(context, 5000));
  seen.push(context.df.currentUtcDateTime.getTime());
  return seen;
});

/** Leaves a line per delivery, so that a test can count effects; takes a moment, so that a kill can hit it. */
df.app.activity("leaveTrace", {
  handler: async (input: { readonly file: string; readonly text: string; readonly ms: number }) => {
    await new Promise((resolve) => setTimeout(resolve, input.ms));
    await appendFile(input.file, `${input.text}\n`);
    return { text: input.text };
  },
});
interface Work {
  readonly file: string;
  readonly ms: number;
  readonly lane: number;
  readonly next: number;
}
orchestration("work", function* (context) {
  const { file, ms } = context.df.getInput<Work>();
  const lane = (n: number): df.Task =>
    context.df.callSubOrchestrator(
      "workLane",
      { file, ms, lane: n, next: 0 },
      `${context.df.instanceId}-${String(n)}`,
    );
  return yield context.df.Task.all([0, 1, 2].map(lane));
});
orchestration("workLane", function* (context) {
  const { file, ms, lane, next } = context.df.getInput<Work>();
  for (const n of [next, next + 1]) {
    yield context.df.callActivity("leaveTrace", { file, ms, text: `${String(lane)}:${String(n)}` });
  }
  yield context.df.createTimer(inMs(context, 1000));
  if (next < 6) return context.df.continueAsNew({ file, ms, lane, next: next + 2 });
  return { lane, items: next + 2 };
});
orchestration("oneByOne", function* (context) {
  const { items } = context.df.getInput<{ items: number }>();
  for (let n = 0; n < items; n += 1) yield context.df.callActivity("echo", { n });
  return items;
});
