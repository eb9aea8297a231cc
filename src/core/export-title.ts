// The titles and the tag of temporary exports. Only what carries both in exactly our form is ours, and only what is ours
// is ever deleted.
import type { ListedItem } from "./item.ts";
import { parseStamp, stamp } from "./run-id.ts";

/** Tag of every temporary export that this product makes. */
export const EXPORT_TAG = "arcgis-backup-for-azure-temp";

const TITLE = /^TEMP_FOR_EXPORT_([0-9a-f]{32})_([a-z0-9-]{1,20})_(\d{8})(\d{6})$/;

export interface ExportTitle {
  /** The item that is exported. */
  readonly itemId: string;
  /** Rung and attempt, [a-z0-9-]. */
  readonly attempt: string;
  /** Start of the run in epoch milliseconds, whole seconds. */
  readonly at: number;
}

/** `TEMP_FOR_EXPORT_{itemId}_{attempt}_{yyyymmddhhmmss}`, the time in UTC. */
export function exportTitle({ itemId, attempt, at }: ExportTitle): string {
  const title = `TEMP_FOR_EXPORT_${itemId}_${attempt}_${stamp(at).replaceAll(/[TZ]/g, "")}`;
  // A title that does not parse would leave an export behind that nobody may delete.
  if (!TITLE.test(title))
    throw new Error(`Cannot name an export: attempt "${attempt}" or the item's id is malformed`);
  return title;
}

/** The parts of our title; undefined for any other text. */
export function parseExportTitle(title: string): ExportTitle | undefined {
  const [, itemId, attempt, date, time] = TITLE.exec(title) ?? [];
  if (itemId === undefined || attempt === undefined) return undefined;
  const at = parseStamp(`${date}T${time}Z`);
  return at === undefined ? undefined : { itemId, attempt, at };
}

/** Our tag and our title. */
export function isOurs(item: Pick<ListedItem, "title" | "tags">): boolean {
  return item.tags.includes(EXPORT_TAG) && parseExportTitle(item.title) !== undefined;
}

/** True for the titles that backup products give their temporary exports, ours among them. */
export function looksTemporary(title: string): boolean {
  return /^TEMP_FOR_(?:EXPORT|BACKUP)(?![A-Za-z])/.test(title);
}
