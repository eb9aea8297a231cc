// What `npm start` shows: the addresses, the key, what is scheduled when, and each run's start and end.
import { printable } from "../../core/printable.ts";
import type { Profile } from "../../core/profile.ts";
import { progressLine } from "../../core/progress.ts";
import type { RunStatus } from "../../core/run.ts";
import { nextOccurrence } from "../../core/schedule.ts";
import { isoTime } from "../../core/units.ts";

export interface Up {
  /** `http://127.0.0.1:7071` */
  readonly url: string;
  /** File that holds the function key, as shown. */
  readonly keyFile: string;
  readonly profiles: readonly Profile[];
  /** Options by which `npm run runs` finds the backups again. */
  readonly stateOption: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The lines of a start, without a line end. The key itself is not among them: screens are photographed and logged. */
export function upText({ url, keyFile, profiles, stateOption, now }: Up): string {
  const [first] = profiles;
  return [
    `The app is up on ${url}`,
    "",
    "Profiles",
    ...(profiles.length === 0 ? ["  none yet; give some with --profile FILE"] : scheduleLines(profiles, now)),
    "",
    `Key      Every address wants the function key in the header x-functions-key. It lies in ${keyFile}`,
    `Start    POST ${url}/api/backups with {"profile": "${first?.name ?? "NAME"}"}`,
    `Watch    GET  ${url}/api/backups/ID, and /results when it has ended`,
    `Backups  npm run runs -- --profile ${first?.name ?? "NAME"}${stateOption}`,
    "",
    "Ctrl-C ends it; a run that is open then goes on at the next start.",
  ].join("\n");
}

/** A line for each profile: when it runs next, the earliest first; those that only run when they are started, last. */
export function scheduleLines(profiles: readonly Profile[], now: number): readonly string[] {
  return profiles
    .map(({ name, schedule }) => {
      const at = schedule === undefined ? undefined : nextOccurrence(schedule, now);
      const text =
        schedule === undefined || at === undefined
          ? "runs only when it is started"
          : `next ${localTime(at, schedule.zone)} in ${schedule.zone} (${schedule.cron})`;
      return { at: at ?? Infinity, text: `  ${name}: ${text}` };
    })
    .toSorted((a, b) => a.at - b.at)
    .map(({ text }) => text);
}

/** `2026-05-14 02:00` on the clocks of the zone. */
function localTime(at: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  return format.format(at);
}

/** `2026-05-14 02:00 UTC  Run nightly-20260514T020000Z has started (timer)` */
export function startedText({ id, startedAt, startedBy, dryRun }: RunStatus): string {
  return `${time(startedAt)}  ${dryRun ? "Dry run" : "Run"} ${printable(id)} has started (${startedBy})`;
}

export function endedText(status: RunStatus): string {
  const { id, finishedAt, startedAt, failure } = status;
  const lines = [
    `${time(finishedAt ?? startedAt)}  Run ${printable(id)} has ended`,
    `  ${progressLine(status, 0)}`,
    ...(failure === null ? [] : [`  ${printable(failure.text)}`, `  Do: ${printable(failure.next)}`]),
  ];
  return lines.join("\n");
}

function time(ms: number): string {
  return `${isoTime(ms).slice(0, 16).replace("T", " ")} UTC`;
}
