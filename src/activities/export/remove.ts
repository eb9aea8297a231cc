// Removes one temporary item that our own record names; nothing else is ever deleted.
import { type Result, ok } from "../../core/result.ts";
import type { RunAtWork } from "../run/context.ts";
import { type ExportRecord, findExport, writeExport } from "./export-record.ts";

/** Deletes by the recorded id, else by our title in the content of the users that may have got it. Safe to repeat. */
export async function removeExport(
  run: RunAtWork,
  round: number,
  record: ExportRecord,
): Promise<Result<void>> {
  if (record.deleted) return ok(undefined);
  // A start whose answer was lost has no id: its title tells.
  const search = record.job === undefined ? await findExport(run, record) : undefined;
  const target =
    record.job === undefined ? search?.found : { id: record.job.exportItemId, owner: record.job.owner };
  if (target !== undefined) {
    const deleted = await run.portal.deleteItem(target.owner, target.id);
    if (!deleted.ok) return deleted;
  }
  await writeExport(run, round, { ...record, deleted: true });
  return ok(undefined);
}
