// One item of every type that portals know, one for every condition that decides how an item of such a type is backed up, and
// everything that is odd: what a whole run over it holds is what a backup can hold.
import { readFileSync } from "node:fs";
import { held, noise, text, type Content } from "../content.ts";
import { serviceAddress } from "../places.ts";
import { zip } from "../zip.ts";
import { addItem, addMember, relate, type Ground, type ItemSpec } from "./build.ts";
import { addHosted, addTiles, addView } from "./layers.ts";
import { jpg, pdf, png, serviceDefinition, xlsx } from "./media.ts";
import { oddities } from "./oddities.ts";
import { tileServices } from "./tiles.ts";

const TABLE = new URL("../../core/fixtures/item-types.csv", import.meta.url);
const COUNTY = "https://gis.county.example/arcgis/rest/services";

interface TypeRow {
  readonly type: string;
  /** file, json, external-reference or none. */
  readonly content: string;
  readonly strategy: string;
  readonly extension: string;
}

/** The rows of the table; the note, the one quoted column, is left out. */
export function typeRows(): readonly TypeRow[] {
  const [, ...lines] = readFileSync(TABLE, "utf8").trimEnd().split("\n");
  return lines.map((line) => {
    const [type = "", , content = "", strategy = "", , extension = ""] = line.split(",");
    return { type, content, strategy, extension };
  });
}

const MAGIC: Readonly<Record<string, (name: string) => Content>> = {
  pdf,
  jpg: (name) => jpg(name, 400),
  docx: xlsx,
  pptx: xlsx,
  xlsx,
  vsd: xlsx,
  vsdx: xlsx,
  geodatabase: () => held(Buffer.concat([Buffer.from("SQLite format 3\0", "latin1"), Buffer.alloc(496)])),
  gpkg: () => held(Buffer.concat([Buffer.from("SQLite format 3\0", "latin1"), Buffer.alloc(496)])),
  geojson: () => text('{"type":"FeatureCollection","features":[]}'),
  ipynb: () => text('{"cells":[],"nbformat":4,"nbformat_minor":5}'),
  mapx: () => text('{"type":"CIMMapDocument"}'),
  csv: () => text("a,b\n1,2\n"),
  kml: () => text('<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"/>'),
  arcade: () => text("return 1;"),
  sd: (name) => serviceDefinition(name, 400),
};

function fileOf({ type, extension }: TypeRow): Content {
  const plain = (): Content => held(zip([{ name: "content.bin", bytes: noise(type, 200), store: true }]));
  return (MAGIC[extension] ?? plain)(type);
}

function ofType(ground: Ground, row: TypeRow): void {
  const { type, strategy, extension } = row;
  const base = { key: `type ${type}`, title: `A ${type}`, owner: "jdoe", folder: "Types" };
  const name = `a ${type}${extension === "" ? "" : `.${extension}`}`.toLowerCase().replaceAll(" ", "_");
  switch (strategy) {
    case "export-fgdb":
      addHosted(ground, {
        ...base,
        service: "Of_type_feature",
        minutes: 1,
        layers: [{ id: 0, name: "Rows", geometry: "point", rows: 4 }],
      });
      return;
    case "export-tiles":
      addTiles(ground, { ...base, service: "Of_type_map", kind: "MapServer" });
      return;
    case "export-vector-tiles": {
      const exportFormats = ["Vector Tile Package"] as const;
      addTiles(ground, { ...base, service: "Of_type_vector", kind: "VectorTileServer", exportFormats });
      return;
    }
    case "export-scene-package":
      addTiles(ground, {
        ...base,
        service: "Of_type_scene",
        kind: "SceneServer",
        exportFormats: ["Scene Package"],
      });
      return;
    case "skip-reference":
      addItem(ground.state, { ...base, type, url: `${COUNTY}/${name.replace(/\.\w+$/, "")}` });
      return;
    default:
      addItem(ground.state, { ...base, type, ...contentOf(row, name) });
  }
}

function contentOf(row: TypeRow, name: string): Partial<ItemSpec> {
  if (row.content === "file") return { name, file: fileOf(row) };
  if (row.content === "external-reference") return { url: `https://www.acme.example/${name}`, noData: "400" };
  if (row.content === "none") return { noData: "500" };
  return { json: { of: row.type }, resources: { "images/a.png": png(row.type, 8) } };
}

