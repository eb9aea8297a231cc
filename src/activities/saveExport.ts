// Stores what a rung made, proves it, and goes on to what the layers still lack.
import type { Deps } from "../deps.ts";
import { meansOf, stepDown } from "./export/climb.ts";
import { type ExportKey, type ExportStep, readExport, writeExport } from "./export/export-record.ts";
import { openExport } from "./export/open-export.ts";

export async function saveExport(key: ExportKey, deps: Deps): Promise<ExportStep> {
  const open = await openExport(key, deps);
  if (open.end !== undefined) return open.end;
  const { run, planned } = open;
  const record = await readExport(deps, key, planned.item.id);
  if (record === undefined) throw new Error(`The export of ${planned.item.id} was never started`);
  const { now } = record;
  // An earlier delivery stored it: the next rung begins with the next look.
  if (now?.job === undefined) return { next: "wait", seconds: 1, overdue: false };

  const at = { run, key, planned, record, attempt: now };
  const kept = await meansOf(now).keep(at);
  switch (kept.do) {
    case "kept": {
      const { artifacts, got, notes } = kept;
      return stepDown({ ...at, record: kept.record }, { artifacts, got, notes });
    }
    case "failed":
      return stepDown({ ...at, record: kept.record }, { failure: kept.failure });
    case "wait":
      await writeExport(run, key.round, kept.record);
      return { next: "wait", seconds: kept.seconds, overdue: kept.overdue };
  }
}
