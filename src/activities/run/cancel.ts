// The cancel flag of a run: a record that anybody may set and every step looks at. Terminating an orchestration would stop
// neither its lanes nor what they do.
import type { Store } from "../../clients/store/store.ts";
import { runPaths } from "../../core/work-paths.ts";
import { firstRecord, readRecord } from "./records.ts";

export interface CancelRequest {
  /** Epoch milliseconds. */
  readonly at: number;
  /** `closing`: the run is dead, and what is left of it is to stop. */
  readonly by: "http" | "command-line" | "closing";
}

/** Asks the run to end as canceled; the first request counts. */
export function requestCancel(work: Store, runId: string, request: CancelRequest): Promise<CancelRequest> {
  return firstRecord<CancelRequest>(work, runPaths(runId).cancel, request);
}

/** The request to cancel the run, where there is one. */
export function cancelRequest(work: Store, runId: string): Promise<CancelRequest | undefined> {
  return readRecord<CancelRequest>(work, runPaths(runId).cancel);
}
