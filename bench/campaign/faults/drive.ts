// Drives the activities of a run in the orchestrators' order, one after another and in this process: no host, no history.
import {
  type ActivityInput,
  type ActivityName,
  type ActivityOutput,
  activities,
} from "../../../src/activities/table.ts";
import type { ItemKey } from "../../../src/activities/run/items.ts";
import type { RelationsCursor } from "../../../src/activities/readRelations.ts";
import {
  NOTHING_KEPT,
  type OrganisationKept,
  type OrganisationStep,
} from "../../../src/core/organisation.ts";
import type { Failure } from "../../../src/core/result.ts";
import { partName, runPaths } from "../../../src/core/work-paths.ts";
import type { Clock, World } from "./world.ts";

export const RUN = {
  runId: "faults-20261125T020000Z",
  profile: "faults",
  startedAt: Date.UTC(2026, 10, 25, 2),
  startedBy: "http",
} as const;
const { runId } = RUN;

/** Steps of one export, and of a whole run: beyond it something goes round in circles. */
const MOST_LOOKS = 300;
const MOST_STEPS = 3_000;
/** A step that threw is repeated, as the orchestrator does. */
const TRIES = 3;

/** What came of the driving; the run itself is in the stores. */
export interface Driven {
  /** What steps threw. A program that works throws for nothing but its own storage. */
  readonly thrown: readonly string[];
  readonly mail: ActivityOutput<"sendMail"> | undefined;
}

class StepLost extends Error {}

export async function drive({
  scene,
  deps,
  clock,
}: Pick<World, "scene" | "deps" | "clock">): Promise<Driven> {
  const thrown: string[] = [];
  let steps = 0;
  const step = async <N extends ActivityName>(
    name: N,
    input: ActivityInput<N>,
  ): Promise<ActivityOutput<N>> => {
    steps += 1;
    if (steps > MOST_STEPS) throw new Error("The run has no end");
    const activity = activities[name] as (
      input: ActivityInput<N>,
      with_: typeof deps,
    ) => Promise<ActivityOutput<N>>;
    for (let tries = 1; ; tries += 1) {
      try {
        return await activity(input, deps);
      } catch (error) {
        thrown.push(`${name} threw ${error instanceof Error ? error.message : String(error)}`);
        if (tries === TRIES) throw new StepLost(name);
        clock.leap(10_000);
      }
    }
  };
  const keepOrganisation = async (): Promise<void> => {
    if (scene.organisation !== true) {
      const nothing: OrganisationKept = { ...NOTHING_KEPT, problems: [] };
      await deps.work.put(runPaths(runId).organisation, JSON.stringify(nothing));
      return;
    }
    for (let at: OrganisationStep | undefined, more = true; more; more = at !== undefined)
      ({ next: at } = await step("captureOrganisation", { runId, ...(at !== undefined && { at }) }));
  };
  const failure = await beforeSealing(step, clock, keepOrganisation);
  try {
    await step("sealRun", { runId, ...(failure !== undefined && { failure }) });
    return { thrown, mail: await step("sendMail", { runId }) };
  } catch (error) {
    if (!(error instanceof StepLost)) throw error;
    return { thrown, mail: undefined };
  }
}

type Take = <N extends ActivityName>(name: N, input: ActivityInput<N>) => Promise<ActivityOutput<N>>;

async function beforeSealing(
  step: Take,
  clock: Clock,
  keepOrganisation: () => Promise<void>,
): Promise<Failure | undefined> {
  try {
    const opened = await step("openRun", RUN);
    if (opened.failure !== undefined) return opened.failure;
    // From here on the token is old enough to be the reason why it is not taken.
    clock.leap(5 * 60_000);
    const ended = (await list(step)) ?? (await relate(step));
    if (ended !== undefined) return ended;
    await unlessLost(keepOrganisation);
    for (const round of [1, 2, 3]) await save(step, clock, round);
    await step("sweepExports", { runId });
    return undefined;
  } catch (error) {
    if (!(error instanceof StepLost)) throw error;
    return {
      reason: "program-error",
      text: `The step ${error.message} was lost`,
      next: "Start the run again",
    };
  }
}

async function list(step: Take): Promise<Failure | undefined> {
  const found = await step("listMembers", { runId });
  if (found.failure !== undefined) return found.failure;
  for (let group = 0, groups = found.namesGroups === true ? 1 : 0; group < groups;) {
    const read = await step("listGroups", { runId, group });
    if (read.failure !== undefined) return read.failure;
    ({ nextGroup: group, groups } = read);
  }
  for (let member = 0; member < found.members;) {
    const walked = await step("listContent", { runId, member });
    if (walked.failure !== undefined) return walked.failure;
    member = walked.nextMember;
  }
  for (let slice = 0, done = false; !done; slice += 1) {
    const searched = await step("searchItems", { runId, slice });
    if (searched.failure !== undefined) return searched.failure;
    ({ done } = searched);
  }
  return (await step("crossCheckListing", { runId })).failure;
}

async function relate(step: Take): Promise<Failure | undefined> {
  for (let cursor: RelationsCursor = { next: 0, misses: 0 }; ;) {
    const { done, failure, ...reached } = await step("readRelations", { runId, ...cursor });
    if (done) return failure;
    cursor = reached;
  }
}

async function save(step: Take, clock: Clock, round: number): Promise<void> {
  const plan = await step("planRound", { runId, round });
  const direct = plan.items - plan.pieces;
  for (let batch = 0; batch < plan.batches; batch += 1) {
    const part = partName("direct", batch);
    const size = Math.min(plan.batchSize, direct - batch * plan.batchSize);
    for (let index = 0; index < size; index += 1) {
      await unlessLost(() => step("saveItem", { runId, round, part, index }));
    }
    await unlessLost(() => step("recordPart", { runId, round, part }));
  }
  for (let seq = 0; plan.pieces > 0; seq += 1) {
    const claim = await unlessLost(() => step("claimPiece", { runId, round, lane: 0, seq, at: clock.now() }));
    if (claim?.part === undefined) return;
    const key = { runId, round, part: claim.part, index: 0 };
    if (claim.isExport) await exportPiece(step, clock, key);
    else {
      await unlessLost(() => step("saveItem", key));
      await unlessLost(() => step("recordPart", key));
    }
  }
}

async function exportPiece(step: Take, clock: Clock, key: ItemKey): Promise<void> {
  const at = () => ({ ...key, at: clock.now() });
  let answer = await unlessLost(() => step("startExport", at()));
  for (let looks = 0; answer !== undefined && answer.next !== "done"; looks += 1) {
    if (looks > MOST_LOOKS) throw new Error("The export has no end");
    if (answer.next === "wait") clock.leap(answer.seconds * 1000);
    const name = answer.next === "save" ? "saveExport" : "pollExport";
    answer = await unlessLost(() => step(name, at()));
  }
  await unlessLost(() => step("endExport", key));
}

/** undefined: the step was lost every time, which its item's bookkeeping tells. */
async function unlessLost<T>(take: () => Promise<T>): Promise<T | undefined> {
  try {
    return await take();
  } catch (error) {
    if (error instanceof StepLost) return undefined;
    throw error;
  }
}
