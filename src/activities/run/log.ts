// Events of the run that belong to no item; sealing merges them with the items' into Full_log.log.
import type { LogEvent } from "../../core/log-line.ts";
import type { Run } from "./context.ts";
import { firstRecord } from "./records.ts";

/** Keeps the events of one step under the step's name; a repeated step keeps the first record. */
export async function logStep(
  run: Pick<Run, "work" | "paths">,
  step: string,
  events: readonly LogEvent[],
): Promise<void> {
  await firstRecord(run.work, `${run.paths.log}${step}.json`, events);
}
