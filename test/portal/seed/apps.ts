// Maps and apps: JSON with resources, and what belongs to them.
import { held, pattern, text, type Content } from "../content.ts";
import { serviceAddress } from "../places.ts";
import { addItem, bulk, itemId, relate, type Ground } from "./build.ts";
import { jpg, mp4, png, surveyZip } from "./media.ts";

const OWNERS = ["jdoe", "m.smith@acme.example", "a_lopez-gis", "planning.team"];

function webMap(ground: Ground, n: number, service: string): object {
  return {
    operationalLayers: [
      {
        id: `1599a-layer-${n}`,
        title: service,
        itemId: itemId(service),
        url: `${serviceAddress(ground.places, service)}/0`,
      },
    ],
    baseMap: {
      baseMapLayers: [{ id: "World", url: "https://basemaps.example/World/MapServer" }],
      title: "Topographic",
    },
    version: "2.31",
    initialState: { viewpoint: { targetGeometry: { xmin: -11e6, ymin: 4e6 } } },
  };
}

function maps(ground: Ground): void {
  const services = ["Parcels", "Street Trees", "Road Works 2024/25", "Sensor Readings", "Hydrants & Valves"];
  const most = ground.places.kind === "online" ? 24 : 10;
  for (let n = 1; n <= most; n += 1) {
    const value = webMap(ground, n, services[n % services.length] ?? "Parcels");
    addItem(ground.state, {
      title: `Map ${n}: ${services[n % services.length] ?? ""}`,
      type: "Web Map",
      keywords: ["Map", "Web Map", "Explorer Web Map"],
      owner: OWNERS[n % OWNERS.length] ?? "jdoe",
      ...(n % 3 === 0 ? { folder: "Maps" } : {}),
      // One in four is indented, one has a raw vertical tab and a raw line feed inside a string.
      json:
        n === 7
          ? `{"title":"raw \u000b control \n character","operationalLayers":[]}`
          : n % 4 === 0
            ? JSON.stringify(value, null, 2)
            : value,
      ...(n % 2 === 0 ? { thumbnail: png(`map ${n}`, 100) } : {}),
      ...(n === 5
        ? { resources: { "images/slide 1.png": png("slide 1"), "symbols/0a.json": text('{"cim":true}') } }
        : {}),
      access: n % 5 === 0 ? "public" : "private",
      ...(n === 10 ? { groups: ["Public works – öffentlich"] } : {}),
      description: "<p>Map of <b>Acme</b><script>alert(1)</script></p>",
    });
  }
  addItem(ground.state, {
    title: "Acme in 3D",
    type: "Web Scene",
    json: {
      ground: { layers: [] },
      presentation: { slides: [{ thumbnail: { url: "./resources/slides/1.png" } }] },
    },
    resources: { "slides/1.png": png("slide") },
  });
}

function stories(ground: Ground): void {
  const { state } = ground;
  const published = {
    nodes: { n1: { type: "storycover", data: { title: "Flood of 2023" } } },
    resources: {},
  };
  const images = (count: number, bytes: number): Record<string, Content> =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`image_${n}.jpg`, jpg(`story ${bytes} ${n}`, bytes + n)]),
    );
  addItem(state, {
    title: "The flood of 2023",
    type: "StoryMap",
    owner: "m.smith@acme.example",
    keywords: ["StoryMap", "smstatuspublished", "smdraftresourceid:draft_1700000000000.json"],
    json: published,
    resources: {
      "draft_1700000000000.json": text(JSON.stringify({ ...published, draft: true })),
      "published_data.json": text(JSON.stringify(published)),
      "oembed.json": text('{"type":"link"}'),
      "oembed.xml": text("<oembed/>"),
      ...images(30, bulk(ground, 640_000)),
      "video 1 – Überblick.mp4": mp4("flood", bulk(ground, 18 * 1024 * 1024)),
    },
    thumbnail: png("flood", 200),
    access: "org",
  });
  addItem(state, {
    title: "A story not yet told",
    type: "StoryMap",
    keywords: ["StoryMap", "smstatusdraft", "smdraftresourceid:draft_1700000000001.json"],
    resources: {
      "draft_1700000000001.json": text('{"nodes":{},"note":"raw \u0001 control"}'),
      ...images(3, 9000),
    },
  });
  addItem(state, {
    title: "Stories of Acme",
    type: "StoryMap",
    keywords: ["StoryMap", "storymapcollection", "smstatuspublished"],
    json: { items: [itemId("The flood of 2023")] },
    resources: images(120, 700),
  });
}

function experiences({ state }: Ground): void {
  const config = {
    dataSources: { ds1: { itemId: itemId("Map 1: Street Trees"), type: "WEB_MAP" } },
    widgets: {},
    pages: {},
  };
  for (const title of ["City portal", "Counter service (draft)"]) {
    const draft = title.includes("draft");
    const item = addItem(state, {
      title,
      type: "Web Experience",
      keywords: ["EXB Experience", `status: ${draft ? "Draft" : "Published"}`, "version:1.15.0"],
      ...(draft ? {} : { json: config }),
      resources: {
        "config/config.json": text(JSON.stringify(config, null, 2)),
        "images/1700000000000.png": png(title),
        "image-resources-list/image-resources-list.json": text("{}"),
        "images/a b & c%20d#1?.png": png("ugly"),
      },
      privateResources: ["image-resources-list/image-resources-list.json"],
    });
    item.fields.url = `https://experience.arcgis.com/experience/${item.id}`;
  }
}

