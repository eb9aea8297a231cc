// What few organisations have and every one may have: offline areas, files by address, uploaded geodatabases.
import { held, pattern } from "../content.ts";
import { zipOfGenerated } from "../zip.ts";
import { geodatabaseZip } from "../fgdb/geodatabase.ts";
import { addItem, bulk, relate, type Ground } from "./build.ts";

const SQLITE = Buffer.from("SQLite format 3\0", "latin1");

function offlineArea({ state }: Ground): void {
  addItem(state, {
    title: "Crew map",
    type: "Web Map",
    keywords: ["Web Map", "Offline"],
    json: { version: "2.31", operationalLayers: [] },
  });
  addItem(state, {
    title: "Crew map: harbour",
    type: "Map Area",
    json: { mapAreas: { extent: [0, 0, 1, 1] } },
  });
  addItem(state, {
    title: "Crew map: harbour, layers",
    type: "SQLite Geodatabase",
    name: "harbour.geodatabase",
    file: held(Buffer.concat([SQLITE, Buffer.alloc(4080)])),
  });
  relate(state, "Crew map", "Map2Area", "Crew map: harbour");
  relate(state, "Crew map: harbour", "Area2Package", "Crew map: harbour, layers");
}

export function rarities(ground: Ground): void {
  const { state } = ground;
  offlineArea(ground);
  addItem(state, { title: "Bus positions", type: "CSV", url: "https://bus.example/now.csv" });
  addItem(state, {
    title: "Building code",
    type: "PDF",
    url: "https://law.example/code.pdf",
    owner: "planning.team",
  });
  addItem(state, {
    title: "Field crews on foot",
    type: "Mobile Map Package",
    name: "crews.mmpk",
    file: zipOfGenerated("p20/crews.geodatabase", pattern("crews", bulk(ground, 6 * 1024 * 1024))),
    access: "shared",
    groups: ["Field crews"],
  });
  addItem(state, {
    title: "Benchmarks of 1998",
    type: "File Geodatabase",
    name: "benchmarks.gdb.zip",
    owner: "old_timer",
    // A real one, although nobody exported it: its owner uploaded it.
    file: held(
      geodatabaseZip("benchmarks", [
        {
          name: "Benchmarks",
          geometry: "point",
          fields: [{ name: "Name", kind: "string" }],
          rows: Array.from({ length: 30 }, (_, n) => ({
            values: { Name: `BM ${n}` },
            geometry: { x: n, y: n },
          })),
        },
      ]),
    ),
    picky: true,
  });
}

/** Beyond the default seed: an item whose own JSON is not legal JSON, and one of another organisation in a group. */
export function strangers({ state }: Ground): void {
  addItem(state, {
    title: "Pasted from an old document",
    type: "Web Map",
    keywords: ["Web Map"],
    json: { version: "2.31" },
    description: "first line\u000bsecond line\u0001",
    owner: "a_lopez-gis",
    folder: "Old",
    rawControls: true,
  });
  const stranger = addItem(state, {
    title: "Map of the neighbours",
    type: "Web Map",
    owner: "someone_in_another_org",
    json: { version: "2.31" },
    groups: ["Board"],
    access: "shared",
  });
  stranger.orgId = "AnotherOrg000001";
}
