// One hosted layer for each way to its data, in which no other way works, and one for each thing that breaks an export.
// Each has two layers with attachments and a table, and few rows.
import type { Rung } from "../rungs.ts";
import { addMember, type Ground } from "./build.ts";
import { addHosted, type HostedSpec, type LayerSpec } from "./layers.ts";

const RELATION = { id: 0, name: "visits", cardinality: "esriRelCardinalityOneToMany" };

/** `more` changes the first layer; without `related` no layer knows of the table. */
function layersOf(more: Partial<LayerSpec> = {}, related = true): readonly LayerSpec[] {
  const relation = (to: number, role: string): readonly Record<string, unknown>[] =>
    related ? [{ ...RELATION, relatedTableId: to, role }] : [];
  return [
    {
      id: 0,
      name: "Points",
      geometry: "point",
      rows: 12,
      deleteEvery: 5,
      attachments: { count: 4, bytes: 300 },
      relationships: relation(2, "esriRelRoleOrigin"),
      ...more,
    },
    { id: 1, name: "Lines", geometry: "polyline", rows: 7, attachments: { count: 2, bytes: 200 } },
    { id: 2, name: "Visits", rows: 5, relationships: relation(0, "esriRelRoleDestination") },
  ];
}

/** Title, and the only ways that work. */
const ONLY: readonly (readonly [title: string, works: readonly Rung[]])[] = [
  ["Only whole", ["whole"]],
  ["Only layer by layer", ["per-layer"]],
  ["Only by an extract", ["replica"]],
  ["Only by an extract without attachments", ["replica-without-attachments"]],
  ["Only by queries", ["query"]],
  ["Only as shapefile", ["shapefile"]],
  ["Only as CSV", ["csv"]],
];

const add = (ground: Ground, spec: Pick<HostedSpec, "title"> & Partial<HostedSpec>): void =>
  addHosted(ground, {
    service: spec.title.replaceAll(/\W+/g, "_"),
    owner: "jdoe",
    minutes: 1,
    layers: layersOf(),
    extract: true,
    ...spec,
  });

export function ladderSeed(ground: Ground): void {
  const { state, password } = ground;
  addMember(state, "backup_admin", "Backup Administrator", { role: "org_admin", password });
  addMember(state, "jdoe", "Jane Doe");
  for (const [title, works] of ONLY) {
    // Where extracts are not what works, some services have them switched off, and those of the others fail.
    add(ground, { title, works, extract: !works.includes("csv") && !works.includes("shapefile") });
  }
  add(ground, { title: "No way at all", works: [] });
  add(ground, {
    title: "Tracks of the crews",
    keywords: ["Location Tracking Service"],
    works: ["shapefile", "csv"],
  });
  add(ground, { title: "Buildings in 3D", layers: layersOf({ multipatch: true }) });
  add(ground, { title: "Table that nobody knows", layers: layersOf({}, false), forgetsTables: true });
  add(ground, { title: "Rows that cannot be read", layers: layersOf({ corruptRows: [3, 8] }) });
  add(ground, { title: "Photos that cannot be read", layers: layersOf({ unreadable: [2] }) });
}
