// Files of many formats, ugly titles, and what is not worth a copy.
import { held, pattern, text, joined } from "../content.ts";
import { addItem, bulk, itemId, relate, type Ground } from "./build.ts";
import { jpg, pdf, png, serviceDefinition, shapefileZip, xlsx } from "./media.ts";

const MEGABYTE = 1024 * 1024;

function files(ground: Ground): void {
  const { state } = ground;
  addItem(state, {
    title: "Street addresses",
    type: "CSV",
    name: "addresses.csv",
    file: text("id,street\n1,Elm\n2,Oak\n"),
    folder: "Open data",
  });
  addItem(state, {
    title: "Budget 2024",
    type: "Microsoft Excel",
    name: "budget 2024.xlsx",
    file: xlsx(),
    owner: "planning.team",
  });
  addItem(state, {
    title: "Zoning plan",
    type: "PDF",
    name: "zoning.pdf",
    file: pdf("Zoning plan"),
    thumbnail: png("zoning"),
  });
  addItem(state, {
    title: "Lakes",
    type: "Shapefile",
    name: "lakes.zip",
    file: shapefileZip("lakes"),
    owner: "m.smith@acme.example",
  });
  addItem(state, {
    title: "Rivers",
    type: "GeoJson",
    name: "rivers.geojson",
    file: text('{"type":"FeatureCollection","features":[]}'),
  });
  addItem(state, {
    title: "Trails",
    type: "KML",
    name: "trails.kml",
    file: text('<?xml version="1.0"?><kml><Document/></kml>'),
  });
  addItem(state, { title: "Earthquakes feed", type: "KML", url: "https://quakes.example/feed.kml" });
  addItem(state, { title: "Council minutes", type: "Document Link", url: "https://acme.example/minutes" });
  addItem(state, { title: "Town hall", type: "Image", name: "hall.jpg", file: jpg("hall", 90_000) });
  addItem(state, {
    title: "Parcels_sd",
    type: "Service Definition",
    name: "Parcels.sd",
    file: serviceDefinition("Parcels", 40_000),
  });
  addItem(state, {
    title: "Survey of 1998",
    type: "File Geodatabase",
    name: "old_survey.gdb.zip",
    file: shapefileZip("old_survey"),
    picky: true,
    owner: "old_timer",
  });
  addItem(state, {
    title: "Aerial photo 2023",
    type: "Image",
    name: "aerial_2023.tif",
    owner: "planning.team",
    file: joined([
      held(Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0])),
      pattern("aerial", bulk(ground, 80 * MEGABYTE)),
    ]),
  });
  relate(state, "Parcels", "Service2Data", "Parcels_sd");
}

const UGLY: readonly (readonly [key: string, title: string])[] = [
  ["slashes", "Plan A/B \\ C: *final*?"],
  ["dots", "ends with dots..."],
  ["emoji", "🌳 Trees 👩‍👩‍👧‍👦 family"],
  ["rtl", "‮كتاب المدينة‬ مخطط"],
  ["long", "Very long title ".repeat(16).slice(0, 250)],
  ["con", "CON"],
  ["nul", "NUL.txt"],
  ["up", "../../x"],
  ["spaces", "  spaces before and after  "],
  ["control", "tab\tand\u0007bell"],
  ["html", "<img src=x onerror=alert(1)>"],
  ["formula", '=HYPERLINK("https://evil.example")'],
  ["twin 1", "Twins"],
  ["twin 2", "Twins"],
];

export function uglyTitles({ state }: Ground): void {
  for (const [n, [key, title]] of UGLY.entries()) {
    addItem(state, {
      key: `ugly ${key}`,
      title,
      type: "Web Map",
      keywords: ["Web Map"],
      json: { version: "2.31", n },
      ...(n % 3 === 0 ? { folder: "a/b: c." } : {}),
    });
  }
}

export function withoutValue({ state }: Ground): void {
  addItem(state, {
    title: "Roads (cached download)",
    type: "Shapefile",
    name: "roads.zip",
    keywords: [`exportItem:${itemId("Parcels")}`, "exportLayer:00"],
    file: shapefileZip("roads"),
  });
  addItem(state, { title: "Featured on the home page", type: "Featured Items" });
  addItem(state, { title: "Key for the bus app", type: "API Key" });
  addItem(state, {
    title: "TEMP_FOR_BACKUP_20240102030405",
    type: "File Geodatabase",
    name: "TEMP_FOR_BACKUP_20240102030405.zip",
    file: shapefileZip("left"),
    owner: "backup_admin",
  });
  addItem(state, {
    title: `TEMP_FOR_EXPORT_${itemId("Parcels")}_20240102030405`,
    type: "File Geodatabase",
    name: "left.zip",
    file: shapefileZip("left"),
    owner: "backup_admin",
  });
  addItem(state, {
    title: "Collaboration 7",
    type: "Replication Package",
    name: "replica.zip",
    file: shapefileZip("replica"),
  });
  addItem(state, {
    title: "Navigation settings",
    type: "Application Configuration",
    owner: "esri_nav",
    json: { v: 1 },
  });
  addItem(state, { title: "Navigation map", type: "Web Map", owner: "esri_nav", json: { version: "2.0" } });
}

/** Everything that is a file, has a title nobody would choose, or is left out for a cause. */
export function filesAndOddities(ground: Ground): void {
  files(ground);
  uglyTitles(ground);
  withoutValue(ground);
}
