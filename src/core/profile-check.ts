// The connection check: whether a profile's run would reach all that it needs, told before the first night. Pure: what was
// found comes in, one sentence for each part comes out.
import { destinationWords } from "./destination.ts";
import { printable } from "./printable.ts";
import type { Failure } from "./result.ts";
import { type Schedule, nextOccurrence } from "./schedule.ts";

export const CHECKS = ["portal", "privileges", "destination", "mail", "schedule"] as const;

export interface Check {
  readonly check: (typeof CHECKS)[number];
  /** `warning`: a run works, with less than one might expect. */
  readonly state: "ok" | "warning" | "failed";
  readonly text: string;
  /** What to do; absent where all is well. */
  readonly next?: string;
}

/** A part that does not work. */
export function failedCheck(check: Check["check"], { text, next }: Pick<Failure, "text" | "next">): Check {
  return { check, state: "failed", text, next };
}

/** What an account needs for the whole of an organisation, and what is lost without it. */
const NEEDS: readonly (readonly [privilege: string, without: string])[] = [
  ["portal:admin:viewUsers", "other members' items are not listed"],
  ["portal:admin:viewItems", "other members' items are not read"],
  ["portal:user:createItem", "no hosted layer is exported, as its temporary export has no owner"],
  ["portal:admin:updateItems", "hosted layers of other members are exported only where they allow it"],
  ["portal:admin:deleteItems", "temporary exports in other members' content cannot be removed"],
];

/** Judged by privileges, never by a role's name. */
export function privilegeCheck(username: string, privileges: readonly string[]): Check {
  const missing = NEEDS.filter(([privilege]) => !privileges.includes(privilege));
  const who = `"${printable(username, 60)}"`;
  if (missing.length === 0) {
    return { check: "privileges", state: "ok", text: `${who} may read and export every member's items` };
  }
  return {
    check: "privileges",
    state: "warning",
    text: `${who} lacks ${missing.map(([privilege, without]) => `${privilege} (${without})`).join("; ")}`,
    next: "Give the account a role with these privileges, or accept that the backup holds less; each report says so",
  };
}

/** `name`: of the container, or the folder's path. `readable` false: the destination takes blobs and does not hand them out. */
export function destinationCheck(name: string, readable: boolean): Check {
  const place = destinationWords(name);
  return readable
    ? { check: "destination", state: "ok", text: `Writes to ${place} and reads back` }
    : {
        check: "destination",
        state: "warning",
        text: `Writes to ${place} and may not read it: exports are proved while they pass, not from the storage`,
        next: "Allow reading, where the proof from the storage is wanted",
      };
}

/** When the profile runs next. `now` in epoch milliseconds. */
export function scheduleCheck(schedule: Schedule | undefined, now: number): Check {
  if (schedule === undefined) {
    return { check: "schedule", state: "ok", text: "No schedule: it runs only when it is started" };
  }
  const next = nextOccurrence(schedule, now);
  const at = next === undefined ? "never" : new Date(next).toISOString();
  return {
    check: "schedule",
    state: next === undefined ? "failed" : "ok",
    text: `Next run ${at} (${schedule.cron} in ${schedule.zone})`,
    ...(next === undefined && { next: "Correct schedule.cron in the profile" }),
  };
}
