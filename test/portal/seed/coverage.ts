// Items whose data other items hold: packages by relation and by title, copies of layers, an offline area, and what only
// looks like one of these.
import { held } from "../content.ts";
import { serviceAddress } from "../places.ts";
import { zip } from "../zip.ts";
import { addItem, addMember, relate, type Ground } from "./build.ts";
import { addHosted, addView } from "./layers.ts";

const HOSTED = ["ArcGIS Server", "Data", "Service", "Hosted Service"];
const SQLITE = Buffer.from("SQLite format 3\0", "latin1");

function packageFile(ground: Ground, title: string, type: string, extension: string, owner = "jdoe"): void {
  addItem(ground.state, {
    key: `${title} (${type})`,
    title,
    type,
    owner,
    name: `${title}.${extension}`,
    file: held(Buffer.from(zip([{ name: "root.json", bytes: "{}" }]))),
  });
}

/** The City's tiles, scenes and copies, as few of each as tell the rules apart. */
export function coverageSeed(ground: Ground): void {
  const { state, places, password } = ground;
  addMember(state, "backup_admin", "Backup Administrator", { role: "org_admin", password });
  addMember(state, "jdoe", "Jane Doe");
  const layer = (title: string, type: string, server: string) =>
    addItem(state, {
      title,
      type,
      keywords: [...HOSTED, type],
      url: `${places.services}/rest/services/${title.replaceAll(" ", "_")}/${server}`,
    });

  layer("Streets", "Map Service", "MapServer");
  packageFile(ground, "Streets of May", "Compact Tile Package", "tpkx", "backup_admin");
  relate(state, "Streets", "Service2Data", "Streets of May (Compact Tile Package)");
  layer("Relief", "Vector Tile Service", "VectorTileServer");
  packageFile(ground, "Relief", "Vector Tile Package", "vtpk");

  addHosted(ground, {
    title: "Wells",
    service: "Wells",
    owner: "backup_admin",
    minutes: 1,
    layers: [{ id: 0, name: "Wells", geometry: "point", rows: 3 }],
  });
  addView(ground, { title: "Wells for all", service: "Wells_view", sources: ["Wells"] });
  relate(state, "Wells", "Service2Service", "Wells for all");
  addItem(state, {
    title: "Wells in red",
    type: "Feature Service",
    keywords: ["Feature Service"],
    url: `${serviceAddress(places, "Wells").replace("http:", "HTTP:")}/0/?f=json`,
    json: { layers: [] },
  });

  addItem(state, { title: "Crew map", type: "Web Map", json: { version: "2.31" } });
  addItem(state, { title: "Harbour", type: "Map Area", json: { extent: [] } });
  addItem(state, {
    title: "Harbour, layers",
    type: "SQLite Geodatabase",
    name: "harbour.geodatabase",
    file: held(Buffer.concat([SQLITE, Buffer.alloc(80)])),
  });
  relate(state, "Crew map", "Map2Area", "Harbour");
  relate(state, "Harbour", "Area2CustomPackage", "Harbour, layers");
}
