// What a run with failures looks like: the city, where something is wrong with an item of nearly every kind.
import { EXPORT_TAG, exportTitle } from "../../../src/core/export-title.ts";
import type { FaultAnswer, FaultScript } from "../faults.ts";
import { noWayTo } from "../no-way.ts";
import { addItem, itemId, type Ground } from "./build.ts";
import { citySeed } from "./default.ts";
import { addTiles } from "./layers.ts";
import { shapefileZip } from "./media.ts";

const PLANNING = { owner: "planning.team", folder: "City map" };

/** What is wrong with the content itself, and what an earlier run left in the account's content. */
export function troubleSeed(ground: Ground): void {
  citySeed(ground);
  const { state } = ground;
  addTiles(ground, {
    ...PLANNING,
    title: "Base map of Acme",
    service: "Base_map_of_Acme",
    kind: "MapServer",
    exportTilesAllowed: false,
  });
  addTiles(ground, {
    ...PLANNING,
    title: "Hillshade",
    service: "Hillshade",
    kind: "MapServer",
    maxLevel: 9,
    maxExportTilesCount: 100,
  });
  addTiles(ground, { ...PLANNING, title: "Laser scan", service: "Laser_scan", kind: "SceneServer" });
  // No file geodatabase takes it, and no query gives it.
  const photo = state.services.get("survey123_damage_report")?.layers[0]?.attachments[2];
  if (photo !== undefined) photo.unreadable = true;
  const left = exportTitle({
    itemId: itemId("Parcels"),
    attempt: "fgdb-1-0a1b2c3d",
    at: Date.UTC(2024, 4, 3, 1),
  });
  addItem(state, {
    title: left,
    type: "File Geodatabase",
    name: `${left}.zip`,
    tags: [EXPORT_TAG],
    file: shapefileZip("left"),
    owner: "backup_admin",
  });
}

const READ = "/content/items/[0-9a-f]+$";

/** Every time that the item of this title is asked for what the path says. */
function always(itemTitle: string, path: string, answer: FaultAnswer): FaultScript[number] {
  return { match: { path, itemTitle, times: "always" }, answer };
}

export const TROUBLE: FaultScript = [
  ...noWayTo("Road Works 2024/25", "Error exporting data to filegdb format"),
  // Saved by a second try, and by queries.
  {
    match: { path: "/export$", itemTitle: "Lookup tables" },
    export: { minutes: 1, fails: "Error exporting data. There is not enough space on the disk." },
  },
  {
    match: { path: "/export$", itemTitle: "Sensor Readings", times: "always" },
    export: { minutes: 1, fails: "Error exporting data to filegdb format" },
  },
  { match: { path: "/export$", itemTitle: "Parcels" }, export: { minutes: 4, lateMinutes: 4 } },
  { match: { path: "/export$", itemTitle: "Street Trees" }, export: { minutes: 3, dropRows: 3 } },
  always("Zoning plan", "/data$", { html: true }),
  always("Rivers", "/data$", { body: "" }),
  always("Lakes", "/data$|/storage/", { truncate: { bytes: 200 } }),
  // A server that asks to wait longer than anybody waits for one item.
  always("Town hall", "/data$", { status: 503, retryAfter: 900 }),
  always("Budget 2024", READ, {
    error: {
      code: 403,
      messageCode: "GWM_0003",
      message: "You do not have permissions to access this resource or perform this operation.",
    },
  }),
  always("Registered app", READ, {
    error: {
      code: 400,
      messageCode: "CONT_0001",
      message: "Item does not exist or is inaccessible.",
    },
  }),
  always("Trails", "/resources$", {
    error: { code: 400, message: "Error:\u0007 <b>resource index</b> is being rebuilt", details: null },
  }),
  { match: { path: READ, itemTitle: "Snow removal" }, change: { remove: "Snow removal" } },
];
