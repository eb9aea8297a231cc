// What the plan of a differential run needs to know: when hosted layers were edited, and what failed in the run before.
import { type ChangeContext, type ServiceEdits, changedSince, sinceText } from "../../core/changes.ts";
import { type Standing, portalKey, standingFor } from "../../core/standing.ts";
import { standingPath } from "../../core/work-paths.ts";
import type { Run, RunAtWork } from "./context.ts";
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

/** What no differential run of the profile may have: changes before this one's time that no earlier backup can hold. */
export async function gapNotes(run: RunAtWork): Promise<readonly string[]> {
  const since = changedSince(run.record);
  if (since === undefined) return [];
  const standing = await readRecord<Standing>(run.work, standingPath(run.record.profile));
  const last = standingFor(standing, portalKey(run.self))?.lastBackup ?? null;
  if (last === null) {
    return [
      `No earlier backup of this profile is known: what did not change since ${sinceText(since)} may be in no restore point`,
    ];
  }
  return last.at >= since
    ? []
    : [
        `The last backup of this profile is that of ${sinceText(last.at)}: what changed between then and ${sinceText(since)} is not in this one`,
      ];
}
