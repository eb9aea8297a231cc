// The plan of a dry run as a text: what would be done with each item and why, how large it may get, how long it may take.
import { columns, cut } from "./columns.ts";
import { type PlannedItem, STRATEGIES, type Strategy } from "./item.ts";
import { type Estimate, estimate, type PlanLanes, sizeHint } from "./plan-estimate.ts";
import { printable } from "./printable.ts";
import type { PortalSummary } from "./run.ts";
import { formatBytes, formatCount, formatDuration, formatOf } from "./units.ts";
import { wrap } from "./wrap.ts";

export interface PlanTextInput {
  readonly organisation: string;
  readonly portal: Pick<PortalSummary, "base" | "username" | "seesAllItems">;
  readonly planned: Iterable<PlannedItem>;
  /** Milliseconds that the last export of an item took, by item id; may be empty. */
  readonly exportMs: Readonly<Record<string, number>>;
  readonly lanes: PlanLanes;
}

const WIDTH = 110;
const MINUTE = 60_000;

/** What each strategy leaves in the backup. */
const MEANING: Readonly<Record<Strategy, string>> = {
  "json+resources": "its JSON with data, resources, thumbnail, metadata and groups",
  "download-file": "the same as of json+resources, and the file",
  "export-fgdb": "its JSON, the service's definition, and its rows by an export to a file geodatabase",
  "export-tiles": "its JSON, the service's definition, and its tiles by an export to a tile package",
  "export-vector-tiles":
    "its JSON, the service's definition, and its tiles by an export to a vector tile package",
  "export-scene-package": "its JSON, the service's definition, and its scene by an export to a scene package",
  "skip-reference":
    "its definition; the data are saved with another item, or lie outside of ArcGIS's hosting",
  "skip-no-value": "nothing; it is listed with the reason",
};

/** UTF-8 text, LF; a line per item, grouped by strategy, type and reason. Equal input gives an equal text. */
export function planText(input: PlanTextInput): string {
  const all = [...input.planned];
  const unchanged = all.filter(({ unchangedSince }) => unchangedSince !== undefined);
  const planned = all.filter(({ unchangedSince }) => unchangedSince === undefined);
  const groups = Map.groupBy(planned, ({ strategy }) => strategy);
  const used = STRATEGIES.flatMap((strategy): readonly Group[] => {
    const items = groups.get(strategy);
    return items === undefined ? [] : [{ strategy, items }];
  });
  const lines = [
    ...head(input, planned, unchanged.length),
    ...totals(used),
    ...estimateLines(planned, input),
    ...used.flatMap(({ strategy, items }) => section(strategy.toUpperCase(), MEANING[strategy], items)),
    ...(unchanged.length === 0
      ? []
      : section("UNCHANGED", "nothing; their last copy is in an earlier restore point", unchanged)),
  ];
  return `${lines
    .map((line) => line.trimEnd())
    .join("\n")
    .trimEnd()}\n`;
}

function head(
  { organisation, portal }: PlanTextInput,
  planned: readonly PlannedItem[],
  unchanged: number,
): string[] {
  const skipped = planned.filter(({ strategy }) => strategy.startsWith("skip-")).length;
  const items = planned.length + unchanged;
  const still = unchanged === 0 ? "" : `, ${formatCount(unchanged)} unchanged`;
  const counts = `${formatOf(items, "item")}: ${formatCount(planned.length - skipped)} to be backed up, ${formatCount(skipped)} to be skipped${still}.`;
  return [
    `PLAN   ${printable(organisation, 40)}   ${printable(portal.base, 60)} as "${printable(portal.username, 40)}"`,
    "This is what a run would do now. Nothing was saved.",
    items === 0 ? "No item was listed: check which items the account can see." : counts,
    ...(portal.seesAllItems
      ? []
      : ["The account cannot see every item: items of other members are not in this plan."]),
    "",
  ];
}

interface Group {
  readonly strategy: Strategy;
  readonly items: readonly PlannedItem[];
}