function apps(ground: Ground): void {
  const { state, places } = ground;
  for (const [n, title] of ["Operations", "Snow removal", "Council KPIs"].entries()) {
    addItem(state, {
      title,
      type: "Dashboard",
      keywords: ["Dashboard", "Operations Dashboard"],
      owner: OWNERS[n] ?? "jdoe",
      json: {
        version: 29,
        desktopView: {
          widgets: [
            {
              type: "mapWidget",
              itemId: itemId(
                `Map ${n + 2}: ${["Road Works 2024/25", "Sensor Readings", "Hydrants & Valves"][n] ?? ""}`,
              ),
            },
          ],
        },
      },
      ...(n === 0 ? { resources: { "images/logo.png": png("logo") } } : {}),
    });
  }
  addItem(state, {
    title: "Find my councillor",
    type: "Web Mapping Application",
    keywords: ["configurableApp", "Instant App"],
    json: { source: "abc", values: { webmap: itemId("Map 1: Street Trees") } },
    url: "https://www.arcgis.com/apps/instant/lookup/index.html",
  });
  addItem(state, {
    title: "Old viewer",
    type: "Web Mapping Application",
    keywords: ["JavaScript", "Web Map"],
    url: "https://acme.example/viewer?id=1",
    noData: "500",
  });
  addItem(state, { title: "Registered app", type: "Application", owner: "a_lopez-gis", noData: "400" });
  addItem(state, {
    title: "Acme Open Data",
    type: "Hub Site Application",
    keywords: ["hubSite"],
    json: { values: { title: "Acme", layout: { sections: [] } } },
    resources: { "draft-1700000000000.json": text("{}") },
    properties: { schemaVersion: 1.6 },
  });
  addItem(state, {
    title: "Viewer source",
    type: "Code Attachment",
    keywords: ["Code", "Web Mapping Application", "Javascript"],
    name: "viewer.zip",
    file: held(Buffer.from("PK\u0005\u0006".padEnd(22, "\0"), "latin1")),
  });
  relate(state, "Old viewer", "WMA2Code", "Viewer source");
  const survey = serviceAddress(places, "survey123_damage_report");
  addItem(state, {
    title: "Damage Report",
    type: "Form",
    owner: "m.smith@acme.example",
    folder: "Survey-Damage Report",
    keywords: ["Form", "Survey123", "xForm"],
    name: "damage_report.zip",
    file: surveyZip("damage_report", itemId("Damage Report_results"), survey),
    thumbnail: png("survey"),
  });
  relate(state, "Damage Report", "Survey2Service", "Damage Report_results");
  addItem(state, {
    title: "Nightly clean-up",
    type: "Notebook",
    owner: "a_lopez-gis",
    name: "nightly.ipynb",
    file: text(
      JSON.stringify(
        { cells: [{ cell_type: "code", source: ["print('hello')\n"] }], nbformat: 4, nbformat_minor: 2 },
        null,
        1,
      ),
    ),
    resources: { "snapshots/1.json": text("{}") },
  });
  addItem(state, {
    title: "Night style",
    type: "Vector Tile Service",
    keywords: ["Vector Tile Style Editor", "Vector Tile Service"],
    url: "https://basemaps.example/arcgis/rest/services/World/VectorTileServer",
    resources: {
      "styles/root.json": text('{"version":8,"sources":{},"layers":[]}'),
      "sprites/sprite.png": png("sprite"),
      "sprites/sprite@2x.png": png("sprite2"),
      "fonts/Arial Unicode MS Regular/0-255.pbf": pattern("pbf", 5000),
    },
  });
  addItem(state, {
    title: "Quantum districts",
    type: "Quantum Map",
    json: { entangled: [itemId("Parcels")] },
    resources: { "states.json": text("[0,1]") },
  });
  addItem(state, {
    title: "Map notes of the board",
    type: "Feature Collection",
    owner: "planning.team",
    keywords: ["Map Notes"],
    json: { layers: [{ featureSet: { features: [] } }] },
  });
  addItem(state, {
    title: "Heat islands (analysis result)",
    type: "Feature Collection",
    json: text(
      `{"layers":[{"featureSet":{"features":[${Array.from({ length: bulk(ground, 40_000) }, (_, n) => `{"attributes":{"OBJECTID":${n},"t":${(n % 400) / 10}},"geometry":{"x":${n},"y":${-n}}}`).join(",")}]}}]}`,
    ),
  });
}

export function mapsAndApps(ground: Ground): void {
  maps(ground);
  stories(ground);
  experiences(ground);
  apps(ground);
}
