// From rung to rung: asks core what to try next, has it begin, and ends the item when nothing is left to try.
import { ladderOf, nextRung } from "../../core/ladder.ts";
import { RUNG_FILES, type Means as MeansName } from "../../core/ladder-files.ts";
import { conclude } from "../../core/ladder-outcome.ts";
import type { Failure } from "../../core/result.ts";
import type { PlannedItem } from "../../core/item.ts";
import type { RunAtWork } from "../run/context.ts";
import type { Attempt, ExportKey, ExportRecord, ExportStep, Tried } from "./export-record.ts";
import { readExport, writeExport } from "./export-record.ts";
import { itemExport } from "./item-export.ts";
import { secondsToLook } from "./limits.ts";
import type { AtRung, Kept, Means } from "./means.ts";
import { endFailed, endSaved, endTransient } from "./outcomes.ts";
import { replica } from "./replica.ts";
import { rows } from "./rows.ts";
import { tiles } from "./tiles.ts";
import { cleanUp } from "./clean-up.ts";

const MEANS: Readonly<Record<MeansName, Means>> = { "item-export": itemExport, replica, rows, tiles };

/** The way that an attempt is made. */
export function meansOf({ rung }: Attempt): Means {
  return MEANS[RUNG_FILES[rung].means];
}

export interface Climbing {
  readonly run: RunAtWork;
  readonly key: ExportKey;
  readonly planned: PlannedItem;
}

/** Begins what the record says is under way, else the next rung; ends the item when there is none. */
export async function climb(at: Climbing, given: ExportRecord): Promise<ExportStep> {
  const { run, key, planned } = at;
  const ladder = ladderOf(planned.strategy, planned.item.typeKeywords);
  const isOver = given.tried.some(({ failure }) => failure !== undefined && isEnd(failure));
  const next = isOver ? undefined : nextRung(ladder, given.layers, given.tried);
  const isLate = key.at - given.startedAt >= run.profile.exports.hardLimitHours * 3_600_000;
  if (given.now === undefined && (next === undefined || isLate)) return finish(at, given);

  const attempt = given.now ?? { ...NEW, ...(next ?? { rung: "fgdb", layers: [] }), startedAt: key.at };
  const record = { ...given, now: attempt };
  if (given.now === undefined) await writeExport(run, key.round, record);
  const begun = await meansOf(attempt).begin({ ...at, record, attempt });
  if (begun.ok) {
    const seconds = secondsToLook({ ...at, record: begun.value, attempt });
    return { next: "wait", seconds, overdue: false };
  }
  // What was written before the portal was asked (a temporary item, a switch that was turned) is to be taken back.
  const written = (await readExport(run.deps, key, planned.item.id)) ?? record;
  return stepDown({ ...at, record: written, attempt }, { failure: begun.failure });
}

const NEW = { looks: 0, previous: null, saidCompleted: false, tries: 0, tried: null };

/** Ends the attempt, removes what it left at the portal, and lets the next step begin with the next rung. */
export async function stepDown(
  at: AtRung,
  ended: { readonly failure: Failure } | Omit<Extract<Kept, { readonly do: "kept" }>, "do" | "record">,
): Promise<ExportStep> {
  const { run, key, attempt } = at;
  const { rung, layers } = attempt;
  const nothing = { artifacts: [], notes: [] };
  const failure = "failure" in ended ? await ofItem(at, ended.failure) : undefined;
  // What may be over in a while is tried again from the first rung, in the run's second round.
  if (failure?.reason === "transient" && key.round === 1 && at.record.tried.length === 0) {
    return endTransient(at, failure);
  }
  const tried: Tried = { rung, layers, ...nothing, ...ended, ...(failure !== undefined && { failure }) };
  const { now: _, ...rest } = at.record;
  const record: ExportRecord = { ...rest, parked: false, tried: [...at.record.tried, tried] };
  // Written first: a step that is repeated after this one goes on with the next rung.
  await writeExport(run, key.round, record);
  const swept = await cleanUp(run, key.round, record);
  const ladder = ladderOf(at.planned.strategy, at.planned.item.typeKeywords);
  const isOver = failure !== undefined && isEnd(failure);
  if (isOver || nextRung(ladder, record.layers, record.tried) === undefined) return finish(at, swept.record);
  return { next: "wait", seconds: 1, overdue: false };
}

async function finish(at: Climbing, record: ExportRecord): Promise<ExportStep> {
  const { planned } = at;
  const rowsBefore = record.before.flatMap(({ id, rows: count }) =>
    count === null ? [] : [[id, count] as const],
  );
  const concluded = conclude({
    title: planned.item.title,
    ladder: ladderOf(planned.strategy, planned.item.typeKeywords),
    layers: record.layers,
    rows: new Map(rowsBefore),
    tried: record.tried,
  });
  const artifacts = record.tried.flatMap((tried) => tried.artifacts);
  const notes = [...concluded.notes, ...record.tried.flatMap((tried) => tried.notes)];
  const { failure, loss, rung } = concluded;
  const parts = { artifacts, notes, ...(rung !== undefined && { rung }) };
  return failure === null
    ? endSaved({ ...at, record }, { ...parts, loss })
    : endFailed({ ...at, record }, { ...parts, failure });
}

/** An operation or a temporary item that is not found says nothing of the item itself: while that is there, the next rung counts. */
async function ofItem({ run, planned }: Climbing, failure: Failure): Promise<Failure> {
  if (failure.reason !== "not-found" || !(await run.portal.item(planned.item.id)).ok) return failure;
  const text = `Cannot export ${JSON.stringify(planned.item.title)}: ${failure.text}`;
  const next = "Export the layer once on its item page, to see what the portal says";
  return { ...failure, reason: "export-failed", text, next };
}

/** Failures that no other rung can do anything about. */
function isEnd({ reason }: Failure): boolean {
  return (
    reason === "sign-in-refused" ||
    reason === "storage-refused" ||
    reason === "secret-refused" ||
    reason === "already-exists" ||
    reason === "not-found"
  );
}
