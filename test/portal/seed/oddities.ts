// What is odd about content and says nothing of how it is backed up, once each and small: titles, names, forms, owners,
// layers of every shape, and what is left out for a cause.
import { held, pattern, text, type Content } from "../content.ts";
import { geodatabaseZip } from "../fgdb/geodatabase.ts";
import { addGroup, addItem, addMember, bulk, relate, type Ground } from "./build.ts";
import { uglyTitles, withoutValue } from "./files.ts";
import { addHosted, addView } from "./layers.ts";
import { jpg, mp4, png, serviceDefinition } from "./media.ts";
import { ofKind } from "./of-kind.ts";

const MiB = 1024 * 1024;

function people({ state }: Ground): void {
  addMember(state, "m.smith@acme.example", "Max Smith");
  addMember(state, "old_timer", "Left in 2022", { disabled: true });
  addMember(state, "esri_nav", "Esri Navigation", { system: true });
  addGroup(state, "Field crews – draußen", "m.smith@acme.example", "private", ["jdoe"]);
}

function layers(ground: Ground): void {
  addHosted(ground, {
    title: "Parcels",
    service: "Parcels",
    minutes: 1,
    bigObjectIds: true,
    layers: [{ id: 0, name: "Parcels", geometry: "polygon", rows: 40, deleteEvery: 9 }],
    json: { layers: [{ id: 0, popupInfo: { title: "{Name}" } }] },
    metadata: '<?xml version="1.0"?>\n<metadata xml:lang="en"><idAbs>Parcels of Acme</idAbs></metadata>\n',
    thumbnail: png("Parcels"),
    groups: ["Field crews – draußen"],
    access: "shared",
    protected: true,
  });
  addHosted(ground, {
    title: "Street Trees",
    service: "Street_Trees_2024",
    owner: "m.smith@acme.example",
    minutes: 1,
    layers: [
      {
        id: 0,
        name: "Straßen/Wege 🚲",
        geometry: "polyline",
        rows: 30,
        deleteEvery: 4,
        attachments: { count: 9, bytes: 3000 },
        relationships: [{ id: 0, name: "inspections", relatedTableId: 5, role: "esriRelRoleOrigin" }],
      },
      { id: 1, name: "道路", geometry: "point", rows: 6, attachments: { count: 0, bytes: 0 } },
      {
        id: 5,
        name: "Inspections",
        rows: 12,
        relationships: [{ id: 0, name: "inspections", relatedTableId: 0, role: "esriRelRoleDestination" }],
      },
    ],
  });
  addHosted(ground, {
    title: "Nothing here yet",
    service: "Nothing_here_yet",
    owner: "old_timer",
    minutes: 1,
    layers: [{ id: 0, name: "Points", geometry: "point", rows: 0 }],
  });
  addView(ground, {
    title: "Everything at a glance",
    service: "Everything",
    owner: "m.smith@acme.example",
    sources: ["Parcels", "Street_Trees_2024"],
    eachNth: 3,
    access: "public",
  });
  addItem(ground.state, {
    title: "Parcels_sd",
    type: "Service Definition",
    name: "Parcels.sd",
    file: serviceDefinition("Parcels", 4000),
  });
  relate(ground.state, "Parcels", "Service2Data", "Parcels_sd");
  relate(ground.state, "Parcels", "Service2Service", "Everything at a glance");
}

/** Bundles of more than one file, a resource of its own, and names that no file system takes. */
function stories(ground: Ground): void {
  const { state } = ground;
  const images = Array.from({ length: 18 }, (_, n): [string, Content] => [
    `image_${n}.jpg`,
    jpg(`story ${n}`, bulk(ground, MiB) + n),
  ]);
  addItem(state, {
    title: "The flood of 2023",
    type: "StoryMap",
    owner: "m.smith@acme.example",
    keywords: ["StoryMap", "smstatuspublished"],
    json: { nodes: { n1: { type: "storycover" } } },
    resources: {
      "draft_1700000000001.json": text('{"nodes":{},"note":"raw \u0001 control"}'),
      "oembed.xml": text("<oembed/>"),
      ...Object.fromEntries(images),
      "video 1 – Überblick.mp4": mp4("flood", bulk(ground, 9 * MiB)),
    },
    thumbnail: png("flood", 200),
    access: "org",
  });
  addItem(state, {
    title: "City portal",
    type: "Web Experience",
    json: { pages: {} },
    resources: {
      "config/config.json": text('{\n  "pages": {}\n}'),
      "images/a b & c%20d#1?.png": png("ugly"),
      "image-resources-list/image-resources-list.json": text("{}"),
    },
    privateResources: ["image-resources-list/image-resources-list.json"],
  });
}

function forms(ground: Ground): void {
  const { state } = ground;
  const map = { type: "Web Map", folder: "Forms" };
  addItem(state, { ...map, title: "Indented", json: JSON.stringify({ version: "2.31" }, null, 2) });
  addItem(state, {
    ...map,
    title: "Raw controls inside",
    json: '{"title":"raw \u000b control \n character","operationalLayers":[]}',
  });
  addItem(state, {
    ...map,
    title: "Raw controls outside",
    json: { version: "2.31" },
    description: "first line\u000bsecond line\u0001",
    rawControls: true,
  });
  addItem(state, {
    ...map,
    title: "With a script",
    json: { version: "2.31" },
    description: "<p>Map of <b>Acme</b><script>alert(1)</script></p>",
    groups: ["Field crews – draußen"],
  });
  // It takes a heavy lane; the bytes are those of several blocks of a blob.
  addItem(state, {
    title: "Aerial photo of 2023",
    type: "Image",
    name: "aerial_2023.tif",
    size: 80 * MiB,
    file: pattern("aerial", bulk(ground, 9 * MiB)),
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
          rows: [{ values: { Name: "BM" }, geometry: { x: 1, y: 1 } }],
        },
      ]),
    ),
    picky: true,
  });
}

export function oddities(ground: Ground): void {
  people(ground);
  layers(ground);
  stories(ground);
  forms(ground);
  uglyTitles(ground);
  withoutValue(ground);
  ofKind(ground);
}
