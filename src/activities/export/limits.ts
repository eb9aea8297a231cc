// How long a rung may last: the first one until the item's hard limit, those below it until the profile's timeout.
import { nextPollSeconds } from "../../core/export-job.ts";
import { RUNG_FILES } from "../../core/ladder-files.ts";
import type { AtRung } from "./means.ts";

export interface Limits {
  readonly elapsedMs: number;
  /** From here on the attempt is overdue, and its lane may do other work meanwhile. */
  readonly timeoutMs: number;
  /** The end of all waiting for this attempt. */
  readonly hardLimitMs: number;
}

/** All relative to the attempt's start, on the orchestration's clock. */
export function limitsOf({ run, key, record, attempt }: AtRung): Limits {
  const { timeoutMinutes, hardLimitHours } = run.profile.exports;
  const timeoutMs = timeoutMinutes * 60_000;
  const itemLimitMs = record.startedAt + hardLimitHours * 3_600_000 - attempt.startedAt;
  // Queries go forward with every step: they are not waited for in vain.
  const isBounded = record.tried.length > 0 && RUNG_FILES[attempt.rung].means !== "rows";
  return {
    elapsedMs: key.at - attempt.startedAt,
    timeoutMs,
    hardLimitMs: isBounded ? Math.min(timeoutMs, itemLimitMs) : itemLimitMs,
  };
}

/** Seconds to the next look: never past the limit, at which the attempt ends. */
export function secondsToLook(at: AtRung): number {
  const { elapsedMs, hardLimitMs } = limitsOf(at);
  const left = Math.max(1, Math.ceil((hardLimitMs - elapsedMs) / 1000));
  return Math.min(nextPollSeconds(elapsedMs, at.planned.item.size), left);
}
