// Hosted layers with rows that a seed can name in one line.
import { guidOf } from "../fgdb/geodatabase.ts";
import type { Geometry, GeometryKind } from "../fgdb/geometry.ts";
import { serviceAddress } from "../places.ts";
import type { Attachment, Layer, LayerField, LayerRow, Service, TileService } from "../state.ts";
import { addItem, itemId, type Ground, type ItemSpec } from "./build.ts";
import { jpg } from "./media.ts";

const EDITED = Date.UTC(2024, 5, 1, 12);
const DAY = 86_400_000;

export interface LayerSpec {
  readonly id: number;
  readonly name: string;
  /** Absent = a table. */
  readonly geometry?: GeometryKind;
  readonly rows: number;
  /** Every n-th ObjectID was deleted. */
  readonly deleteEvery?: number;
  readonly attachments?: { readonly count: number; readonly bytes: number };
  readonly queryAttachments?: boolean;
  readonly relationships?: readonly Record<string, unknown>[];
  readonly corruptRows?: readonly number[];
  /** Ids of attachments whose bytes cannot be read. */
  readonly unreadable?: readonly number[];
  readonly multipatch?: boolean;
}

const FIELDS: readonly LayerField[] = [
  { name: "GlobalID", type: "GlobalID" },
  { name: "Name", type: "String" },
  { name: "Stück", type: "Integer" },
  { name: "Area_m2", type: "Double" },
  { name: "Seen", type: "Date" },
];
const NAMES = ["Ash", "Beech", "Châtaignier", "Ölweide", "ナナカマド", "بلوط", "O'Brien & Sons", "🌳"];

function shape(kind: GeometryKind, n: number): Geometry {
  const x = -100 + (n % 97) / 50;
  const y = 40 + (n % 89) / 60;
  if (kind === "point") return { x, y };
  if (kind === "polyline")
    return {
      paths: [
        [
          [x, y],
          [x + 0.01, y + 0.005],
          [x + 0.02, y],
        ],
      ],
    };
  return {
    rings: [
      [
        [x, y],
        [x, y + 0.001],
        [x + 0.001, y + 0.001],
        [x, y],
      ],
    ],
  };
}

function rowOf(service: string, layer: LayerSpec, objectId: number): LayerRow {
  return {
    objectId,
    attributes: {
      GlobalID: guidOf(`${service} ${layer.id} ${objectId}`),
      Name: objectId % 11 === 0 ? null : `${NAMES[objectId % NAMES.length] ?? ""} ${objectId}`,
      Stück: objectId % 7,
      Area_m2: objectId * 1.25,
      Seen: EDITED - objectId * DAY,
    },
    geometry: layer.geometry === undefined || objectId % 101 === 0 ? null : shape(layer.geometry, objectId),
  };
}

export function layerOf(service: string, spec: LayerSpec): Layer {
  const every = spec.deleteEvery ?? Infinity;
  const rows: LayerRow[] = [];
  let objectId = 0;
  while (rows.length < spec.rows) {
    objectId += 1;
    if (objectId % every !== 0) rows.push(rowOf(service, spec, objectId));
  }
  const wanted = spec.attachments ?? { count: 0, bytes: 0 };
  const attachments: Attachment[] = Array.from({ length: wanted.count }, (_, index) => ({
    id: index + 1,
    row: rows[(index * 3) % rows.length]?.objectId ?? 1,
    name: `photo ${index + 1} (${spec.name}).jpg`,
    contentType: "image/jpeg",
    content: jpg(`${service} ${spec.id} ${index}`, wanted.bytes + index),
    ...(spec.unreadable?.includes(index + 1) === true ? { unreadable: true } : {}),
  }));
  return {
    id: spec.id,
    name: spec.name,
    ...(spec.geometry === undefined ? {} : { geometry: spec.geometry }),
    fields: FIELDS,
    rows,
    hasAttachments: spec.attachments !== undefined,
    attachments,
    supportsQueryAttachments: spec.queryAttachments ?? true,
    relationships: spec.relationships ?? [],
    ...(spec.corruptRows === undefined ? {} : { corruptRows: spec.corruptRows }),
    ...(spec.multipatch === undefined ? {} : { multipatch: spec.multipatch }),
    lastObjectId: objectId + (spec.deleteEvery === undefined ? 0 : 2),
    lastEditDate: EDITED,
  };
}

