// Items that somebody or something happens to while they are read, each named for it, and the faults that do it.
import { text } from "../content.ts";
import type { ExportFault, FaultScript } from "../faults.ts";
import { addItem, addMember, itemId, type Ground } from "./build.ts";
import { addHosted } from "./layers.ts";

/** Hosted layers by title, with what their export does. */
const EXPORTS: Readonly<Record<string, ExportFault>> = {
  "Told late": { lateMinutes: 4 },
  "Told early": { minutes: 4, earlyMinutes: 3 },
  "Status in error": { statusError: { code: 400, message: "Error updating file item" } },
  "Job forgotten": { forgotten: true },
  "Tags dropped": { dropTags: true },
  "Lands with its owner": { owner: "jdoe" },
  "Never ends": { minutes: 1e6 },
  "Answer lost": {},
  "Deleted before its export": {},
  "Deleted after its export": {},
};

const MAPS = [
  "Error inside HTTP 200",
  "Web page at first",
  "Deleted meanwhile",
  "Deleted from a folder",
  "Hidden for a while",
  "Gone, says the portal, and lists it",
];

export function oddSeed(ground: Ground): void {
  const { state, password } = ground;
  addMember(state, "backup_admin", "Backup Administrator", { role: "org_admin", password });
  addMember(state, "jdoe", "Jane Doe");
  addMember(state, "left.today", "Disabled while the run goes on");
  addMember(state, "repeater", "His content listing repeats itself");
  for (const [n, title] of Object.keys(EXPORTS).entries()) {
    addHosted(ground, {
      title,
      service: `Odd_${n}`,
      minutes: 1,
      layers: [{ id: 0, name: "Points", geometry: "point", rows: 5 }],
    });
  }
  for (const title of MAPS) {
    addItem(state, {
      title,
      type: "Web Map",
      json: { version: "2.31" },
      ...(title.endsWith("folder") ? { folder: "Old" } : {}),
    });
  }
  addItem(state, { title: "Sent empty", type: "CSV", name: "empty.csv", file: text("id\n1\n") });
  addItem(state, { title: "Of a leaver", type: "Web Map", owner: "left.today", json: {} });
  for (const n of [1, 2, 3])
    addItem(state, { title: `Repeated ${n}`, type: "Web Map", owner: "repeater", json: { n } });
  state.options.repeatsPagesOf = "repeater";
}

const READ = "/content/items/[0-9a-f]+$";
const itself = (itemTitle: string): FaultScript[number] => ({
  match: { path: READ, itemTitle },
  change: { remove: itemTitle },
});
const gone = { code: 400, messageCode: "CONT_0001", message: "Item does not exist or is inaccessible." };

export const ODD_FAULTS: FaultScript = [
  { match: { path: "/export$", nth: 3 }, answer: { status: 503 } },
  { match: { path: "/export$", itemTitle: "Answer lost" }, answer: { reset: "after" } },
  {
    match: { path: "/export$", itemTitle: "Deleted before its export" },
    change: { remove: "Deleted before its export" },
  },
  {
    match: { server: "storage", path: `TEMP_FOR_EXPORT_${itemId("Deleted after its export")}` },
    change: { remove: "Deleted after its export" },
  },
  ...Object.entries(EXPORTS)
    .filter(([, fault]) => Object.keys(fault).length > 0)
    .map(([itemTitle, fault]) => ({
      match: { path: "/export$", itemTitle, times: "always" as const },
      export: fault,
    })),
  itself("Deleted meanwhile"),
  itself("Deleted from a folder"),
  {
    match: { path: READ, itemTitle: "Error inside HTTP 200" },
    answer: { error: { code: 504, message: "" } },
  },
  { match: { path: READ, itemTitle: "Web page at first" }, answer: { html: true } },
  { match: { path: READ, itemTitle: "Hidden for a while" }, answer: { error: gone } },
  {
    match: { path: READ, itemTitle: "Gone, says the portal, and lists it", times: "always" },
    answer: { error: gone },
  },
  { match: { path: "/data$", itemTitle: "Sent empty", times: "always" }, answer: { body: "" } },
  { match: { path: READ, itemTitle: "Of a leaver" }, change: { disable: "left.today" } },
];
