// What is scheduled when, for people.
import type { Profile } from "./profile.ts";
import { type Schedule, nextOccurrence } from "./schedule.ts";
import { isoTime } from "./units.ts";

export interface NextRun {
  readonly profile: string;
  /** Epoch ms. */
  readonly at: number;
  /** `acme: Wed 25 Nov 2026, 02:00 in America/Denver (2026-11-25T09:00:00.000Z)` */
  readonly text: string;
}

/** The next run of each profile that has a schedule, the earliest first. `now`: epoch ms. */
export function nextRuns(profiles: readonly Profile[], now: number): readonly NextRun[] {
  return profiles
    .flatMap(({ name, schedule }) => {
      const at = schedule === undefined ? undefined : nextOccurrence(schedule, now);
      return schedule === undefined || at === undefined
        ? []
        : [{ profile: name, at, text: `${name}: ${localTime(schedule, at)} (${isoTime(at)})` }];
    })
    .sort((a, b) => a.at - b.at || (a.profile < b.profile ? -1 : 1));
}

/** The clock on the wall of the schedule's zone, written without a locale's own marks. */
function localTime({ zone }: Schedule, at: number): string {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes): string =>
    parts
      .filter((part) => part.type === type)
      .map(({ value }) => value)
      .join("");
  const day = `${of("weekday")} ${of("day")} ${of("month")} ${of("year")}`;
  return `${day}, ${of("hour")}:${of("minute")} in ${zone}`;
}
