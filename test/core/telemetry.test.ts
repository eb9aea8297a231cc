import { expect, test } from "vitest";
import { eventLevel, eventLine, runEvent } from "../../src/core/telemetry.ts";
import { aLine, aSummary } from "./report-samples.ts";

const lines = [aLine(1, "saved", { title: "Secret plans" }), aLine(2, "failed"), aLine(3, "skipped")];

test("runEvent() has the verdict, the counts, the duration from opening, and nothing of the portal's texts", () => {
  const summary = aSummary(lines, { verdict: "partial" });
  const opened = { ...summary.run, openedAt: summary.finishedAt - 90_000 };
  const event = runEvent({ ...summary, run: opened });
  expect(event).toEqual({
    name: "BackupRun",
    runId: "nightly-20260514T020000Z",
    profile: "nightly",
    verdict: "partial",
    listed: 3,
    saved: 1,
    unchanged: 0,
    skipped: 1,
    failed: 1,
    sizeBytes: summary.sizeBytes,
    durationMs: 90_000,
    startedBy: "timer",
    dryRun: false,
    reason: null,
  });
});

test("runEvent() names the reason of a run that failed as a whole, and its duration is never negative", () => {
  const summary = aSummary([], {
    verdict: "failed",
    finishedAt: 0,
    failure: { reason: "sign-in-refused", text: "The portal refused", next: "Correct it" },
  });
  expect(runEvent(summary)).toMatchObject({ verdict: "failed", reason: "sign-in-refused", durationMs: 0 });
});

test("eventLine() is one line that begins with the name and goes on as JSON", () => {
  const line = eventLine(runEvent(aSummary(lines)));
  expect(line.startsWith('BackupRun {"runId":"nightly-')).toBe(true);
  expect(line).not.toContain("\n");
  expect(JSON.parse(line.slice("BackupRun ".length))).toMatchObject({ profile: "nightly", listed: 3 });
});

test("eventLevel() is an error for a failed run, a warning for what needs a look, else information", () => {
  const level = (verdict: "succeeded" | "partial" | "failed" | "canceled") =>
    eventLevel(runEvent(aSummary([], { verdict })));
  expect([level("failed"), level("partial"), level("canceled"), level("succeeded")]).toEqual([
    "error",
    "warn",
    "warn",
    "info",
  ]);
  const { runId, profile } = aSummary([]).run;
  const item = {
    name: "BackupItemFailed",
    runId,
    profile,
    itemId: "a".repeat(32),
    reason: "truncated",
  } as const;
  expect(eventLevel(item)).toBe("warn");
});
