// `npm run package`: the zip that deploys, and the same files in dist/package for tools that zip by themselves. The same
// sources give the same bytes on every machine, so that a published hash can be checked by building again.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import JSZip from "jszip";
import { build } from "./build.ts";

const root = path.resolve(import.meta.dirname, "..");
// Zip has no time zone and begins in 1980; a package that depends on the day of its making could not be checked.
const DATE = new Date("1980-01-01T00:00:00Z");

export interface Package {
  readonly zip: Uint8Array;
  /** Sorted by path. */
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
}

/** Builds the app and packs what runs: the bundle holds every dependency, so no node_modules go along. */
export async function makePackage(): Promise<Package> {
  const { entry } = await build();
  const read = async (file: string) => normal(await readFile(path.join(root, file), "utf8"));
  const text = new TextEncoder();
  const files = [
    { path: "dist/main.js", bytes: text.encode(normal(await readFile(entry, "utf8"))) },
    { path: "host.json", bytes: text.encode(await read("host.json")) },
    { path: "package.json", bytes: text.encode(manifest(await read("package.json"))) },
  ];
  const zip = new JSZip();
  for (const file of files)
    zip.file(file.path, file.bytes, { date: DATE, createFolders: false, unixPermissions: 0o644 });
  const options = { type: "uint8array", compression: "DEFLATE", compressionOptions: { level: 9 } } as const;
  return { zip: await zip.generateAsync({ ...options, platform: "UNIX" }), files };
}

/** What the Functions worker reads of package.json; without dependencies nobody is tempted to install any. */
function manifest(source: string): string {
  const { name, version, type, main, engines } = JSON.parse(source) as Record<string, unknown>;
  return `${JSON.stringify({ name, version, private: true, type, main, engines }, undefined, 2)}\n`;
}

/** A checkout with Windows' line ends packs the same bytes. */
function normal(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

if (import.meta.main) {
  const { zip, files } = await makePackage();
  const folder = path.join(root, "dist", "package");
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  for (const file of files) {
    const target = path.join(folder, ...file.path.split("/"));
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, file.bytes);
    console.log(`${String(file.bytes.length).padStart(10)}  ${file.path}`);
  }
  const target = path.join(root, "dist", "arcgis-backup-for-azure.zip");
  await writeFile(target, zip);
  console.log(`${String(zip.length).padStart(10)}  ${path.relative(root, target)}`);
  console.log(`sha256 ${createHash("sha256").update(zip).digest("hex")}`);
}
