// Looks at an export that is under way.
import type { Deps } from "../deps.ts";
import { type ExportKey, type ExportStep, readExport } from "./export/export-record.ts";
import { openExport } from "./export/open-export.ts";
import { lookAtExport } from "./export/look.ts";

export async function pollExport(key: ExportKey, deps: Deps): Promise<ExportStep> {
  const open = await openExport(key, deps);
  if (open.end !== undefined) return open.end;
  const { run, planned } = open;
  const record = await readExport(deps, key, planned.item.id);
  if (record?.job === undefined) throw new Error(`The export of ${planned.item.id} was never started`);
  return lookAtExport(run, key, planned, record, record.job);
}
