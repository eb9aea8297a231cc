// What a case's portal holds: one item that the fault strikes, beside others that it must not touch.
import { held, pattern, text, wholeOf } from "../../../test/portal/content.ts";
import type { FaultScript } from "../../../test/portal/faults.ts";
import {
  addGroup,
  addItem,
  addMember,
  relate,
  type Ground,
  type Seed,
} from "../../../test/portal/seed/build.ts";
import {
  addHosted,
  addTiles,
  addView,
  type HostedSpec,
  type LayerSpec,
} from "../../../test/portal/seed/layers.ts";
import { jpg, png, shapefileZip } from "../../../test/portal/seed/media.ts";
import type { PortalKind } from "../../../test/portal/state.ts";

export const TARGET = "Target";
export const OTHER = "Bystander";

export interface Scene {
  readonly name: string;
  readonly kind?: PortalKind;
  readonly seed: Seed;
  /** Fields of the profile. */
  readonly profile?: object;
  /** The organisation itself is read too; left out where nothing of it is struck. */
  readonly organisation?: true;
  /** What the portal does anyway, beside the case's fault. */
  readonly always?: FaultScript;
}

const LAYERS: readonly LayerSpec[] = [
  {
    id: 0,
    name: "Points",
    geometry: "point",
    rows: 12,
    deleteEvery: 5,
    attachments: { count: 4, bytes: 300 },
  },
  { id: 1, name: "Visits", rows: 5 },
];

function people({ state, password }: Ground): void {
  addMember(state, "backup_admin", "Backup Administrator", { role: "org_admin", password });
  addMember(state, "jdoe", "Jane Doe");
  addGroup(state, "Crew", "jdoe", "org", []);
  addItem(state, {
    title: OTHER,
    type: "Web Map",
    keywords: ["Web Map"],
    json: { version: "2.31", other: true },
  });
}

function map(ground: Ground): void {
  people(ground);
  const { state } = ground;
  addItem(state, {
    title: TARGET,
    type: "Web Map",
    keywords: ["Web Map"],
    folder: "Plans",
    json: { version: "2.31", operationalLayers: [], notes: "x".repeat(600) },
    thumbnail: png("target"),
    metadata: `<metadata><idCitation>${"target ".repeat(60)}</idCitation></metadata>`,
    resources: { "images/a b.png": png("a"), "b.json": text(JSON.stringify({ b: "y".repeat(300) })) },
    groups: ["Crew"],
  });
  relate(state, TARGET, "Map2Area", OTHER);
}

function file(name: string, type: string, content: ReturnType<typeof held>): Seed {
  return (ground) => {
    people(ground);
    addItem(ground.state, { title: TARGET, type, name, file: content, thumbnail: png("target") });
  };
}

function hosted(more: Partial<HostedSpec> = {}): Seed {
  return (ground) => {
    people(ground);
    addHosted(ground, {
      title: TARGET,
      service: "Target",
      owner: "jdoe",
      minutes: 1,
      layers: LAYERS,
      ...more,
    });
  };
}

function view(ground: Ground): void {
  people(ground);
  addHosted(ground, { title: "Wells", service: "Wells", minutes: 1, layers: LAYERS });
  addView(ground, { title: TARGET, service: "Target", sources: ["Wells"] });
}

function tiles(exportTilesAllowed: boolean): Seed {
  return (ground) => {
    people(ground);
    const where = { owner: "jdoe", service: "Target", kind: "MapServer" } as const;
    addTiles(ground, { ...where, title: TARGET, maxLevel: 3, exportTilesAllowed });
  };
}

/** Of its ladder only a few rungs are tried at all. */
const SHORT = { keywords: ["Location Tracking Service"] };

export const SCENES = {
  map: { name: "map", seed: map },
  organisation: { name: "organisation", seed: map, organisation: true },
  zip: { name: "zip", seed: file("lakes.zip", "Shapefile", shapefileZip("lakes")) },
  photo: { name: "photo", seed: file("photo.jpg", "Image", held(wholeOf(jpg("target", 3_000)))) },
  raw: { name: "raw", seed: file("target.bin", "Image Collection", held(wholeOf(pattern("raw", 5_000)))) },
  large: { name: "large", seed: file("large.bin", "Image Collection", pattern("large", 9 * 1024 * 1024)) },
  layer: { name: "layer", seed: hosted({ extract: true }) },
  untagged: {
    name: "untagged",
    seed: hosted({ extract: true }),
    always: [{ match: { path: "/export$", times: "always" }, export: { dropTags: true } }],
  },
  replica: { name: "replica", seed: hosted({ ...SHORT, extract: true, works: ["replica", "query"] }) },
  rows: { name: "rows", seed: hosted({ ...SHORT, works: ["query"] }) },
  view: { name: "view", seed: view },
  tiles: { name: "tiles", seed: tiles(true) },
  switched: { name: "switched", seed: tiles(false), profile: { tiles: { switchExportOn: true } } },
  grouped: { name: "grouped", seed: map, profile: { select: { groups: ["Crew"] } } },
  quick: { name: "quick", seed: map, profile: { search: "quick" } },
  federated: { name: "federated", kind: "enterprise", seed: hosted() },
} as const satisfies Record<string, Scene>;

export type SceneName = keyof typeof SCENES;
