import { describe, expect, test } from "vitest";
import { writeRecord } from "../../src/activities/run/records.ts";
import { runPaths } from "../../src/core/work-paths.ts";
import { startRun } from "../../src/functions/starting.ts";
import { tick } from "../../src/functions/tick.ts";
import { CLOSINGS_MOST } from "../../src/functions/tending.ts";
import { faultyStore } from "../faulty-store.ts";
import { memoryStore } from "../memory-store.ts";
import { type Night, night, profileText, putProfile, seal, stateOf } from "./nights.ts";

const NIGHTLY = { cron: "0 2 * * *", zone: "UTC" };
const MINUTE = 60_000;
const at = (text: string): number => Date.parse(`2026-11-${text}Z`);
const SEEN = at("10T12:00:00");

/** The clock goes to `time`, and a tick comes; what it started. */
async function tickAt(app: Night, time: string): Promise<readonly string[]> {
  app.now = at(time);
  const before = app.orchestrations.started.length;
  await tick(app.deps, app.orchestrations, app.log);
  return app.orchestrations.started.slice(before).map(({ name, id }) => `${name} ${id}`);
}

/** An app that has seen one nightly profile. */
async function seen(...names: readonly string[]): Promise<Night> {
  const app = night(SEEN);
  for (const name of names) await putProfile(app.work, name, profileText(name, NIGHTLY));
  expect(await tickAt(app, "10T12:00:00")).toEqual([]);
  return app;
}

/** As `seen`, with a run of last night that began and whose instance ended without sealing. */
async function dead(): Promise<{ app: Night; id: string }> {
  const app = await seen("acme");
  await tickAt(app, "11T02:00:00");
  const id = "acme-20261111T020000Z";
  await writeRecord(app.work, runPaths(id).run, {});
  app.orchestrations.end(id);
  return { app, id };
}

