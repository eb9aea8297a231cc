// What the plan of a differential run needs to know: when hosted layers were edited, and what failed in the run before.
import { type ChangeContext, type ServiceEdits, changedSince } from "../../core/changes.ts";
import type { Standing } from "../../core/standing.ts";
import { standingPath } from "../../core/work-paths.ts";
import type { Run } from "./context.ts";
import { readRecord } from "./records.ts";

/** `listing/edits/{from}.json`: what one call read, and where the next one goes on. */
export interface EditsSlice {
  readonly next: number;
  readonly edits: readonly (readonly [id: string, edits: ServiceEdits])[];
}

/** As a part of the plan's context; empty where the run takes everything. */
export async function changesOf(run: Run): Promise<{ readonly changes?: ChangeContext }> {
  const since = changedSince(run.record);
  const days = run.record.changedWithinDays;
  if (since === undefined || days === undefined) return {};
  return { changes: { days, since, edits: await editsRead(run), failing: await failingBefore(run) } };
}

/** Every slice from the first on, in a chain: each one says where the next begins. */
export async function editsRead(run: Pick<Run, "work" | "paths">): Promise<ChangeContext["edits"]> {
  const edits = new Map<string, ServiceEdits>();
  for (let from = 0; ;) {
    const slice = await readRecord<EditsSlice>(run.work, run.paths.edits(from));
    if (slice === undefined || slice.next <= from) return edits;
    for (const [id, one] of slice.edits) edits.set(id, one);
    from = slice.next;
  }
}

/** Items whose last attempt failed, whatever the run: their newest change lies in no backup. */
export async function failingBefore(run: Run): Promise<ReadonlySet<string>> {
  const standing = await readRecord<Standing>(run.work, standingPath(run.record.profile));
  return new Set(Object.keys(standing?.failing ?? {}));
}
