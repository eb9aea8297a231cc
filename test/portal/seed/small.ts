// A handful of items of every strategy, for tests that run a backup many times.
import { held, pattern, text } from "../content.ts";
import { addGroup, addItem, addMember, type Ground } from "./build.ts";
import { addHosted, addView } from "./layers.ts";
import { png, shapefileZip } from "./media.ts";

export function smallSeed(ground: Ground): void {
  const { state, password } = ground;
  addMember(state, "backup_admin", "Backup Administrator", { role: "org_admin", password });
  addMember(state, "jdoe", "Jane Doe");
  addGroup(state, "Crew", "jdoe", "org", []);
  addHosted(ground, {
    title: "Wells",
    service: "Wells",
    minutes: 2,
    layers: [
      {
        id: 0,
        name: "Wells",
        geometry: "point",
        rows: 60,
        deleteEvery: 7,
        attachments: { count: 9, bytes: 500 },
      },
      { id: 1, name: "Visits", rows: 25 },
    ],
  });
  addHosted(ground, {
    title: "Pumps/Valves",
    service: "Pumps",
    owner: "backup_admin",
    minutes: 3,
    layers: [{ id: 0, name: "Pumps", geometry: "point", rows: 12 }],
  });
  addView(ground, { title: "Wells for all", service: "Wells_view", sources: ["Wells"], access: "public" });
  for (let n = 0; n < 12; n += 1) {
    addItem(state, {
      title: `Map ${n} 🌳/..`,
      type: "Web Map",
      keywords: ["Web Map"],
      json: { version: "2.31", n },
      ...(n % 2 === 0 ? { thumbnail: png(`map ${n}`) } : { folder: "Maps" }),
      ...(n % 4 === 0 ? { resources: { "images/a b.png": png("a"), "b.json": text("{}") } } : {}),
      ...(n === 3 ? { groups: ["Crew"] } : {}),
    });
  }
  addItem(state, { title: "Lakes", type: "Shapefile", name: "lakes.zip", file: shapefileZip("lakes") });
  addItem(state, {
    title: "Photo",
    type: "Image",
    name: "photo.jpg",
    file: held(Buffer.from([0xff, 0xd8, 0xff, 0xd9])),
  });
  addItem(state, {
    title: "Big raster",
    type: "Image",
    name: "big.bin",
    file: pattern("big", 65 * 1024 * 1024),
  });
  addItem(state, { title: "Viewer source", type: "Code Attachment", name: "v.zip", file: shapefileZip("v") });
}
