// How many requests a run cost the portal. Each worker keeps its own sum in a record of its own, so that nothing is counted
// twice; what a lost worker had not told yet is missing.
import { runPaths } from "../../core/work-paths.ts";
import type { Deps } from "../../deps.ts";
import type { Run } from "./context.ts";
import { listRecords, must } from "./records.ts";

/** Tells what this worker has asked the portal for the run so far. */
export async function tellRequests(run: Pick<Run, "work" | "paths" | "record" | "deps">): Promise<void> {
  const { deps, paths, work } = run;
  const requests = deps.portalRequests(run.record.runId);
  const path = `${paths.requests}${deps.workerId}.json`;
  must(await work.put(path, "{}", { metadata: { requests: String(requests) } }));
}

/** The sum over all workers. */
export async function requestsOf(deps: Deps, runId: string): Promise<number> {
  let sum = 0;
  for await (const { metadata } of listRecords(deps.work, runPaths(runId).requests)) {
    sum += Number(metadata["requests"] ?? 0);
  }
  return sum;
}
