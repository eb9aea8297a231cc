// What a differential run takes: items that changed in the last days before it, hosted layers also by the edits of their
// rows (rest-api 13). What is not certainly unchanged is taken.
import { type Choice, hasKeyword } from "./choice.ts";
import { fieldsOf, isFields, listOf } from "./fields.ts";
import type { ListedItem } from "./item.ts";
import type { RunRecord } from "./run.ts";
import { formatDay, formatHour } from "./units.ts";

/** When a hosted feature service was edited, epoch milliseconds; no date: not every layer tells one. */
export interface ServiceEdits {
  /** Rows, or anything where the portal does not tell these apart. */
  readonly rows?: number;
  readonly anything?: number;
  /** Ids of the layers that a view shows; absent: no view, or not told. */
  readonly sources?: readonly string[];
}

export interface ChangeContext {
  /** `changedWithinDays` of the run. */
  readonly days: number;
  /** What changed from here on is taken, epoch milliseconds. */
  readonly since: number;
  /** By item id, as far as they were asked for. */
  readonly edits: ReadonlyMap<string, ServiceEdits>;
  /** Items that failed in the run before: no copy has their last change yet. */
  readonly failing: ReadonlySet<string>;
}

export interface Change {
  /** One sentence that follows the reason of the plan, or stands for it when the item is unchanged. */
  readonly why: string;
  /** The last known change of an item that is not taken, epoch milliseconds. */
  readonly unchangedSince?: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The portal's clock and the search's may be behind, and a run takes its time. */
const OVERLAP = 6 * HOUR;

/** From when on changes are taken, epoch milliseconds; undefined: the run takes everything. */
export function changedSince(
  run: Pick<RunRecord, "startedAt" | "openedAt" | "changedWithinDays">,
): number | undefined {
  if (run.changedWithinDays === undefined) return undefined;
  return Math.min(run.startedAt, run.openedAt) - run.changedWithinDays * DAY - OVERLAP;
}

/** `14 May 2026 20:00 UTC` */
export function sinceText(ms: number): string {
  return `${formatDay(ms)} ${formatHour(ms)} UTC`;
}

/** Whether the item is taken by a differential run, and why; undefined for what no run takes anyway. */
export function changeOf(item: ListedItem, choice: Choice, context: ChangeContext): Change | undefined {
  if (choice.strategy === "skip-no-value") return undefined;
  const { days, since, failing } = context;
  const option = `(changedWithinDays ${days})`;
  if (failing.has(item.id)) return { why: `It failed in the run before, so it is taken ${option}` };
  if (changedIn(item, since)) return { why: `The item changed since ${sinceText(since)} ${option}` };
  const unchanged = (last: number): Change => ({
    why: `Unchanged since ${sinceText(since)} ${option}`,
    unchangedSince: last,
  });
  if (!needsEdits(item, choice)) return unchanged(item.modified);
  const edits = editsOf(item, context);
  if (edits === undefined) return { why: `When its rows were edited is not told, so it is taken ${option}` };
  if (edits.rows >= since) return { why: `Its rows were edited since ${sinceText(since)} ${option}` };
  if (edits.anything >= since) {
    return {
      why: `Its definition or settings were edited since ${sinceText(since)}, its rows were not ${option}`,
    };
  }
  return unchanged(Math.max(item.modified, edits.anything));
}

/** Hosted layers whose own date says nothing of their rows: their service must be asked. */
export function asksForEdits(
  item: ListedItem,
  choice: Choice,
  { since, failing }: Pick<ChangeContext, "since" | "failing">,
): boolean {
  return needsEdits(item, choice) && item.url !== null && !failing.has(item.id) && !changedIn(item, since);
}

/** True for a view, whose data are edited in the layers that it shows. */
export function isView(item: ListedItem): boolean {
  return hasKeyword(item, "View Service");
}

/** Reads `{service}/layers?f=json`: the latest date of all layers and tables, none unless each of them tells one. */
export function editsIn(layers: Readonly<Record<string, unknown>>): Pick<ServiceEdits, "rows" | "anything"> {
  const all = ["layers", "tables"].flatMap((name) => listOf(layers, name) ?? []);
  let rows = 0;
  let anything = 0;
  for (const layer of all) {
    const info = isFields(layer) ? fieldsOf(layer, "editingInfo") : {};
    const last = timeOf(info["lastEditDate"]);
    const data = timeOf(info["dataLastEditDate"]) ?? last;
    if (data === undefined) return {};
    rows = Math.max(rows, data);
    anything = Math.max(anything, data, last ?? 0, timeOf(info["schemaLastEditDate"]) ?? 0);
  }
  return all.length === 0 ? {} : { rows, anything };
}

/** Reads `{service}/sources?f=json`: ids of the layers that a view shows; undefined where one of them has none. */
export function sourcesIn(sources: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const services = sources["services"];
  if (!Array.isArray(services) || services.length === 0) return undefined;
  const ids = (services as readonly unknown[]).map((service) =>
    isFields(service) ? service["serviceItemId"] : undefined,
  );
  return ids.every((id) => typeof id === "string") ? [...new Set(ids)] : undefined;
}

/** A date that is missing or lies in the future says nothing: then the item counts as changed. */
function changedIn({ modified }: ListedItem, since: number): boolean {
  return modified >= since || modified <= 0;
}

function needsEdits(item: ListedItem, { strategy, cause }: Choice): boolean {
  return strategy === "export-fgdb" || (cause === "view-of-saved-layer" && isView(item));
}

/** Of a view the latest of its own and of its sources'; undefined when one of them is not known. */
function editsOf(
  item: ListedItem,
  { edits }: ChangeContext,
): { readonly rows: number; readonly anything: number } | undefined {
  const own = edits.get(item.id);
  const sources = isView(item) ? own?.sources : [];
  if (own === undefined || sources === undefined) return undefined;
  let rows = 0;
  let anything = 0;
  for (const one of [own, ...sources.map((id) => edits.get(id))]) {
    if (one?.rows === undefined || one.anything === undefined) return undefined;
    rows = Math.max(rows, one.rows);
    anything = Math.max(anything, one.anything);
  }
  return { rows, anything };
}

function timeOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : undefined;
}
