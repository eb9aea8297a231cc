// What only an ArcGIS Online organisation has (a recycle bin with something in it), and what only an Enterprise has.
import { text } from "../content.ts";
import { addItem, addMember, relate, type Ground } from "./build.ts";
import { pdf } from "./media.ts";

const DAY = 86_400_000;

/** Deleted some days ago and still to be restored; no listing shows them and no backup has them. */
function recycleBin({ state }: Ground): void {
  for (const [title, type] of [
    ["Map that nobody missed", "Web Map"],
    ["Draft that was thrown away", "StoryMap"],
    ["Minutes of 2019", "PDF"],
  ] as const) {
    const item = addItem(state, {
      title,
      type,
      folder: "Projects",
      ...(type === "PDF" ? { name: "minutes.pdf", file: pdf(title) } : { json: { version: "2.31" } }),
    });
    item.binnedAt = item.fields.modified + 3 * DAY;
  }
}

/** An Enterprise publishes a map image layer beside each hosted layer, and its system accounts own what it came with. */
function ofEnterprise({ state, places }: Ground): void {
  addMember(state, "portaladmin", "Initial administrator", { role: "org_admin" });
  addMember(state, "system_publisher", "System publisher", { system: true });
  addMember(state, "esri_boundaries", "Esri Boundaries", { system: true });
  for (const name of ["Parcels", "Street Trees"]) {
    const title = `${name} (map image)`;
    addItem(state, {
      title,
      type: "Map Service",
      keywords: ["ArcGIS Server", "Data", "Map Service", "Hosted Service", "Relational"],
      url: `${places.services}/rest/services/Hosted/${name.replace(" ", "_")}/MapServer`,
      owner: name === "Parcels" ? "jdoe" : "m.smith@acme.example",
    });
    relate(state, name, "Service2Service", title);
  }
  addItem(state, {
    title: "AGSDataStore_ds_acme",
    type: "Data Store",
    owner: "portaladmin",
    json: { path: "/enterpriseDatabases/AGSDataStore_ds_acme", type: "egdb" },
  });
  addItem(state, {
    title: "Roads of the enterprise database",
    type: "Feature Service",
    keywords: ["ArcGIS Server", "Data", "Feature Access", "Feature Service", "Service"],
    url: `${places.services}/rest/services/Roads/FeatureServer`,
    owner: "portaladmin",
  });
  addItem(state, {
    title: "Login page",
    type: "Web Mapping Application",
    owner: "portaladmin",
    json: text('{"values":{}}'),
  });
  for (let n = 1; n <= 6; n += 1) {
    addItem(state, {
      title: `Boundaries ${n}`,
      type: "Web Map",
      keywords: ["Web Map"],
      owner: n % 2 === 0 ? "esri_boundaries" : "system_publisher",
      json: { version: "2.31", n },
      access: "public",
    });
  }
}

export function ofKind(ground: Ground): void {
  if (ground.places.kind === "online") recycleBin(ground);
  else ofEnterprise(ground);
}
