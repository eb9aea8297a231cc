// What the jobs of a service have in common, be it an extract or an export of tiles: they fail, get lost, come too late, or go on.
// Services delete what a job made after some minutes, so that a job is looked at more often than an export of the portal.
import { type Failure, type FailureReason, type Result, failed } from "../../core/result.ts";
import { limitsOf, secondsToLook } from "./limits.ts";
import { type AtRung, type Look, withAttempt } from "./means.ts";

/** At the longest between two looks: results live for about ten idle minutes (rest-api.md 11.1, 12.4). */
const LOOK_AT_LEAST_S = 120;
/** A job that the service does not know: so often in a row, and it is lost. */
const LOST_AFTER = 2;

export interface JobState {
  readonly state: "working" | "completed" | "succeeded" | "failed";
  readonly message: string;
}

/** What a look means that did not find the job well ended. `what` follows "Cannot": `extract`, `export the tiles of`. */
export function notDone(at: AtRung, status: Result<JobState>, what: string): Look {
  const { planned, attempt } = at;
  const name = JSON.stringify(planned.item.title);
  const isLost = !status.ok && status.failure.reason === "not-found";
  // `tries` counts the looks in a row that did not find the job.
  const record = withAttempt({ ...at.record, parked: false }, attempt, {
    looks: attempt.looks + 1,
    tries: isLost ? attempt.tries + 1 : 0,
  });
  const end = (reason: FailureReason, why: string): Look => ({
    do: "failed",
    record,
    ...failed(reason, `Cannot ${what} ${name}: ${why}`, AGAIN),
  });
  if (status.ok && status.value.state === "failed") {
    const said = status.value.message.trim();
    return end("export-failed", said === "" ? "the service gives no reason" : said);
  }
  if (!status.ok && status.failure.reason === "sign-in-refused") {
    return { do: "failed", failure: status.failure, record };
  }
  if (isLost && attempt.tries + 1 >= LOST_AFTER) {
    return { do: "failed", failure: lostJob(what, planned.item.title), record };
  }
  const { elapsedMs, timeoutMs, hardLimitMs } = limitsOf(at);
  if (elapsedMs >= hardLimitMs) {
    const minutes = Math.round(elapsedMs / 60_000);
    return end("export-timeout", `the service has not finished in ${minutes} minutes`);
  }
  const seconds = Math.min(LOOK_AT_LEAST_S, secondsToLook(at));
  // A status that cannot be read now says nothing of the job: waiting goes on.
  return { do: "wait", seconds, overdue: elapsedMs >= timeoutMs, record };
}

/** Services keep what they made for minutes: a job that is gone will not come back, and another round begins anew. */
export function lostJob(what: string, title: string): Failure {
  return failed(
    "transient",
    `Cannot ${what} ${JSON.stringify(title)}: the service does not know its job any more, which was not saved in time`,
    "Start the run again, or give the profile fewer exports.lanes",
  ).failure;
}

const AGAIN =
  "Start the run again; if it stays so, export the layer once by hand, to see what ArcGIS says, then ask Esri support";
