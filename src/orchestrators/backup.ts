// A whole run: open, list, plan, save in rounds, sweep, seal. Every path ends in a sealed report.
import type { OrchestrationContext } from "durable-functions";
import type { OpenRunInput } from "../activities/openRun.ts";
import type { RelationsCursor } from "../activities/readRelations.ts";
import type { OrganisationStep } from "../core/organisation.ts";
import type { Failure } from "../core/result.ts";
import { type Finished, finish } from "./finish.ts";
import { type LaneStart, type Step, StepLost, attempt, enter, lanes, step } from "./steps.ts";

// Round 1 is the plan, round 2 repeats what failed for a passing reason, round 3 captures what turned out not to be covered.
const ROUNDS = [1, 2, 3];

export function* backup(context: OrchestrationContext): Step<Finished> {
  const input = context.df.getInput<OpenRunInput>();
  if (input === undefined) throw new TypeError("backup needs an input");
  const failure = yield* run(context, input);
  return yield* finish(context, input.runId, failure);
}

/** Everything before sealing; returns what ended the run early. */
function* run(context: OrchestrationContext, input: OpenRunInput): Step<Failure | undefined> {
  const { runId } = input;
  try {
    enter(context, "opening");
    const opened = yield* step(context, "openRun", input);
    if (opened.sealed) return undefined;
    if (opened.failure !== undefined) return opened.failure;

    enter(context, "listing");
    const listed = yield* list(context, runId);
    if (listed.failure !== undefined || listed.canceled === true) return listed.failure;
    const unrelated = yield* relate(context, runId);
    if (unrelated !== undefined) return unrelated;
    const edits = listed.changedOnly === true ? yield* readEdits(context, runId) : {};
    if (edits.failure !== undefined || edits.canceled === true) return edits.failure;

    if (input.dryRun === true) {
      enter(context, "planning");
      yield* step(context, "planRound", { runId, round: 1 });
      yield* step(context, "tellPlan", { runId });
      return undefined;
    }
    yield* keepOrganisation(context, runId);
    for (const round of ROUNDS) yield* save(context, runId, round, opened);

    enter(context, "sweeping");
    yield* step(context, "sweepExports", { runId });
    return undefined;
  } catch (error) {
    if (!(error instanceof StepLost)) throw error;
    return {
      reason: "program-error",
      text: `The backup program failed three times in a row at "${error.message}"`,
      next: "Start the run again; if it happens again, send the function app's exceptions to support",
    };
  }
}

/** What ended the listing before its end. */
interface Listed {
  readonly canceled?: true;
  readonly failure?: Failure;
  /** The run takes only what changed: when layers were edited must be asked. */
  readonly changedOnly?: true;
}

/** The walk, the search and the groups that the run's lists name, each in slices of about a minute, then the cross-check. */
function* list(context: OrchestrationContext, runId: string): Step<Listed> {
  const found = yield* step(context, "listMembers", { runId });
  if (found.failure !== undefined || found.canceled === true) return found;
  for (let group = 0, groups = found.namesGroups === true ? 1 : 0; group < groups;) {
    const read = yield* step(context, "listGroups", { runId, group });
    if (read.failure !== undefined || read.canceled === true) return read;
    ({ nextGroup: group, groups } = read);
  }
  for (let member = 0; member < found.members;) {
    const walked = yield* step(context, "listContent", { runId, member });
    if (walked.failure !== undefined || walked.canceled === true) return walked;
    member = walked.nextMember;
  }
  for (let slice = 0, done = false; !done; slice += 1) {
    const searched = yield* step(context, "searchItems", { runId, slice });
    if (searched.failure !== undefined || searched.canceled === true) return searched;
    ({ done } = searched);
  }
  return yield* step(context, "crossCheckListing", { runId });
}

/** What the plan needs to know of relations, in slices of about a minute; what ended the run, if anything. */
function* relate(context: OrchestrationContext, runId: string): Step<Failure | undefined> {
  let cursor: RelationsCursor = { next: 0, misses: 0 };
  for (;;) {
    const { done, failure, ...reached } = yield* step(context, "readRelations", { runId, ...cursor });
    if (done) return failure;
    cursor = reached;
  }
}

/** The organisation itself, in slices of about a minute. No item waits for what is lost of it: sealing tells that. */
function* keepOrganisation(context: OrchestrationContext, runId: string): Step<void> {
  for (let at: OrganisationStep | undefined, more = true; more;) {
    const kept = yield* attempt(context, "captureOrganisation", { runId, ...(at !== undefined && { at }) });
    at = kept.ok ? kept.value.next : undefined;
    more = at !== undefined;
  }
}

/** When hosted layers were edited, in slices of about a minute. */
function* readEdits(context: OrchestrationContext, runId: string): Step<Listed> {
  for (let layer = 0, layers = 1; layer < layers;) {
    const read = yield* step(context, "readEdits", { runId, layer });
    if (read.failure !== undefined || read.canceled === true) return read;
    ({ nextLayer: layer, layers } = read);
  }
  return {};
}

/** One round: its lanes side by side until nothing of its plan is left. */
function* save(
  context: OrchestrationContext,
  runId: string,
  round: number,
  most: { readonly directLanes: number; readonly heavyLanes: number },
): Step<void> {
  if (round === 1) enter(context, "planning");
  const plan = yield* step(context, "planRound", { runId, round });
  enter(context, "saving");
  const direct = Math.min(most.directLanes, plan.batches);
  const heavy = Math.min(most.heavyLanes, plan.pieces);
  yield* lanes(context, [
    ...starts("directLane", `${runId}-d${round}`, direct, (lane) => ({
      runId,
      round,
      next: lane,
      stride: direct,
      batches: plan.batches,
      batchSize: plan.batchSize,
      items: plan.items - plan.pieces,
    })),
    ...starts("heavyLane", `${runId}-h${round}`, heavy, (lane) => ({ runId, round, lane, seq: 0 })),
  ]);
}

function starts(
  orchestrator: string,
  prefix: string,
  count: number,
  input: (lane: number) => unknown,
): readonly LaneStart[] {
  return Array.from({ length: count }, (_, lane) => ({
    orchestrator,
    instanceId: `${prefix}-${lane}`,
    input: input(lane),
  }));
}
