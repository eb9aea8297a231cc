import { expect, test } from "vitest";
import { beginClosing } from "../../src/activities/beginClosing.ts";
import type { OpenRunInput } from "../../src/activities/openRun.ts";
import { cancelRequest, requestCancel } from "../../src/activities/run/cancel.ts";
import { writeRecord } from "../../src/activities/run/records.ts";
import { sealRun } from "../../src/activities/sealRun.ts";
import { runPaths, statePath } from "../../src/core/work-paths.ts";
import { night, stateOf } from "../functions/nights.ts";

const NOW = Date.parse("2026-11-24T02:00:00Z");
const INPUT: OpenRunInput = {
  runId: "acme-20261124T020000Z",
  profile: "acme",
  startedAt: NOW,
  startedBy: "timer",
};
const FAILURE = {
  reason: "program-error",
  text: "The run stopped before its end",
  next: "Start it again",
} as const;

test("beginClosing() gives a run that died before its first record one, so that it is sealed and frees the profile", async () => {
  const { deps, work } = night(NOW);
  await writeRecord(work, statePath("acme"), { openRun: INPUT, lastRun: null });
  for (let n = 0; n < 2; n += 1) {
    expect(await beginClosing(INPUT, deps)).toEqual({ sealed: false, reachedPortal: false });
  }
  expect(await cancelRequest(work, INPUT.runId)).toEqual({ at: NOW, by: "closing" });
  expect(await sealRun({ runId: INPUT.runId, failure: FAILURE }, deps)).toMatchObject({ verdict: "failed" });
  expect(await stateOf(work, "acme")).toMatchObject({ openRun: null, lastRun: INPUT.runId });
  const results = await work.get(runPaths(INPUT.runId).results);
  const text = results.ok ? new TextDecoder().decode(results.value?.bytes) : "";
  expect(text).toMatch(/^FAILED/);
  expect(text).toContain(FAILURE.text);
});

test("beginClosing() leaves a sealed run alone, and sealing it again frees the profile that it held still", async () => {
  const { deps, work } = night(NOW);
  await beginClosing(INPUT, deps);
  await sealRun({ runId: INPUT.runId, failure: FAILURE }, deps);
  await writeRecord(work, statePath("acme"), { openRun: INPUT, lastRun: null });
  expect(await beginClosing(INPUT, deps)).toEqual({ sealed: true, reachedPortal: false });
  await sealRun({ runId: INPUT.runId }, deps);
  expect(await stateOf(work, "acme")).toMatchObject({ openRun: null, lastRun: INPUT.runId });
});

test("beginClosing() keeps the flag of somebody who asked to cancel before", async () => {
  const { deps, work } = night(NOW);
  await requestCancel(work, INPUT.runId, { at: NOW - 1000, by: "http" });
  await beginClosing(INPUT, deps);
  expect((await cancelRequest(work, INPUT.runId))?.by).toBe("http");
});
