// Looks at an export that is under way; between two rungs it begins with the next one.
import type { Deps } from "../deps.ts";
import { climb, meansOf, stepDown } from "./export/climb.ts";
import { type ExportKey, type ExportStep, readExport, writeExport } from "./export/export-record.ts";
import { openExport } from "./export/open-export.ts";

export async function pollExport(key: ExportKey, deps: Deps): Promise<ExportStep> {
  const open = await openExport(key, deps);
  if (open.end !== undefined) return open.end;
  const { run, planned } = open;
  const record = await readExport(deps, key, planned.item.id);
  if (record === undefined) throw new Error(`The export of ${planned.item.id} was never started`);
  const { now } = record;
  if (now?.job === undefined) return climb({ run, key, planned }, record);

  const at = { run, key, planned, record, attempt: now };
  const seen = await meansOf(now).look(at);
  if (seen.do === "failed") return stepDown({ ...at, record: seen.record }, { failure: seen.failure });
  await writeExport(run, key.round, seen.record);
  if (seen.do === "save") return { next: "save", isSure: seen.isSure };
  return { next: "wait", seconds: seen.seconds, overdue: seen.overdue };
}
