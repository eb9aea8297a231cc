// A heavy lane pulls the next export or large file by a claim, longest first. While it saves a finished export, its next one
// runs at the portal already; an export that lasts too long steps aside. It starts anew after each piece.
import type { OrchestrationContext } from "durable-functions";
import type { Claim } from "../activities/claimPiece.ts";
import type { ItemKey } from "../activities/run/items.ts";
import type { ActivityOutput } from "../activities/table.ts";
import type { ParkedPiece } from "../core/claims.ts";
import { type Attempted, type Step, attempt, nowOf, wait } from "./steps.ts";

/** A piece that a lane has in hand. */
interface Held {
  readonly part: string;
  readonly piece: number;
  readonly isExport: boolean;
  /** The portal works on it already. */
  readonly isStarted: boolean;
  /** When it is to be looked at, epoch ms. */
  readonly dueAt: number;
}

export interface HeavyLaneInput {
  readonly runId: string;
  readonly round: number;
  readonly lane: number;
  /** Number of the next claim; the same claim delivered twice gives the same piece. */
  readonly seq: number;
  /** The piece to work on, where the lane has one in hand. */
  readonly current?: Held;
  /** The piece after it, started ahead. */
  readonly ahead?: Held;
}

// A look costs five events; a generation's history stays in the hundreds.
const LOOKS_A_GENERATION = 40;

type Export = Attempted<ActivityOutput<"pollExport">>;

/** Never throws: what is lost every time is booked as failed by recordPart. */
export function* heavyLane(context: OrchestrationContext): Step<undefined> {
  const input = context.df.getInput<HeavyLaneInput>();
  if (input === undefined) return undefined;
  const current = input.current ?? (yield* claim(context, input));
  if (current === undefined) return undefined;
  const seq = input.current === undefined ? input.seq + 1 : input.seq;
  const next = current.isExport
    ? yield* workOnExport(context, { ...input, seq, current })
    : yield* saveFile(context, { ...input, seq, current });
  if (next !== undefined) context.df.continueAsNew(next);
  return undefined;
}

type AtWork = HeavyLaneInput & { readonly current: Held };

/** A large file; undefined when the run was canceled. */
function* saveFile(context: OrchestrationContext, lane: AtWork): Step<HeavyLaneInput | undefined> {
  const key = keyOf(lane, lane.current);
  const saved = yield* attempt(context, "saveItem", key);
  if (saved.ok && saved.value.next === "stop") return undefined;
  yield* attempt(context, "recordPart", key);
  return after(lane, lane.seq);
}

/** One export to its end, or to where it steps aside; undefined when the run was canceled. */
function* workOnExport(context: OrchestrationContext, lane: AtWork): Step<HeavyLaneInput | undefined> {
  const { current } = lane;
  const key = keyOf(lane, current);
  let { seq, ahead } = lane;
  let isLast = false;
  if (current.isStarted) yield* waitUntil(context, current.dueAt);
  let answer: Export = yield* attempt(context, current.isStarted ? "pollExport" : "startExport", {
    ...key,
    at: nowOf(context),
  });
  for (let looks = 0; looks < LOOKS_A_GENERATION; looks += 1) {
    if (!answer.ok || answer.value.next === "done") {
      yield* attempt(context, "endExport", key);
      if (isLast) return undefined;
      return after({ ...lane, ...held(ahead) }, seq);
    }
    if (answer.value.next === "stop") {
      yield* attempt(context, "endExport", { ...key, stopped: true });
      if (ahead?.isExport === true) {
        yield* attempt(context, "endExport", { ...keyOf(lane, ahead), stopped: true });
      }
      return undefined;
    }
    if (answer.value.next === "save") {
      if (ahead === undefined && answer.value.isSure) {
        ahead = yield* startAhead(context, { ...lane, seq });
        seq += 1;
        // Nothing was left: an export that steps aside from now on stays with the lane that has it.
        isLast = ahead === undefined;
      }
      answer = yield* attempt(context, "saveExport", { ...key, at: nowOf(context) });
      continue;
    }
    const dueAt = nowOf(context) + answer.value.seconds * 1000;
    if (answer.value.overdue) return yield* stepAside(context, { ...lane, seq, ...held(ahead) }, dueAt);
    yield* waitUntil(context, dueAt);
    answer = yield* attempt(context, "pollExport", { ...key, at: nowOf(context) });
  }
  const started = { ...current, isStarted: true, dueAt: nowOf(context) };
  return { ...own(lane), seq, current: started, ...held(ahead) };
}

/** Has the current export parked where there is room; the lane goes on with what it is handed, else with the same. */
function* stepAside(context: OrchestrationContext, lane: AtWork, dueAt: number): Step<HeavyLaneInput> {
  const { current, ahead } = lane;
  const handed = yield* claim(context, lane, { piece: current.piece, dueAt });
  const next = { ...own(lane), seq: lane.seq + 1 };
  if (handed !== undefined && handed.piece === ahead?.piece) return { ...next, current: ahead };
  // A claim that was lost every time leaves the lane with the export that it has.
  return { ...next, current: handed ?? { ...current, isStarted: true, dueAt }, ...held(ahead) };
}

/** Claims the lane's next piece and, when it is an export, has the portal begin with it. */
function* startAhead(context: OrchestrationContext, lane: HeavyLaneInput): Step<Held | undefined> {
  const next = yield* claim(context, lane);
  if (next === undefined || !next.isExport || next.isStarted) return next;
  const at = nowOf(context);
  const started = yield* attempt(context, "startExport", { ...keyOf(lane, next), at });
  const seconds = started.ok && started.value.next === "wait" ? started.value.seconds : 0;
  return { ...next, isStarted: true, dueAt: at + seconds * 1000 };
}

/** undefined: nothing is left, the run was canceled, or the claim was lost every time. */
function* claim(
  context: OrchestrationContext,
  { runId, round, lane, seq, ahead }: HeavyLaneInput,
  park?: ParkedPiece,
): Step<Held | undefined> {
  const at = nowOf(context);
  const input = {
    ...{ runId, round, lane, seq, at },
    ...(park !== undefined && { park }),
    ...(park !== undefined && ahead !== undefined && { ahead: ahead.piece }),
  };
  const claimed: Attempted<Claim> = yield* attempt(context, "claimPiece", input);
  if (!claimed.ok || claimed.value.part === undefined) return undefined;
  const { part, piece, isExport, resumesIn } = claimed.value;
  const isStarted = resumesIn !== undefined;
  return { part, piece, isExport, isStarted, dueAt: at + (resumesIn ?? 0) * 1000 };
}

function after({ ahead, ...lane }: HeavyLaneInput, seq: number): HeavyLaneInput {
  return { ...own(lane), seq, ...(ahead !== undefined && { current: ahead }) };
}

function held(ahead: Held | undefined): { readonly ahead?: Held } {
  return ahead === undefined ? {} : { ahead };
}

function own({ runId, round, lane, seq }: HeavyLaneInput): HeavyLaneInput {
  return { runId, round, lane, seq };
}

function keyOf({ runId, round }: HeavyLaneInput, { part }: Held): ItemKey {
  return { runId, round, part, index: 0 };
}

function* waitUntil(context: OrchestrationContext, at: number): Step<void> {
  const ms = at - nowOf(context);
  if (ms > 0) yield* wait(context, ms);
}
