// What an export leaves at the portal and takes back: its temporary items, found again by their titles and deleted, and the
// switch of a tile layer, put back to what it was. Only what our own record names is touched.
import { type Result, ok } from "../../core/result.ts";
import type { RunAtWork } from "../run/context.ts";
import { type ExportRecord, type SwitchedOn, type TemporaryItem, writeExport } from "./export-record.ts";

/**
 * Looks for a temporary item by its title in the content of each user that may have got it, root folder only: an export
 * lands there. Never by search, whose index lags.
 */
export async function findTemporary(
  run: RunAtWork,
  { users, title }: Pick<TemporaryItem, "users" | "title">,
): Promise<{ readonly id: string; readonly owner: string } | undefined> {
  for (const user of users) {
    for (let start = 1; start > 0;) {
      const page = await run.portal.content(user, null, start);
      if (!page.ok) break;
      const match = page.value.entries.find((entry) => entry.title === title);
      if (match !== undefined) return { id: match.id, owner: match.owner };
      start = page.value.entries.length === 0 ? -1 : page.value.nextStart;
    }
  }
  return undefined;
}

/** Takes back what is still there, as far as the portal lets it; returns the record as it is then. Safe to repeat. */
export async function cleanUp(run: RunAtWork, round: number, record: ExportRecord): Promise<CleanedUp> {
  const left: Left[] = [];
  const temporary: TemporaryItem[] = [];
  for (const each of record.temporary) {
    const deleted = each.deleted ? ok(undefined) : await deleteOne(run, each);
    temporary.push(deleted.ok ? { ...each, deleted: true } : each);
    const { id = "", owner = run.self.username } = each.item ?? {};
    if (!deleted.ok) left.push({ id, owner, title: each.title, text: deleted.failure.text });
  }
  const switched = await switchBack(run, record);
  const now = { ...record, temporary, ...(switched !== undefined && { switched: switched.switched }) };
  if (switched?.text !== undefined) {
    const { itemId: id, itemTitle: title } = record;
    left.push({ id, owner: "", title, text: switched.text });
  }
  await writeExport(run, round, now);
  return { record: now, left };
}

/** What could not be taken back. */
export interface Left {
  /** Empty where it is not known. */
  readonly id: string;
  readonly owner: string;
  readonly title: string;
  readonly text: string;
}

export interface CleanedUp {
  readonly record: ExportRecord;
  readonly left: readonly Left[];
}

/** Both values of a tile layer's switch as they were; undefined when it was not touched. */
async function switchBack(
  run: RunAtWork,
  { switched, itemTitle }: ExportRecord,
): Promise<{ readonly switched: SwitchedOn; readonly text?: string } | undefined> {
  if (switched === undefined || switched.restored) return undefined;
  const edited = await run.portal.editTileExport(switched.serviceUrl, switched.was);
  if (edited.ok) return { switched: { ...switched, restored: true } };
  const text = `The export of tiles of ${JSON.stringify(itemTitle)} is still switched on, and was off: ${edited.failure.text}`;
  return { switched, text };
}

/** By its id, else by its title: a start whose answer was lost has no id. */
async function deleteOne(run: RunAtWork, temporary: TemporaryItem): Promise<Result<void>> {
  const target = temporary.item ?? (await findTemporary(run, temporary));
  return target === undefined ? ok(undefined) : run.portal.deleteItem(target.owner, target.id);
}