function totals(used: readonly Group[]): readonly string[] {
  if (used.length === 0) return [];
  const row = (name: string, items: string, size: string): string =>
    `${name.padEnd(22)}${items.padStart(7)}   ${size}`;
  const rows = used.map(({ strategy, items }) => row(strategy, formatCount(items.length), sizeOf(items)));
  return [row("STRATEGY", "ITEMS", "SIZE AS ARCGIS TELLS IT"), ...rows, ""];
}

/** `12.3 MB, and 4 of unknown size` */
function sizeOf(items: readonly PlannedItem[]): string {
  const sizes = items.flatMap((item) => sizeHint(item) ?? []);
  const unknown = items.length - sizes.length;
  if (sizes.length === 0 && unknown > 0) return "unknown";
  const known = formatBytes(sizes.reduce((sum, size) => sum + size, 0));
  return unknown === 0 ? known : `${known}, and ${formatCount(unknown)} of unknown size`;
}

function estimateLines(planned: readonly PlannedItem[], { exportMs, lanes }: PlanTextInput): string[] {
  const kept = planned.filter(({ strategy }) => !strategy.startsWith("skip-"));
  if (kept.length === 0) return [];
  const found = estimate(planned, exportMs, lanes);
  const parts = [
    ...(found.directMs > 0 ? [`${about(found.directMs)} in ${formatOf(lanes.direct, "direct lane")}`] : []),
    ...(found.heavyMs > 0
      ? [
          `${about(found.heavyMs)} for exports and large files in ${formatOf(lanes.exports, "lane")} of their own`,
        ]
      : []),
  ];
  return [
    "ESTIMATE",
    ...wrap(`Size: ${sizeOf(kept)}. An export may be smaller or larger than its layer.`, WIDTH, "     "),
    ...wrap(`Time: about ${about(found.totalMs)} (${parts.join(", ")}).`, WIDTH, "     "),
    ...wrap(basis(found), WIDTH, "     "),
    "",
  ];
}

function basis({ exports, timed }: Estimate): string {
  const guess = "a rough guess from the sizes, which may be wrong by a factor of ten";
  if (exports === 0) return "It rests on the number of items and the sizes: a rough guess.";
  if (timed === 0) return `It rests on no earlier export: ${guess}.`;
  const known = `It rests on how long the last export of ${formatCount(timed)} of ${formatOf(exports, "layer")} took`;
  return timed === exports ? `${known}.` : `${known}; the rest is ${guess}.`;
}

function about(ms: number): string {
  return formatDuration(Math.max(1, Math.ceil(ms / MINUTE)) * MINUTE).replace(/^60 s$/, "1 min");
}

function section(heading: string, kept: string, items: readonly PlannedItem[]): string[] {
  const groups = Map.groupBy(items, ({ item, why }) => `${item.type}\n${why}`);
  const sorted = [...groups].toSorted(([a], [b]) => compare(a, b));
  return [
    `${heading} (${formatCount(items.length)})`,
    ...wrap(`What is kept: ${kept}.`, WIDTH, "     "),
    ...sorted.flatMap(([, group]) => groupLines(group)),
    "",
  ];
}

function groupLines(items: readonly PlannedItem[]): string[] {
  // All of a group have one type and one reason.
  const heading = items.slice(0, 1).flatMap(({ item, why }) => {
    const type = `${printable(item.type, 40)} (${formatCount(items.length)})`;
    return wrap(`${type}: ${printable(why)}`, WIDTH, "  ", "     ");
  });
  const order = items.toSorted(
    (a, b) => compare(a.item.title, b.item.title) || compare(a.item.id, b.item.id),
  );
  return ["", ...heading, ...order.map(itemLine)];
}

/** `   1.2 MB  City Map   jdoe   {id}` */
function itemLine(planned: PlannedItem): string {
  const { title, owner, id } = planned.item;
  const size = sizeHint(planned);
  const name = title.trim() === "" ? "(no title)" : title;
  return [
    (size === undefined ? "unknown" : formatBytes(size)).padStart(13),
    padded(name, 40),
    padded(owner, 18),
    id,
  ].join("  ");
}

function padded(text: string, most: number): string {
  const shown = cut(printable(text), most);
  return shown + " ".repeat(Math.max(0, most - columns(shown)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