describe("tick()", () => {
  test("two profiles of the same second each get their run, and a profile of the settings too", async () => {
    const app = await seen("acme", "umbrella");
    expect(await tickAt(app, "11T02:00:03")).toEqual([
      "backup acme-20261111T020000Z",
      "backup umbrella-20261111T020000Z",
    ]);
    const text = profileText("by-settings", NIGHTLY);
    const profile = app.deps.profile("by-settings", new TextEncoder().encode(text));
    if (!profile.ok) throw new Error(profile.failure.text);
    const other = night(SEEN, memoryStore(), profile.value);
    await tickAt(other, "10T12:00:00");
    expect(await tickAt(other, "11T02:00:00")).toEqual(["backup by-settings-20261111T020000Z"]);
  });

  test("a broken profile is told and stops no other", async () => {
    const app = await seen("acme", "zeta");
    await putProfile(app.work, "broken", `{"name": "broken", "portal": {`);
    await putProfile(app.work, "misnamed", profileText("acme", NIGHTLY));
    await putProfile(app.work, "bad\u001b[2Jname", "{}");
    expect(await tickAt(app, "11T02:00:00")).toEqual([
      "backup acme-20261111T020000Z",
      "backup zeta-20261111T020000Z",
    ]);
    const told = app.log.lines.join("\n");
    expect(told).toContain('error Profile "broken" is not run: The profile is not JSON');
    expect(told).toContain(
      'error Profile "misnamed" is not run: its blob holds a profile that is called "acme"',
    );
    expect(told).toContain('warn "profiles/bad\\u{1B}[2Jname.json" is no profile');
  });

  test("an occurrence waits for an open run, and only the latest is caught up", async () => {
    const app = await seen("acme");
    await tickAt(app, "11T02:00:00");
    expect(await tickAt(app, "12T02:00:00")).toEqual([]);
    expect(app.log.lines.at(-1)).toContain("waits: run acme-20261111T020000Z has not finished");
    expect(await tickAt(app, "13T02:00:00")).toEqual([]);
    await seal(app, "acme", "acme-20261111T020000Z");
    expect(await tickAt(app, "13T02:05:00")).toEqual(["backup acme-20261113T020000Z"]);
    expect(app.log.lines.at(-1)).toContain("the one before it was missed");
  });

  test("a changed schedule, and one that comes back, count from then on", async () => {
    const app = await seen("acme");
    await putProfile(app.work, "acme", profileText("acme", { cron: "0 1 * * *", zone: "UTC" }));
    expect(await tickAt(app, "11T01:30:00")).toEqual([]);
    expect(await tickAt(app, "12T01:00:00")).toEqual(["backup acme-20261112T010000Z"]);
    await seal(app, "acme", "acme-20261112T010000Z");
    await app.work.delete("profiles/acme.json");
    expect(await tickAt(app, "13T01:00:00")).toEqual([]);
    await putProfile(app.work, "acme", profileText("acme", { cron: "0 1 * * *", zone: "UTC" }));
    expect(await tickAt(app, "13T12:00:00")).toEqual([]);
    expect(await tickAt(app, "14T01:00:00")).toEqual(["backup acme-20261114T010000Z"]);
  });

  test("a run that was asked for in the very second of the occurrence takes nothing away from it", async () => {
    const app = await seen("acme");
    app.now = at("11T02:00:00");
    const ask = { profile: "acme", startedAt: app.now, startedBy: "http", dryRun: true } as const;
    const started = await startRun(app.deps, app.orchestrations, ask);
    expect(started).toEqual({ ok: true, id: "acme-20261111T020000Z" });
    await writeRecord(app.work, runPaths("acme-20261111T020000Z").run, {});
    expect(await tickAt(app, "11T02:00:10")).toEqual([]);
    await seal(app, "acme", "acme-20261111T020000Z");
    expect(await tickAt(app, "11T02:05:00")).toEqual(["backup acme-20261111T020001Z"]);
    await seal(app, "acme", "acme-20261111T020001Z");
    expect(await tickAt(app, "11T02:10:00")).toEqual([]);
  });

  test("a tick so slow that another one's run has ended meanwhile starts nothing again", async () => {
    const app = await seen("acme");
    const ask = { profile: "acme", startedAt: at("11T02:00:00"), startedBy: "timer" } as const;
    await tickAt(app, "11T02:00:00");
    await seal(app, "acme", "acme-20261111T020000Z");
    expect(await startRun(app.deps, app.orchestrations, ask)).toMatchObject({ ok: false });
    expect(app.orchestrations.started).toHaveLength(1);
    expect((await stateOf(app.work, "acme"))?.openRun).toBeNull();
  });

  test("a tick that dies at any of its calls starts the occurrence once in the end, and loses none", async () => {
    let calls = Infinity;
    for (let last = 0; last <= calls; last += 1) {
      const work = memoryStore();
      const whole = night(SEEN, work);
      for (const name of ["acme", "umbrella"]) await putProfile(work, name, profileText(name, NIGHTLY));
      await tickAt(whole, "10T12:00:00");
      const faulty = faultyStore(work, () => (faulty.calls.length > last ? "thrown" : undefined));
      whole.now = at("11T02:00:00");
      const dying = { ...whole.deps, work: faulty.store };
      // Starting needs the process too: it is as dead as the store.
      const alive = whole.orchestrations;
      const orchestrations = {
        start: (name: string, id: string) =>
          faulty.calls.length > last ? Promise.reject(new Error("dead")) : alive.start(name, id),
        state: (id: string) => alive.state(id),
        purge: (before: number) => alive.purge(before),
      };
      await tick(dying, orchestrations, whole.log).catch(() => undefined);
      if (faulty.calls.length <= last) calls = last;
      await tickAt(whole, "11T02:05:00");
      expect(alive.ids("backup").toSorted(), `after ${last} calls`).toEqual([
        "acme-20261111T020000Z",
        "umbrella-20261111T020000Z",
      ]);
    }
    expect(calls).toBeGreaterThan(15);
  });

  test("a tick that dies between the claim and the start is made good by the next one", async () => {
    const app = await seen("acme");
    app.now = at("11T02:00:00");
    const start = () => Promise.reject(new Error("The worker is gone"));
    await tick(
      app.deps,
      Object.assign(Object.create(app.orchestrations) as typeof app.orchestrations, { start }),
      app.log,
    );
    expect(app.log.lines.at(-1)).toContain('error Profile "acme": the tick failed');
    expect(app.orchestrations.started).toEqual([]);
    expect(await tickAt(app, "11T02:05:00")).toEqual(["backup acme-20261111T020000Z"]);
  });
});