/** Keywords and addresses that make something else of a type. */
function conditions(ground: Ground): void {
  const { state, places } = ground;
  const add = (title: string, type: string, more: Partial<ItemSpec>): void => {
    addItem(state, { title, type, owner: "jdoe", folder: "Conditions", ...more });
  };
  const service = ["ArcGIS Server", "Data", "Service"];
  const hosted = [...service, "Hosted Service"];
  const layer = serviceAddress(places, "Of_type_feature");
  addView(ground, { title: "View", service: "A_view", sources: ["Of_type_feature"] });
  addHosted(ground, {
    title: "Tracks",
    service: "Tracks",
    keywords: ["Location Tracking Service"],
    minutes: 1,
    // An older service: its attachments can be listed row by row only.
    layers: [
      {
        id: 0,
        name: "Tracks",
        geometry: "point",
        rows: 7,
        deleteEvery: 3,
        attachments: { count: 4, bytes: 900 },
        queryAttachments: false,
      },
      { id: 1, name: "Crews", rows: 2 },
    ],
    works: ["shapefile", "csv", "query"],
  });
  add("Copy", "Feature Service", { keywords: service, url: `${layer}/0`, json: { layers: [] } });
  add("Proxy", "Feature Service", {
    keywords: [...service, "Service Proxy"],
    url: `${places.portal}/sharing/servers/0123/rest/services/T/FeatureServer`,
  });
  add("Premium", "Feature Service", { keywords: [...hosted, "Requires Subscription"], url: `${layer}/0` });
  add("By address", "Map Service", { keywords: ["Map Service", "Tiled"], url: `${COUNTY}/Aerial/MapServer` });
  add("Style only", "Vector Tile Service", {
    keywords: [...hosted, "Vector Tile Style Editor"],
    url: serviceAddress(places, "Of_type_vector", "VectorTileServer"),
    resources: { "styles/root.json": text('{"version":8}') },
  });
  add("Dynamic imagery", "Image Service", {
    keywords: [...hosted, "Dynamic Imagery Layer"],
    url: `${COUNTY}/O/ImageServer`,
  });
  add("Elevation by address", "Image Service", {
    keywords: ["Elevation 3D Layer"],
    url: `${COUNTY}/E/ImageServer`,
  });
  add("Hosted WFS", "WFS", { keywords: hosted, url: `${layer.replace("FeatureServer", "WFSServer")}` });
  add("Hosted 3D tiles", "3DTiles Service", { keywords: hosted, url: `${COUNTY}/T/3DTilesServer` });
  for (const type of ["CSV", "PDF", "KML", "Image", "GeoJson"]) {
    add(`${type} by address`, type, { url: `https://data.acme.example/${type.toLowerCase()}` });
  }
  add("Cached download", "CSV", {
    keywords: ["exportItem:0123", "exportLayer:00"],
    name: "c.csv",
    file: text("a\n1\n"),
  });
  add("Of a type that nobody knows", "Quantum Map", { json: { version: 1 } });
  add("Of an unknown type, with a file", "Quantum Package", {
    name: "q.qpkg",
    file: held(noise("quantum", 300)),
  });
  add("Web map with an area", "Web Map", { keywords: ["Offline"], json: { version: "2.31" } });
  add("The area", "Map Area", { json: { mapAreas: {} } });
  add("Package of the area", "Tile Package", {
    name: "area.tpk",
    file: fileOf({ type: "area", content: "file", strategy: "", extension: "tpk" }),
  });
  relate(state, "Web map with an area", "Map2Area", "The area");
  relate(state, "The area", "Area2Package", "Package of the area");
  if (places.kind === "online") return;
  for (const keyword of ["Spatiotemporal", "Relational"]) {
    add(`Map image, ${keyword}`, "Map Service", {
      keywords: [...hosted, keyword],
      url: serviceAddress(places, "Of_type_feature", "MapServer"),
    });
  }
}

export function typesSeed(ground: Ground): void {
  const { state, password } = ground;
  addMember(state, "backup_admin", "Backup Administrator", { role: "org_admin", password });
  addMember(state, "jdoe", "Jane Doe");
  for (const row of typeRows()) ofType(ground, row);
  conditions(ground);
  tileServices(ground);
  oddities(ground);
}
