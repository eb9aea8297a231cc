// The hosted layers, their views, and what only points to services.
import { serviceAddress } from "../places.ts";
import { addItem, relate, type Ground } from "./build.ts";
import { addHosted, addView } from "./layers.ts";
import { png } from "./media.ts";

const POPUPS = {
  layers: [
    {
      id: 0,
      popupInfo: { title: "{Name}" },
      layerDefinition: { drawingInfo: { renderer: { type: "simple" } } },
    },
  ],
};
const METADATA =
  '<?xml version="1.0" encoding="UTF-8"?>\n<metadata xml:lang="en"><Esri><ArcGISFormat>1.0</ArcGISFormat></Esri><dataIdInfo><idAbs>Parcels of Acme</idAbs></dataIdInfo></metadata>\n';

function hosted(ground: Ground): void {
  addHosted(ground, {
    title: "Parcels",
    service: "Parcels",
    folder: "Cadastre",
    minutes: 6,
    layers: [{ id: 0, name: "Parcels", geometry: "polygon", rows: 2500 }],
    json: POPUPS,
    metadata: METADATA,
    thumbnail: png("Parcels"),
    groups: ["Field crews"],
    access: "shared",
  });
  addHosted(ground, {
    title: "Street Trees",
    service: "Street_Trees_2024",
    owner: "m.smith@acme.example",
    minutes: 4,
    layers: [
      {
        id: 0,
        name: "Street Trees",
        geometry: "point",
        rows: 800,
        deleteEvery: 9,
        attachments: { count: 60, bytes: 24_000 },
        relationships: [{ id: 0, name: "inspections", relatedTableId: 1, role: "esriRelRoleOrigin" }],
      },
      {
        id: 1,
        name: "Inspections",
        rows: 300,
        relationships: [{ id: 0, name: "inspections", relatedTableId: 0, role: "esriRelRoleDestination" }],
      },
    ],
    json: JSON.stringify(POPUPS, null, 2),
    thumbnail: png("Trees"),
    access: "org",
  });
  addHosted(ground, {
    title: "Road Works 2024/25",
    service: "Road_Works",
    folder: "Projects",
    minutes: 3,
    layers: [
      { id: 0, name: "Sites", geometry: "point", rows: 120 },
      { id: 1, name: "Detours", geometry: "polyline", rows: 45, deleteEvery: 4 },
      { id: 2, name: "Closed areas", geometry: "polygon", rows: 12 },
      { id: 5, name: "Contractors", rows: 9 },
      { id: 7, name: "Permits", rows: 33 },
    ],
    json: POPUPS,
  });
  addHosted(ground, {
    title: "Hydrants & Valves",
    service: "Hydrants_and_Valves",
    owner: "a_lopez-gis",
    minutes: 2,
    // An older service: its attachments can be listed row by row only.
    layers: [
      {
        id: 0,
        name: "Hydrants",
        geometry: "point",
        rows: 40,
        attachments: { count: 15, bytes: 3000 },
        queryAttachments: false,
      },
      { id: 1, name: "Valves", geometry: "point", rows: 70, attachments: { count: 0, bytes: 0 } },
    ],
  });
  addHosted(ground, {
    title: "Nothing Here Yet",
    service: "Nothing_Here_Yet",
    owner: "a_lopez-gis",
    minutes: 1,
    layers: [{ id: 0, name: "Points", geometry: "point", rows: 0, attachments: { count: 0, bytes: 0 } }],
  });
  addHosted(ground, {
    title: "Lookup tables",
    service: "Lookup_tables",
    minutes: 1,
    keywords: ["Table"],
    layers: [
      { id: 0, name: "Codes", rows: 250 },
      { id: 1, name: "Units", rows: 14 },
    ],
  });
  addHosted(ground, {
    title: "Sensor Readings",
    service: "Sensor_Readings",
    owner: "planning.team",
    folder: "مشاريع",
    minutes: 5,
    bigObjectIds: true,
    layers: [{ id: 0, name: "Readings", geometry: "point", rows: 1500, deleteEvery: 50 }],
    snippet: "Has 64-bit ObjectIDs",
  });
  addHosted(ground, {
    title: "Straßen und Plätze",
    service: "Stra_en_und_Pl_tze",
    owner: "planning.team",
    minutes: 2,
    layers: [
      { id: 0, name: "Straßen/Wege 🚲", geometry: "polyline", rows: 60 },
      { id: 1, name: "道路", geometry: "polyline", rows: 21 },
      { id: 2, name: "1st layer (old)", geometry: "point", rows: 5 },
      { id: 3, name: "1st layer [old]", geometry: "point", rows: 6 },
    ],
  });
  addHosted(ground, {
    title: "Damage Report_results",
    service: "survey123_damage_report",
    owner: "m.smith@acme.example",
    folder: "Survey-Damage Report",
    minutes: 8,
    layers: [
      { id: 0, name: "survey", geometry: "point", rows: 210, attachments: { count: 90, bytes: 12_000 } },
      { id: 1, name: "photos_repeat", rows: 130, attachments: { count: 20, bytes: 9000 } },
    ],
    groups: ["Field crews", "Board"],
    access: "shared",
    protected: true,
  });
  addHosted(ground, {
    title: "Park Benches",
    service: "Park_Benches",
    owner: "old_timer",
    minutes: 1,
    layers: [{ id: 0, name: "Benches", geometry: "point", rows: 77 }],
    snippet: "Its owner is disabled",
  });
}

