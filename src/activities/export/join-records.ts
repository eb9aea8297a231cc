// Two deliveries of one step write the record of an export in any order: what one of them knows is never lost to the other.
import type { Attempt, ExportRecord, Job, TemporaryItem } from "./export-record.ts";
import { isBefore } from "./rows-cursor.ts";

/** What is to lie there: the record that has come further, with what the other one knows of jobs, temporary items and the switch. */
export function joinRecords(current: ExportRecord, ours: ExportRecord): ExportRecord {
  const [base, other] = progressOf(current) > progressOf(ours) ? [current, ours] : [ours, current];
  const switched = base.switched ?? other.switched;
  const restored = [base, other].some((each) => each.switched?.restored === true);
  return {
    ...base,
    ...(base.now !== undefined && { now: joinAttempts(base.now, other.now) }),
    temporary: joinTemporary(other.temporary, base.temporary),
    ended: base.ended || other.ended,
    ...(switched !== undefined && { switched: { ...switched, restored } }),
  };
}

/** Rungs that were tried, then the next one intended, then begun: it only grows. */
function progressOf({ tried, now }: ExportRecord): number {
  return tried.length * 3 + (now === undefined ? 0 : now.job === undefined ? 1 : 2);
}

function joinAttempts(base: Attempt, other: Attempt | undefined): Attempt {
  const isSame = other?.rung === base.rung && other.layers.join() === base.layers.join();
  if (!isSame || base.job === undefined || other.job === undefined) return base;
  return { ...base, job: joinJobs(base.job, other.job) };
}

/**
 * Who adopts an export by its title does not know its job, whose status is the only one to tell that it failed. Queries are
 * never begun again.
 */
function joinJobs(base: Job, other: Job): Job {
  if (base.kind === "item" && other.kind === "item") {
    return base.jobId === "" && base.exportItemId === other.exportItemId ? other : base;
  }
  if (base.kind === "rows" && other.kind === "rows") {
    return isBefore(base.cursor.place, other.cursor.place) ? other : base;
  }
  return base;
}

/** Each temporary item once; one that nobody has seen is the one of the same title that somebody has. */
function joinTemporary(
  some: readonly TemporaryItem[],
  more: readonly TemporaryItem[],
): readonly TemporaryItem[] {
  const joined: TemporaryItem[] = [];
  for (const each of [...some, ...more]) {
    const at = joined.findIndex(
      ({ title, item }) =>
        title === each.title && (item === undefined || each.item === undefined || item.id === each.item.id),
    );
    const known = joined[at];
    if (known === undefined) {
      joined.push(each);
      continue;
    }
    const item = each.item ?? known.item;
    joined[at] = {
      ...known,
      ...(item !== undefined && { item }),
      deleted: known.deleted || each.deleted,
    };
  }
  return joined;
}
