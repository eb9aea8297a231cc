// Hosted services of tiles, a scene among them, in every state that decides how they are backed up.
import { held, noise } from "../content.ts";
import { zip } from "../zip.ts";
import { addItem, addMember, relate, type Ground } from "./build.ts";
import { addTiles } from "./layers.ts";

const OWNER = { owner: "jdoe" };

export function tileServices(ground: Ground): void {
  addTiles(ground, { ...OWNER, title: "Base map", service: "Base_map", kind: "MapServer" });
  addTiles(ground, {
    ...OWNER,
    title: "Base map, export switched off",
    service: "Base_map_off",
    kind: "MapServer",
    exportTilesAllowed: false,
    maxExportTilesCount: 5000,
  });
  // 244 tiles; without its deepest level 75.
  addTiles(ground, {
    ...OWNER,
    title: "Base map with too many tiles",
    service: "Base_map_large",
    kind: "MapServer",
    maxLevel: 9,
    maxExportTilesCount: 100,
  });
  addTiles(ground, {
    ...OWNER,
    title: "Streets (vector)",
    service: "Streets_vector",
    kind: "VectorTileServer",
    exportTilesAllowed: false,
    exportFormats: ["Vector Tile Package"],
  });
  addTiles(ground, {
    ...OWNER,
    title: "Contours (vector), by exportTiles only",
    service: "Contours_vector",
    kind: "VectorTileServer",
  });
  addTiles(ground, {
    ...OWNER,
    title: "Parcels (vector), export switched off",
    service: "Parcels_vector",
    kind: "VectorTileServer",
    exportTilesAllowed: false,
  });
  addTiles(ground, {
    ...OWNER,
    title: "Buildings (scene)",
    service: "Buildings_scene",
    kind: "SceneServer",
    exportFormats: ["Scene Package"],
  });
  addTiles(ground, { ...OWNER, title: "Point cloud (scene)", service: "Point_cloud", kind: "SceneServer" });
  addTiles(ground, { ...OWNER, title: "Orthophotos", service: "Orthophotos", kind: "ImageServer" });
  covered(ground);
}

/** Layers that were published from a package which is still there: by its relation, or by its title and owner. */
function covered(ground: Ground): void {
  const { state } = ground;
  addTiles(ground, { ...OWNER, title: "Trails", service: "Trails", kind: "MapServer" });
  addItem(state, {
    ...OWNER,
    title: "Trails of 2024",
    type: "Compact Tile Package",
    name: "trails.tpkx",
    file: held(zip([{ name: "tile/L00/R0000C0000.bundle", bytes: noise("trails", 4000) }])),
  });
  relate(state, "Trails", "Service2Data", "Trails of 2024");
  addTiles(ground, { ...OWNER, title: "Hills", service: "Hills", kind: "MapServer" });
  addItem(state, {
    ...OWNER,
    key: "Hills, the package",
    title: "Hills",
    type: "Tile Package",
    name: "hills.tpk",
    file: held(zip([{ name: "v101/hills.bundle", bytes: noise("hills", 4000) }])),
  });
}

export function tilesSeed(ground: Ground): void {
  const { state, password } = ground;
  addMember(state, "backup_admin", "Backup Administrator", { role: "org_admin", password });
  addMember(state, "jdoe", "Jane Doe");
  tileServices(ground);
}
