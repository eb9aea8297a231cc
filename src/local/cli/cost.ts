// What a run cost: requests to the portal, durable actions (activities, timers and children that were scheduled), and how
// long the histories became.
import { formatCount, formatOf } from "../../core/units.ts";
import type { OrchestratorFigures } from "../host/durable/figures.ts";

export interface Cost {
  readonly portalRequests: number;
  readonly actions: number;
  /** Actions of the direct lanes for each item that they took; undefined = they took none. */
  readonly perDirectItem: number | undefined;
  /** Actions of the heavy lanes for each export, large files apart; undefined = there was none. */
  readonly perExport: number | undefined;
  readonly longestHistory: number;
}

/** A large file of a heavy lane takes a claim, its saving and its booking. */
const ACTIONS_OF_A_FILE = 3;

export function costOf(figures: readonly OrchestratorFigures[], portalRequests: number): Cost {
  const direct = actionsOf(figures, "directLane");
  const heavy = actionsOf(figures, "heavyLane");
  const items = direct["saveItem"] ?? 0;
  const exports = heavy["startExport"] ?? 0;
  const ofExports = total(heavy) - ACTIONS_OF_A_FILE * (heavy["saveItem"] ?? 0);
  return {
    portalRequests,
    actions: figures.reduce((sum, { actions }) => sum + total(actions), 0),
    perDirectItem: items === 0 ? undefined : total(direct) / items,
    perExport: exports === 0 ? undefined : ofExports / exports,
    longestHistory: Math.max(0, ...figures.map(({ longestHistory }) => longestHistory)),
  };
}

/** `Cost  4,812 requests to ArcGIS · 412 durable actions (1.1 per item, 8.3 per export) · longest history 312 events` */
export function costText(cost: Cost): string {
  const per = [
    ...(cost.perDirectItem === undefined ? [] : [`${cost.perDirectItem.toFixed(2)} per item`]),
    ...(cost.perExport === undefined ? [] : [`${cost.perExport.toFixed(1)} per export`]),
  ];
  return [
    `${formatOf(cost.portalRequests, "request")} to ArcGIS`,
    `${formatOf(cost.actions, "durable action")}${per.length === 0 ? "" : ` (${per.join(", ")})`}`,
    `longest history ${formatCount(cost.longestHistory)} events`,
  ].join(" · ");
}

function actionsOf(figures: readonly OrchestratorFigures[], name: string): Readonly<Record<string, number>> {
  return figures.find(({ orchestrator }) => orchestrator === name)?.actions ?? {};
}

function total(actions: Readonly<Record<string, number>>): number {
  return Object.values(actions).reduce((sum, count) => sum + count, 0);
}
