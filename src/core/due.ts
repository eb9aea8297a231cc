// Whether a profile's schedule asks for a run now. After an outage only the latest missed occurrence runs: two backups of
// the same organisation one after the other would differ by nothing.
import { type Schedule, countOccurrences, latestOccurrence } from "./schedule.ts";
import { formatOf, isoTime } from "./units.ts";

export interface DueQuestion {
  readonly schedule: Schedule;
  /** When the app first saw this schedule, epoch ms: what lies before it never runs, for a new or changed profile. */
  readonly since: number;
  /** The newest occurrence that was started, epoch ms. */
  readonly lastOccurrence: number | undefined;
  /** Epoch ms. */
  readonly now: number;
}

export interface DueOccurrence {
  /** Epoch ms. */
  readonly at: number;
  /** Occurrences before it that nobody started, at most MISSED_MOST. */
  readonly missed: number;
  /** Why it runs, in words. */
  readonly text: string;
}

export const MISSED_MOST = 100;

/** The occurrence to run now: the latest that is past and not started. undefined: none. */
export function dueOccurrence({
  schedule,
  since,
  lastOccurrence,
  now,
}: DueQuestion): DueOccurrence | undefined {
  const after = Math.max(since, lastOccurrence ?? since);
  const at = latestOccurrence(schedule, after, now);
  if (at === undefined) return undefined;
  const missed = countOccurrences(schedule, after, at - 1, MISSED_MOST);
  return { at, missed, text: `the occurrence of ${isoTime(at)} is due${caughtUp(missed)}` };
}

function caughtUp(missed: number): string {
  if (missed === 0) return "";
  if (missed === 1) return " and caught up: the one before it was missed";
  const many = formatOf(missed, "occurrence");
  return ` and caught up: the ${missed < MISSED_MOST ? many : `${many} or more`} before it were missed`;
}
