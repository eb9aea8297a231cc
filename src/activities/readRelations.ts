// Asks the portal what the plan needs to know of relations and of empty services, for about a minute, then hands on to the next call. What cannot
// be read is saved as if there were no relation: that costs space and loses nothing.
import type { LogEvent } from "../core/log-line.ts";
import {
  NO_RELATIONS,
  type RelationQuestion,
  type RelationSlice,
  relationQuestions,
} from "../core/relation-questions.ts";
import { type Failure, type Result, ok } from "../core/result.ts";
import type { Deps } from "../deps.ts";
import { countLayers } from "./export/layer-counts.ts";
import { planItemsOf } from "./planRound.ts";
import { cancelRequest } from "./run/cancel.ts";
import { type RunAtWork, readRunAtWork } from "./run/context.ts";
import { logStep } from "./run/log.ts";
import { firstRecord, readRecord } from "./run/records.ts";
import { allRelated } from "./run/relations.ts";

export interface RelationsCursor {
  /** The question to go on with. */
  readonly next: number;
  /** Questions in a row, up to it, that the portal did not answer. */
  readonly misses: number;
}

/** A slice as it is kept: its answer too, since two deliveries at once may get through different numbers of questions. */
interface KeptSlice extends RelationSlice {
  readonly reached: RelationsCursor & { readonly done: boolean };
}

const SLICE_MS = 60_000;
/** A question that is not answered costs up to a minute of repeats: a portal that answers none is not asked on. */
const MISSES_MOST = 5;

export async function readRelations(
  input: RelationsCursor & { readonly runId: string },
  deps: Deps,
): Promise<RelationsCursor & { readonly done: boolean; readonly failure?: Failure }> {
  const end = { next: input.next, misses: input.misses, done: true };
  // A canceled run is planned all the same, so that its items are told as not reached.
  if ((await cancelRequest(deps.work, input.runId)) !== undefined) return end;
  const opened = await readRunAtWork(deps, input.runId);
  if (!opened.ok) return { ...end, failure: opened.failure };
  const run = opened.value;
  const path = run.paths.relationSlice(input.next);
  const earlier = await readRecord<KeptSlice>(run.work, path);
  if (earlier !== undefined) return earlier.reached;
  const questions = relationQuestions(await planItemsOf(run, NO_RELATIONS), run.profile);
  const until = deps.now() + SLICE_MS;
  const areaPackages: string[] = [];
  const publishedFrom: Record<string, readonly string[]> = {};
  const empty: string[] = [];
  const unread: string[] = [];
  let { next, misses } = input;
  for (; misses < MISSES_MOST; next += 1) {
    const question = questions[next];
    if (question === undefined || (next > input.next && deps.now() >= until)) break;
    if (question.about === "rows") {
      const { counts } = await countLayers(run, question.serviceUrl);
      // Only what is known to be empty is.
      if (counts.length > 0 && counts.every(({ rows }) => rows === 0)) empty.push(question.itemId);
      continue;
    }
    const related = await ask(run, question);
    if (!related.ok) {
      // A refused sign-in concerns every item.
      if (related.failure.reason === "sign-in-refused") return { ...end, failure: related.failure };
      unread.push(related.failure.text);
      misses = related.failure.reason === "transient" ? misses + 1 : 0;
      continue;
    }
    misses = 0;
    if (question.about === "area") areaPackages.push(...related.value);
    else if (related.value.length > 0) publishedFrom[question.itemId] = related.value;
  }
  const done = next >= questions.length || misses >= MISSES_MOST;
  const slice: KeptSlice = { areaPackages, publishedFrom, empty, reached: { next, misses, done } };
  const { reached } = await firstRecord(run.work, path, slice);
  await logStep(run, `2-relations-${String(input.next).padStart(6, "0")}`, [
    ...events(deps.now(), next - input.next, unread, misses < MISSES_MOST ? 0 : questions.length - next),
  ]);
  return reached;
}

/** Ids of the items that are related in one of the ways, each once. */
async function ask(
  run: RunAtWork,
  question: Exclude<RelationQuestion, { readonly about: "rows" }>,
): Promise<Result<readonly string[]>> {
  const ids = new Set<string>();
  for (const type of question.types) {
    const related = await allRelated(run, question.itemId, type, "forward");
    if (!related.ok) return related;
    for (const { id } of related.value) ids.add(id.toLowerCase());
  }
  return ok([...ids]);
}

function events(at: number, asked: number, unread: readonly string[], left: number): readonly LogEvent[] {
  const line = (level: LogEvent["level"], text: string): LogEvent => ({
    at,
    level,
    topic: "relations",
    text,
  });
  return [
    ...(asked === 0
      ? []
      : [line("info", `Relations or rows of ${asked} items read, ${unread.length} not answered`)]),
    ...unread.map((text) => line("warn", `${text}; it is planned as if nothing were related`)),
    ...(left === 0
      ? []
      : [
          line(
            "warn",
            `Relations of ${left} items were not asked for: the portal did not answer ${MISSES_MOST} times in a row`,
          ),
        ]),
  ];
}
