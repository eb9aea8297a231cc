// How long a job of a service is waited for: one that the service has lost ends soon, one that cannot be read goes on.
import { expect, test } from "vitest";
import type { Attempt } from "../../src/activities/export/export-record.ts";
import type { AtRung } from "../../src/activities/export/means.ts";
import { type JobState, notDone } from "../../src/activities/export/service-job.ts";
import { type Result, failed, ok } from "../../src/core/result.ts";

const MINUTE = 60_000;
const LOST: Result<JobState> = failed("not-found", "Cannot read tile job j1", "Look");
const UNREADABLE: Result<JobState> = failed("transient", "Cannot read tile job j1", "Look");

function at(minutes: number, attempt: Partial<Attempt> = {}, tried = 0): AtRung {
  const now = {
    ...{ rung: "tpkx" as const, layers: [], startedAt: 0, looks: 0, previous: null, saidCompleted: false },
    ...{ tries: 0, tried: null, job: { kind: "tiles" as const, jobId: "j1" } },
    ...attempt,
  };
  const record = { startedAt: 0, tried: Array.from({ length: tried }), now, parked: false };
  const run = { profile: { exports: { timeoutMinutes: 60, hardLimitHours: 24, lanes: 1 } } };
  const planned = { item: { title: "Base map", size: -1 } };
  return { run, planned, record, attempt: now, key: { at: minutes * MINUTE } } as unknown as AtRung;
}

const look = (where: AtRung, status: Result<JobState>) => notDone(where, status, "export the tiles of");

test("a job that the service does not know twice in a row is tried anew in another round", () => {
  const first = look(at(1), LOST);
  expect(first).toMatchObject({ do: "wait", record: { now: { tries: 1 } } });
  const second = look(at(3, { tries: 1 }), LOST);
  expect(second).toMatchObject({ do: "failed", failure: { reason: "transient" } });
  expect(JSON.stringify(second)).toContain(
    'Cannot export the tiles of \\"Base map\\": the service does not know',
  );
});

test("a job that is found again, or that cannot be read, is waited for", () => {
  expect(look(at(3, { tries: 2 }), ok({ state: "working", message: "" }))).toMatchObject({
    do: "wait",
    record: { now: { tries: 0 } },
  });
  expect(look(at(3, { tries: 2 }), UNREADABLE)).toMatchObject({ do: "wait", overdue: false });
});

test("it is looked at every two minutes at least, since its result does not live long", () => {
  const seen = look(at(59), UNREADABLE);
  expect(seen.do === "wait" && seen.seconds).toBe(120);
});

test("a failed job tells what the service said", () => {
  const told = look(at(1), ok({ state: "failed", message: "ERROR 001564: too many tiles" }));
  expect(told).toMatchObject({ do: "failed", failure: { reason: "export-failed" } });
  expect(JSON.stringify(told)).toContain("ERROR 001564");
});

test("the first rung may last until the hard limit, one below it until the timeout", () => {
  expect(look(at(61), UNREADABLE)).toMatchObject({ do: "wait", overdue: true });
  expect(look(at(24 * 60), UNREADABLE)).toMatchObject({ failure: { reason: "export-timeout" } });
  expect(look(at(60, {}, 1), UNREADABLE)).toMatchObject({ failure: { reason: "export-timeout" } });
});