export interface HostedSpec
  extends Omit<ItemSpec, "type" | "name" | "url">, Partial<Pick<Service, "works" | "forgetsTables">> {
  /** Name of the service in its address. */
  readonly service: string;
  readonly layers: readonly LayerSpec[];
  readonly minutes: number;
  readonly bigObjectIds?: boolean;
  /** Its createReplica makes extracts. */
  readonly extract?: boolean;
}

export interface TilesSpec
  extends Omit<ItemSpec, "type" | "name" | "url">, Partial<Omit<TileService, "name" | "type" | "itemId">> {
  /** Name of the service in its address. */
  readonly service: string;
  readonly kind: TileService["type"];
}

const TILE_ITEM: Record<TileService["type"], readonly [type: string, keywords: readonly string[]]> = {
  MapServer: ["Map Service", ["Map Service", "Tiled"]],
  VectorTileServer: ["Vector Tile Service", ["Vector Tile Service"]],
  ImageServer: ["Image Service", ["Image Service", "Tiled Imagery"]],
  SceneServer: ["Scene Service", ["Scene Service"]],
};

/** A hosted service of tiles: 26 of them by default, which may be exported. */
export function addTiles(ground: Ground, spec: TilesSpec): void {
  const {
    service: name,
    kind,
    maxLevel = 7,
    exportTilesAllowed = true,
    maxExportTilesCount = 100_000,
    exportFormats = [],
    exportMinutes = 1,
    ...item
  } = spec;
  const [type, keywords] = TILE_ITEM[kind];
  addItem(ground.state, {
    ...item,
    type,
    name,
    url: serviceAddress(ground.places, name, kind),
    keywords: ["ArcGIS Server", "Data", "Service", "Hosted Service", ...keywords, ...(item.keywords ?? [])],
  });
  ground.state.tileServices.set(`${name}/${kind}`, {
    name,
    type: kind,
    itemId: itemId(spec.key ?? spec.title),
    maxLevel,
    exportTilesAllowed,
    maxExportTilesCount,
    exportFormats,
    exportMinutes,
  });
}

function addService(
  ground: Ground,
  spec: ItemSpec & { service: string },
  service: Omit<Service, "itemId" | "name">,
): void {
  const { state, places } = ground;
  const url = serviceAddress(places, spec.service);
  addItem(state, {
    ...spec,
    name: spec.service,
    url,
    keywords: [
      "ArcGIS Server",
      "Data",
      "Feature Access",
      "Feature Service",
      "Service",
      "Hosted Service",
      ...(spec.keywords ?? []),
    ],
  });
  state.services.set(spec.service, {
    ...service,
    name: spec.service,
    itemId: itemId(spec.key ?? spec.title),
  });
}

export function addHosted(ground: Ground, spec: HostedSpec): void {
  const { layers, minutes, bigObjectIds = false, extract = false, works, forgetsTables, ...item } = spec;
  const kind = layers.length === 1 ? "Singlelayer" : "Multilayer";
  addService(
    ground,
    { ...item, type: "Feature Service", keywords: [kind, ...(item.keywords ?? [])] },
    {
      layers: layers.map((layer) => layerOf(item.service, layer)),
      capabilities: `Query,Editing,Create,Update,Delete${extract ? ",Extract" : ""}`,
      maxRecordCount: 1000,
      sources: [],
      bigObjectIds,
      exportMinutes: minutes,
      ...(works === undefined ? {} : { works }),
      ...(forgetsTables === undefined ? {} : { forgetsTables }),
    },
  );
}

/** A view of the first layer of each source, with every row or each n-th. */
export function addView(
  ground: Ground,
  spec: Omit<ItemSpec, "type" | "name" | "url"> & {
    readonly service: string;
    readonly sources: readonly string[];
    readonly eachNth?: number;
  },
): void {
  const { sources, eachNth = 1, ...item } = spec;
  const layers = sources.flatMap((name, index) => {
    const first = ground.state.services.get(name)?.layers[0];
    if (first === undefined) return [];
    const rows = first.rows.filter((_, n) => n % eachNth === 0);
    const shown = new Set(rows.map(({ objectId }) => objectId));
    return [
      { ...first, id: index, rows, attachments: first.attachments.filter(({ row }) => shown.has(row)) },
    ];
  });
  addService(
    ground,
    { ...item, type: "Feature Service", keywords: ["View Service", ...(item.keywords ?? [])] },
    { layers, capabilities: "Query", maxRecordCount: 1000, sources, bigObjectIds: false, exportMinutes: 2 },
  );
}
