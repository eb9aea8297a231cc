import { expect, test } from "vitest";
import { tellRun } from "../../src/activities/tellRun.ts";
import type { TelemetryEvent } from "../../src/core/telemetry.ts";
import { runPaths } from "../../src/core/work-paths.ts";
import { aLine, aSummary } from "../core/report-samples.ts";
import { memoryStore } from "../memory-store.ts";

test("tellRun() tells each failed item once with its reason and the run last, and the same when it is repeated", async () => {
  const lines = [aLine(1, "saved"), aLine(2, "failed"), aLine(3, "skipped"), aLine(4, "failed")];
  const summary = aSummary(lines, { verdict: "partial" });
  const { runId } = summary.run;
  const paths = runPaths(runId);
  const work = memoryStore();
  const write = (path: string, value: unknown) => work.put(path, JSON.stringify(value));
  await write(paths.sealed, summary);
  await write(paths.plan(1), { batches: 1, batchSize: 20, pieces: 0, items: 4 });
  const kept = lines.map(({ item, outcome }) => ({ planned: { item }, outcome, finishedAt: 0 }));
  await write(paths.donePart(1, "d000000"), kept);

  const told: TelemetryEvent[] = [];
  const tell = (event: TelemetryEvent) => void told.push(event);
  expect(await tellRun({ runId }, { work, tell })).toEqual({ failedItems: 2 });
  const failedOf = (n: number) => ({
    name: "BackupItemFailed",
    runId,
    profile: "nightly",
    itemId: lines[n]?.item.id,
    reason: "portal-error",
  });
  expect(told.slice(0, 2)).toEqual([failedOf(1), failedOf(3)]);
  expect(told.slice(2)).toMatchObject([{ name: "BackupRun", verdict: "partial", failed: 2, listed: 4 }]);

  const once = [...told];
  await tellRun({ runId }, { work, tell });
  expect(told.slice(once.length)).toEqual(once);
});