function views(ground: Ground): void {
  addView(ground, {
    title: "Parcels (public view)",
    service: "Parcels_public",
    sources: ["Parcels"],
    access: "public",
    json: POPUPS,
  });
  addView(ground, {
    title: "Trees that need work",
    service: "Trees_that_need_work",
    owner: "a_lopez-gis",
    sources: ["Street_Trees_2024"],
    eachNth: 4,
  });
  addView(ground, {
    title: "Everything at a glance",
    service: "Everything",
    sources: ["Road_Works", "Hydrants_and_Valves"],
  });
  relate(ground.state, "Parcels", "Service2Service", "Parcels (public view)");
}

function references(ground: Ground): void {
  const { state, places } = ground;
  const keywords = ["ArcGIS Server", "Data", "Feature Access", "Feature Service", "Service"];
  const county = "https://gis.county.example/arcgis/rest/services";
  addItem(state, {
    title: "County boundaries",
    type: "Feature Service",
    keywords,
    url: `${county}/Boundaries/FeatureServer`,
  });
  addItem(state, {
    title: "Flood zones (state)",
    type: "Feature Service",
    keywords,
    url: `${county}/Flood/FeatureServer/0`,
    json: POPUPS,
    owner: "planning.team",
  });
  addItem(state, {
    title: "Parcels, copy of the layer with my own colours",
    type: "Feature Service",
    keywords,
    url: `${serviceAddress(places, "Parcels")}/0`,
    json: POPUPS,
    owner: "m.smith@acme.example",
  });
  const proxy = addItem(state, {
    title: "Traffic (stored password)",
    type: "Feature Service",
    keywords: [...keywords, "Service Proxy"],
  });
  proxy.fields.url = `${places.portal}/sharing/servers/${proxy.id}/rest/services/Traffic/FeatureServer`;
  addItem(state, {
    title: "Aerial imagery by URL",
    type: "Map Service",
    keywords: ["ArcGIS Server", "Map Service", "Tiled"],
    url: `${county}/Aerial/MapServer`,
  });
  addItem(state, {
    title: "State orthophotos",
    type: "Image Service",
    keywords: ["ArcGIS Server", "Image Service"],
    url: `${county}/Ortho/ImageServer`,
  });
  addItem(state, {
    title: "Weather WMS",
    type: "WMS",
    url: "https://weather.example/wms",
    json: { title: "Weather", layers: [{ name: "rain" }] },
  });
}

export function services(ground: Ground): void {
  hosted(ground);
  views(ground);
  references(ground);
}