describe("a dead run", () => {
  test("is closed once by however many ticks, and then the profile is free", async () => {
    const { app, id } = await dead();
    app.now = at("11T03:00:00");
    await Promise.all([1, 2, 3].map(() => tick(app.deps, app.orchestrations, app.log)));
    expect(app.orchestrations.ids("closeRun")).toEqual([`${id}-close`]);
    expect(await tickAt(app, "12T02:00:00")).toEqual([]);
    expect(app.log.lines.at(-1)).toContain(`waits: the dead run ${id} is closed first`);
    app.orchestrations.end(`${id}-close`);
    await seal(app, "acme", id);
    expect(await tickAt(app, "12T02:05:00")).toEqual(["backup acme-20261112T020000Z"]);
  });

  test("whose closing fails while another tick looks at it is closed again by the next tick only", async () => {
    const { app, id } = await dead();
    const closing = `${id}-close`;
    // The slow tick has read that nothing closes the run; meanwhile another one has begun, and that has failed.
    const state = async (asked: string) => {
      if (asked !== closing) return app.orchestrations.state(asked);
      await tick(app.deps, app.orchestrations, app.log);
      app.orchestrations.end(closing);
      return "absent" as const;
    };
    const slow = Object.assign(Object.create(app.orchestrations) as typeof app.orchestrations, { state });
    await tick(app.deps, slow, app.log);
    expect(app.orchestrations.ids("closeRun")).toEqual([closing]);
    expect(await tickAt(app, "11T03:00:00")).toEqual([`closeRun ${closing}`]);
    expect((await stateOf(app.work, "acme"))?.closing).toEqual({ runId: id, count: 2 });
  });

  test("is closed for a profile without a schedule and for one that was deleted", async () => {
    const { app, id } = await dead();
    await app.work.delete("profiles/acme.json");
    expect(await tickAt(app, "11T03:00:00")).toEqual([`closeRun ${id}-close`]);
  });

  test("is closed when its history was purged, and started when it never was", async () => {
    const { app, id } = await dead();
    app.orchestrations.forget(id);
    expect(await tickAt(app, "11T03:00:00")).toEqual([`closeRun ${id}-close`]);
    const other = await seen("acme");
    await tickAt(other, "11T02:00:00");
    other.orchestrations.forget(id);
    expect(await tickAt(other, "11T02:05:00")).toEqual([`backup ${id}`]);
  });

  test("that cannot be closed frees the profile after the last closing, and that is told", async () => {
    const { app, id } = await dead();
    for (let n = 0; n < CLOSINGS_MOST; n += 1) {
      expect(await tickAt(app, `11T03:0${n * 2}:00`)).toEqual([`closeRun ${id}-close`]);
      app.orchestrations.end(`${id}-close`);
    }
    // Who starts a run has no log to tell it in: the next tick gives up.
    const ask = { profile: "acme", startedAt: app.now, startedBy: "http" } as const;
    expect(await startRun(app.deps, app.orchestrations, ask)).toEqual({ ok: false, closing: id });
    expect(await tickAt(app, "11T04:00:00")).toEqual([]);
    expect(app.log.lines.find((line) => line.startsWith("error"))).toContain(
      `run ${id} ended without sealing, and closing it failed ${CLOSINGS_MOST} times`,
    );
    expect(await stateOf(app.work, "acme")).toMatchObject({ openRun: null, lastRun: id });
    expect(await tickAt(app, "12T02:00:00")).toEqual(["backup acme-20261112T020000Z"]);
  });

  test("met by someone who starts a run is closed first", async () => {
    const { app, id } = await dead();
    app.now += 60 * MINUTE;
    const ask = { profile: "acme", startedAt: app.now, startedBy: "http" } as const;
    expect(await startRun(app.deps, app.orchestrations, ask)).toEqual({ ok: false, closing: id });
    expect(app.orchestrations.ids("closeRun")).toEqual([`${id}-close`]);
    app.orchestrations.end(`${id}-close`);
    await seal(app, "acme", id);
    expect(await startRun(app.deps, app.orchestrations, ask)).toEqual({
      ok: true,
      id: "acme-20261111T030000Z",
    });
  });
});
