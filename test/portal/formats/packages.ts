// Packages of tiles and scenes: zips with what each kind is known by, and a little content.
import { gzipSync } from "node:zlib";
import { noise } from "../content.ts";
import { zip, type ZipEntry } from "../zip.ts";

/** A bundle of the compact cache, version 2: a header, an index of 128 x 128 tiles, and tiles. */
function bundle(name: string, tiles: number): Uint8Array {
  const each = 256;
  const shown = Math.min(tiles, 64);
  const head = Buffer.alloc(64 + 16_384 * 8);
  head.writeUInt32LE(3, 0);
  head.writeUInt32LE(16_384, 4);
  head.writeUInt32LE(each, 8);
  head.writeUInt32LE(5, 12);
  const end = head.length + shown * (4 + each);
  head.writeUInt32LE(end, 24);
  head.writeUInt32LE(131_072, 60);
  const bodies: Uint8Array[] = [];
  const tile = noise(name, each);
  for (let n = 0; n < shown; n += 1) {
    const offset = head.length + n * (4 + each) + 4;
    head.writeBigUInt64LE(BigInt(offset) | (BigInt(each) << 40n), 64 + n * 8);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(each);
    bodies.push(size, tile);
  }
  return Buffer.concat([head, ...bodies]);
}

const level = (n: number): string => `L${String(n).padStart(2, "0")}`;

export function tpkx(name: string, levels: readonly number[], tileInfo: object): Uint8Array {
  const root = {
    fileVersion: "1.0.0",
    name,
    tileBundlesPath: "./tile",
    tileImageInfo: { format: "PNG32" },
    resourceInfo: { storageInfo: { packetSize: 128, storageFormat: "esriMapCacheStorageModeCompactV2" } },
    minLOD: Math.min(...levels),
    maxLOD: Math.max(...levels),
    tileInfo,
  };
  return zip([
    { name: "root.json", bytes: JSON.stringify(root) },
    { name: "iteminfo.json", bytes: JSON.stringify({ title: name, type: "Compact Tile Package" }) },
    ...levels.map((n) => ({
      name: `tile/${level(n)}/R0000C0000.bundle`,
      bytes: bundle(`${name} ${n}`, 4 ** n),
    })),
  ]);
}

export function vtpk(name: string, levels: readonly number[], tileInfo: object): Uint8Array {
  const tiles = levels.map((n): ZipEntry => ({
    name: `p12/tile/${level(n)}/R0000C0000.bundle`,
    bytes: bundle(`${name} ${n}`, 4 ** n),
  }));
  return zip([
    { name: "esriinfo/iteminfo.xml", bytes: `<ESRI_ItemInformation><name>pkg</name></ESRI_ItemInformation>` },
    { name: "esriinfo/item.pkinfo", bytes: '<PackageInfo Version="2.9"><Type>vtpk</Type></PackageInfo>' },
    { name: "p12/root.json", bytes: JSON.stringify({ name, type: "indexedVector", tileInfo }) },
    {
      name: "p12/resources/styles/root.json",
      bytes: JSON.stringify({ version: 8, sources: {}, layers: [] }),
    },
    { name: "p12/tilemap/root.json", bytes: JSON.stringify({ index: [1, 1, 1, 1] }) },
    ...tiles,
  ]);
}

/** I3S: every JSON gzipped by itself, every entry stored. */
export function slpk(name: string): Uint8Array {
  const json = (path: string, value: object): ZipEntry => ({
    name: `${path}.json.gz`,
    bytes: gzipSync(JSON.stringify(value)),
    store: true,
  });
  return zip([
    json("3dSceneLayer", {
      id: 0,
      version: "1.8",
      name,
      layerType: "3DObject",
      store: { profile: "meshpyramids" },
    }),
    json("nodepages/0", { nodes: [{ index: 0, children: [] }] }),
    { name: "nodes/0/geometries/0.bin.gz", bytes: gzipSync(noise(name, 4000)), store: true },
    { name: "metadata.json", bytes: JSON.stringify({ I3SVersion: "1.8", nodeCount: 1 }), store: true },
  ]);
}
