import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FixtureHost, Status } from "./fixture-host.ts";
import { clock, removeFolders, START_MS, startFixture } from "./fixture-host.ts";

const time = clock();
let fixture: FixtureHost;

beforeAll(async () => {
  fixture = await startFixture({ clock: time });
});
afterAll(async () => {
  await fixture.host.stop();
  await removeFolders();
});

async function ended(name: string, input: unknown = {}): Promise<Status> {
  await fixture.start(name, name, input);
  await fixture.host.idle();
  return fixture.status(name);
}

describe("an action that the local host does not speak fails the instance with a sentence that names it", () => {
  it.each([
    ["activityWithRetry", "callActivityWithRetry"],
    ["childWithRetry", "callSubOrchestratorWithRetry"],
    ["externalEvent", "waitForExternalEvent"],
    ["callEntity", "callEntity"],
    ["signalEntity", "signalEntity"],
    ["callHttp", "callHttp"],
    ["taskAny", "Task.any"],
    ["anyWithinAll", "Task.any"],
  ])("%s", async (name, named) => {
    const { runtimeStatus, output } = await ended(`refused-${name}`);
    expect(runtimeStatus).toBe("Failed");
    expect(output).toContain(`The local host does not speak the action`);
    expect(output).toContain(named);
  });

  it("a timer of more than six days", async () => {
    const { runtimeStatus, output } = await ended("refused-sevenDays");
    expect(runtimeStatus).toBe("Failed");
    expect(output).toContain("more than six days");
  });
});

describe("habits of the real engine", () => {
  it("Task.all([]) and an async generator fail the instance", async () => {
    expect((await ended("emptyAll")).runtimeStatus).toBe("Failed");
    const failed = await ended("asyncGenerator");
    expect(failed.runtimeStatus).toBe("Failed");
    expect(failed.output).toContain("Orchestration yielded data of type undefined");
  });

  it("a task that was scheduled before runs again inside Task.all", async () => {
    await ended("scheduledTwice");
    const { activities } = await fixture.seen("scheduledTwice");
    expect(activities.filter((one) => JSON.stringify(one.input) === '{"n":1}')).toHaveLength(2);
  });

  it("tasks take their ids when they are yielded, and run one by one then", async () => {
    expect((await ended("yieldedOneByOne")).output).toBe("done");
    const { replays, activities } = await fixture.seen("yieldedOneByOne");
    expect(activities.map((one) => one.input)).toEqual([{ n: 2 }, { n: 1 }]);
    expect(replays).toHaveLength(3);
  });

  it.each([
    ["returnsWhileOpen", "Completed", "returned"],
    ["throwsWhileOpen", "Failed", expect.stringContaining("boom said no") as string],
    ["continuesWhileOpen", "Completed", "second"],
  ])("%s: nothing ends while a timer is open", async (name, status, output) => {
    expect((await ended(name)).runtimeStatus).toBe("Running");
    time.advance(60_000);
    await fixture.host.idle();
    expect(await fixture.status(name)).toMatchObject({ runtimeStatus: status, output });
  });

  it("a canceled timer holds nothing up", async () => {
    expect(await ended("cancelsTheTimer")).toMatchObject({
      runtimeStatus: "Completed",
      output: { after: true },
    });
  });

  it("a string reaches a child as it is, and the next generation with extra quotes", async () => {
    expect((await ended("stringInputs")).output).toEqual({ input: '"again"' });
    const { activities } = await fixture.seen("stringInputs");
    expect(activities[0]?.input).toEqual({ child: "text" });
  });

  it("a start without input arrives as the empty string", async () => {
    await fixture.call("POST", "/api/start/givesInput/no-input");
    await fixture.host.idle();
    expect(await fixture.status("no-input")).toMatchObject({ output: "", input: "" });
  });

  it("a key named Timestamp becomes a Date, however deep", async () => {
    const when = "2026-11-24T00:00:00.000Z";
    const { output } = await ended("timestampInput", { deep: { Timestamp: when, when } });
    expect(output).toEqual({ timestamp: true, when: "string" });
  });

  it("a custom status of more than 16 KB fails the instance", async () => {
    const { runtimeStatus, output } = await ended("bigStatus");
    expect(runtimeStatus).toBe("Failed");
    expect(output).toContain("16 KB");
  });

  it("credentials in failure texts are cut out as the Functions host does", async () => {
    expect((await ended("secretInFailure")).output).toBe(
      "Orchestrator function 'secretInFailure' failed: no entry to https://x/?sv=1[Hidden Credential]'def",
    );
    const { output } = await ended("activityWithSecret");
    expect(output).toContain("Activity function 'boomWithKey' failed:  refused: [Hidden Credential]");
    expect(output).not.toContain("secret-of-mine");
  });

  it("isReplaying is false only where the code goes on for the first time", async () => {
    expect((await ended("replaying")).output).toEqual([true, false]);
  });

  it("timestamps and timers follow the host's clock", async () => {
    const startMs = time.now();
    expect(startMs).toBeGreaterThanOrEqual(START_MS);
    await ended("times");
    time.advance(4999);
    await fixture.host.idle();
    expect((await fixture.status("times")).runtimeStatus).toBe("Running");
    time.advance(1);
    await fixture.host.idle();
    expect((await fixture.status("times")).output).toEqual([startMs, startMs + 5000]);
  });

  it("a call of an unregistered activity or child leaves the instance Running for ever, with a warning", async () => {
    expect((await ended("missingActivity")).runtimeStatus).toBe("Running");
    expect((await ended("missingChild")).runtimeStatus).toBe("Running");
    const warnings = fixture.logs.filter((text) => text.startsWith("warning") && text.includes('"notThere"'));
    expect(warnings).toHaveLength(2);
  });

  it("an unknown orchestration that a client starts is Failed", async () => {
    const { runtimeStatus, output } = await ended("nobody");
    expect(runtimeStatus).toBe("Failed");
    expect(output).toContain("The function 'nobody' doesn't exist");
  });

  it("a child under the id of a live instance fails at its parent", async () => {
    await fixture.start("longTimer", "a-live-child");
    const { runtimeStatus, output } = await ended("liveChild");
    expect(runtimeStatus).toBe("Failed");
    expect(output).toContain("An Orchestration instance with the status Running already exists.");
  });
});
