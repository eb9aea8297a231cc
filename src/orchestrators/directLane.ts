// A direct lane takes batches k, k+W, k+2W ... of a round, one item after another, and starts anew after each batch.
import type { OrchestrationContext } from "durable-functions";
import { partName } from "../core/work-paths.ts";
import { type Step, attempt } from "./steps.ts";

export interface DirectLaneInput {
  readonly runId: string;
  readonly round: number;
  /** The batch to take now. */
  readonly next: number;
  /** Number of direct lanes: the distance to this lane's next batch. */
  readonly stride: number;
  readonly batches: number;
  /** Items in each batch but the last, and in all of them together. */
  readonly batchSize: number;
  readonly items: number;
}

/** Never throws: an item whose step is lost every time is booked as failed by recordPart. */
export function* directLane(context: OrchestrationContext): Step<undefined> {
  const input = context.df.getInput<DirectLaneInput>();
  if (input === undefined || input.next >= input.batches) return undefined;
  const { runId, round } = input;
  const part = partName("direct", input.next);
  const size = Math.min(input.batchSize, input.items - input.next * input.batchSize);
  for (let index = 0; index < size; index += 1) {
    const saved = yield* attempt(context, "saveItem", { runId, round, part, index });
    // Canceled: what has no outcome is told as not reached.
    if (saved.ok && saved.value.next === "stop") return undefined;
  }
  yield* attempt(context, "recordPart", { runId, round, part });
  context.df.continueAsNew({ ...input, next: input.next + input.stride });
  return undefined;
}
