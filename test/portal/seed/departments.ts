// The everyday content of the city's departments: some 200 small items of many types, in folders and groups.
import { held, text } from "../content.ts";
import { addGroup, addItem, addMember, itemId, type Ground } from "./build.ts";
import { addHosted, addView } from "./layers.ts";
import { jpg, pdf, png, shapefileZip, surveyZip, xlsx } from "./media.ts";

interface Department {
  readonly owner: string;
  readonly name: string;
  readonly subjects: readonly [string, string, string, string, string, string];
}

const DEPARTMENTS: readonly Department[] = [
  {
    owner: "parks_gis",
    name: "Parks & Recreation",
    subjects: ["Playgrounds", "Ball fields", "Trail heads", "Dog parks", "Picnic sites", "Invasive plants"],
  },
  {
    owner: "fire-rescue",
    name: "Fire",
    subjects: ["Stations", "First due areas", "Hazmat sites", "Burn permits", "Incidents 2023", "Pre-plans"],
  },
  {
    owner: "health@acme.example",
    name: "Public Health",
    subjects: ["Clinics", "Air quality", "Mosquito traps", "Food inspections", "Heat line", "Wells tested"],
  },
  {
    owner: "Verkehrsbüro",
    name: "Mobilität/Verkehr",
    subjects: ["Radwege", "Ampeln", "Zählstellen", "Baustellen", "Haltestellen", "Parkhäuser"],
  },
  {
    owner: "works.desk",
    name: "Water & Sewer",
    subjects: ["Mains", "Lift stations", "Manholes", "Leaks 2024", "Meters", "Outfalls"],
  },
  {
    owner: "library",
    name: "Library",
    subjects: ["Branches", "Book mobile", "Reading rooms", "Local history", "Street names", "Old postcards"],
  },
];

export function departments(ground: Ground): void {
  for (const department of DEPARTMENTS) {
    addMember(ground.state, department.owner, department.name);
    addGroup(ground.state, `${department.name}: team`, department.owner, "org", ["jdoe"]);
    for (const [n, subject] of department.subjects.entries()) bundle(ground, department, subject, n);
    extras(ground, department);
  }
  layers(ground);
}

/** What a subject usually has: a map, an app, and two files. */
function bundle({ state }: Ground, { owner, name }: Department, subject: string, n: number): void {
  const folder = n % 2 === 0 ? name : subject;
  const map = `${subject} map`;
  const groups = n % 3 === 0 ? [`${name}: team`] : [];
  addItem(state, {
    title: map,
    type: "Web Map",
    keywords: ["Map", "Web Map"],
    owner,
    folder,
    groups,
    json: { version: "2.31", operationalLayers: [{ title: subject, visibility: n % 2 === 0 }] },
    tags: ["acme", name],
    access: n % 4 === 0 ? "public" : "private",
    ...(n === 0 ? { thumbnail: png(map) } : {}),
  });
  const app = APPS[n % APPS.length] ?? APPS[0];
  addItem(state, {
    ...app,
    title: `${subject}: ${app.word}`,
    owner,
    json: { values: { webmap: itemId(map) } },
  });
  addItem(state, {
    title: `${subject} – Bericht/report`,
    type: "PDF",
    name: `${subject}.pdf`,
    owner,
    folder,
    file: pdf(subject),
  });
  const file = FILES[n % FILES.length] ?? FILES[0];
  addItem(state, { ...file.of(subject), title: `${subject} (${file.word})`, type: file.type, owner });
  if (n % 2 === 1) {
    addItem(state, {
      title: `${subject} of the county`,
      type: "Feature Service",
      keywords: ["ArcGIS Server", "Data", "Feature Access", "Feature Service", "Service"],
      url: `https://gis.county.example/arcgis/rest/services/${encodeURIComponent(subject)}/FeatureServer`,
      owner,
    });
  }
}

const APPS = [
  { type: "Dashboard", word: "dashboard", keywords: ["Dashboard", "Operations Dashboard"] },
  { type: "Web Mapping Application", word: "viewer", keywords: ["configurableApp", "Instant App"] },
  { type: "Feature Collection", word: "notes", keywords: ["Map Notes"] },
] as const;

const FILES = [
  {
    type: "CSV",
    word: "table",
    of: (subject: string) => ({ name: "table.csv", file: text(`id,name\n1,${subject}\n`) }),
  },
  { type: "Microsoft Excel", word: "figures", of: () => ({ name: "figures 2024.xlsx", file: xlsx() }) },
  {
    type: "Image",
    word: "photo",
    of: (subject: string) => ({ name: "photo.jpg", file: jpg(subject, 12_000) }),
  },
  {
    type: "GeoJson",
    word: "open data",
    of: () => ({ name: "data.geojson", file: text('{"type":"FeatureCollection","features":[]}') }),
  },
] as const;

/** One of each kind that a department has once. */
function extras({ state, places }: Ground, { owner, name, subjects }: Department): void {
  addItem(state, {
    title: `${name}: the year in pictures`,
    type: "StoryMap",
    owner,
    keywords: ["StoryMap", "smstatuspublished"],
    json: { nodes: {} },
    resources: { "published_data.json": text("{}"), "image 1.jpg": jpg(`${name} story`, 9000) },
  });
  addItem(state, {
    title: `${name}: field sheet`,
    type: "Form",
    owner,
    keywords: ["Form", "Survey123", "xForm"],
    name: "field_sheet.zip",
    file: surveyZip("field_sheet", itemId("Parcels"), `${places.services}/rest/services/none/FeatureServer`),
  });
  addItem(state, {
    title: `${name}: old shapes`,
    type: "Shapefile",
    owner,
    name: `shapes_${owner.length}.zip`,
    file: shapefileZip("shapes"),
    metadata: `<metadata><idAbs>${subjects[0]}</idAbs></metadata>`,
  });
  addItem(state, {
    title: `${name} in 3D`,
    type: "Web Scene",
    owner,
    folder: name,
    json: { version: "1.31" },
  });
  addItem(state, {
    title: `${name}: link list`,
    type: "Document Link",
    owner,
    url: "https://intranet.acme.example/links",
  });
  addItem(state, {
    title: `${name}: viewer code`,
    type: "Code Attachment",
    owner,
    name: "code.zip",
    file: held(Buffer.from("PK\u0005\u0006".padEnd(22, "\0"), "latin1")),
  });
}

function layers(ground: Ground): void {
  addMember(ground.state, "intern_2021", "An intern", { disabled: true });
  addHosted(ground, {
    title: "Bench survey of an intern",
    service: "Bench_survey",
    owner: "intern_2021",
    folder: "Summer",
    minutes: 1,
    layers: [{ id: 0, name: "Benches", geometry: "point", rows: 24 }],
  });
  addView(ground, {
    title: "Benches for the web",
    service: "Benches_web",
    owner: "parks_gis",
    sources: ["Bench_survey"],
    access: "public",
  });
}
