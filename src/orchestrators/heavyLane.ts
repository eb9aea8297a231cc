// A heavy lane pulls the next export or large file by a claim, longest first, and starts anew after each piece.
import type { OrchestrationContext } from "durable-functions";
import type { ItemKey } from "../activities/run/items.ts";
import { type Step, attempt, nowOf, wait } from "./steps.ts";

export interface HeavyLaneInput {
  readonly runId: string;
  readonly round: number;
  readonly lane: number;
  /** Number of the claim; the same claim delivered twice gives the same piece. */
  readonly seq: number;
  /** An export that is under way since an earlier generation of this lane. */
  readonly underWay?: string;
}

// A poll costs five events; a generation's history stays in the hundreds.
const POLLS_A_GENERATION = 60;

/** Never throws: what is lost every time is booked as failed by recordPart. */
export function* heavyLane(context: OrchestrationContext): Step<undefined> {
  const input = context.df.getInput<HeavyLaneInput>();
  if (input === undefined) return undefined;
  const { runId, round, lane, seq } = input;
  let part = input.underWay;
  if (part === undefined) {
    const claim = yield* attempt(context, "claimPiece", { runId, round, lane, seq });
    if (!claim.ok || claim.value.part === undefined) return undefined;
    part = claim.value.part;
    if (!claim.value.isExport) {
      yield* attempt(context, "saveItem", { runId, round, part, index: 0 });
      yield* attempt(context, "recordPart", { runId, round, part });
      context.df.continueAsNew({ runId, round, lane, seq: seq + 1 });
      return undefined;
    }
  }
  const ended = yield* takeExport(context, { runId, round, part, index: 0 }, input.underWay === undefined);
  if (ended) {
    yield* attempt(context, "endExport", { runId, round, part, index: 0 });
    yield* attempt(context, "recordPart", { runId, round, part });
    context.df.continueAsNew({ runId, round, lane, seq: seq + 1 });
  } else {
    context.df.continueAsNew({ runId, round, lane, seq, underWay: part });
  }
  return undefined;
}

/** Starts or goes on watching one export; false when it is still under way and the generation is full. */
function* takeExport(context: OrchestrationContext, key: ItemKey, fresh: boolean): Step<boolean> {
  let answer = yield* attempt(context, fresh ? "startExport" : "pollExport", { ...key, at: nowOf(context) });
  for (let polls = 0; polls < POLLS_A_GENERATION; polls += 1) {
    if (!answer.ok || answer.value.next === "done") return true;
    if (answer.value.next === "save") {
      answer = yield* attempt(context, "saveExport", { ...key, at: nowOf(context) });
    } else {
      yield* wait(context, answer.value.seconds * 1000);
      answer = yield* attempt(context, "pollExport", { ...key, at: nowOf(context) });
    }
  }
  return false;
}
