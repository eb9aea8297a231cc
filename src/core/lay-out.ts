// Where the parts of a restore point lie when they are laid out as ordinary files: a folder for each item with its bundles
// unpacked. Names in a backup may have been changed by anybody: every path made here is legal, unique and stays inside.
import type { ArtifactEntry, Artifact } from "./outcome.ts";
import { fold, resourcePath } from "./resource-paths.ts";
import type { ItemLine } from "./run.ts";
import { cutText, safeName } from "./safe-name.ts";
import { shortHash } from "./short-hash.ts";

/** A blob that becomes one file. */
export interface LaidOutFile {
  readonly artifact: Artifact;
  /** Below the folder that everything is laid out in, with forward slashes. */
  readonly path: string;
}

/** A bundle and the files that its entries become. */
export interface LaidOutBundle {
  readonly artifact: Artifact;
  readonly entries: readonly { readonly entry: ArtifactEntry; readonly path: string }[];
}

export interface LaidOutItem {
  /** Holds everything of the item: `items/{owner}/{folder}/{Title}_{id}`. */
  readonly folder: string;
  readonly bundles: readonly LaidOutBundle[];
  readonly files: readonly LaidOutFile[];
}

/** Linux takes 255 bytes for a name, Windows 255 UTF-16 units; the hash that tells equal names apart needs some. */
const NAME_BYTES = 230;
const NAME_MOST = 120;
const FOLDERS_MOST = 8;
/** One extension or two: `.gdb.zip`. */
const EXTENSION = /(?:\.[A-Za-z0-9]{1,16}){1,2}$/;

/** The paths of all that is stored for an item. */
export function layOutItem({ item, outcome }: ItemLine): LaidOutItem {
  const { artifacts } = outcome;
  const folder = itemFolder(artifacts[0]?.path ?? "", item.id, item.title);
  const taken = new Set<string>();
  const put = (wanted: string): string => `${folder}/${distinct(wanted, taken)}`;
  const bundles = artifacts
    .filter(({ kind }) => kind === "bundle")
    .map((artifact) => ({
      artifact,
      entries: (artifact.entries ?? []).map((entry) => ({ entry, path: put(inside(entry.name)) })),
    }));
  const files = artifacts.flatMap((artifact) => {
    const { kind } = artifact;
    if (kind === "bundle") return [];
    return [{ artifact, path: put(inside(wantedName(kind, artifact, { item, outcome }))) }];
  });
  return { folder, bundles, files };
}

/** The common beginning of the item's artifacts, which ends in its id. */
function itemFolder(path: string, id: string, title: string): string {
  const end = path.indexOf(`_${id}`);
  const base = end < 0 ? `items/${title}` : path.slice(0, end);
  const segments = base.split(/[/\\]/).filter((segment) => segment !== "");
  const folders = segments
    .slice(0, -1)
    .slice(0, FOLDERS_MOST)
    .map((segment) => legal(segment));
  // Beside items/ lie the files of the run, which no item may touch.
  const below = folders[0] === "items" ? folders : ["items", ...folders];
  return [...below, legal(segments.at(-1) ?? title, `_${id}`)].join("/");
}

function wantedName(
  kind: Exclude<Artifact["kind"], "bundle">,
  artifact: Artifact,
  { item, outcome }: ItemLine,
): string {
  const suffix = suffixOf(artifact.path, item.id);
  switch (kind) {
    case "data": {
      // JSON that is too large for a bundle is what the entry `data` is else.
      if (outcome.strategy !== "download-file") return "data";
      return flat(artifact.name ?? suffix.replace(/^_/, ""));
    }
    case "export":
      return flat(`${safeName(item.title, NAME_MOST - 20)}${suffix.replace(/^_export/, "")}`);
    case "attachment":
      return `attachments/${flat(suffix.replace(/^_attachment_/, ""))}`;
    case "resource":
      return resourcePath(artifact.name ?? suffix);
  }
}

/** `_export.gdb.zip`: what follows the id in an artifact's path. */
function suffixOf(path: string, id: string): string {
  const at = path.indexOf(`_${id}`);
  return at < 0 ? flat(path.slice(path.lastIndexOf("/") + 1)) : path.slice(at + 1 + id.length);
}

function flat(name: string): string {
  return name.replace(/[/\\]/g, "_");
}

/** A path of legal segments, of which none leads upwards. */
function inside(name: string): string {
  const segments = name.split(/[/\\]/).filter((segment) => segment !== "");
  const kept = segments.length > FOLDERS_MOST ? [segments.join("_")] : segments;
  return kept.length === 0 ? "_" : kept.map((segment) => legal(segment)).join("/");
}

/** `tail` is kept whole; the name is cut before its extension. */
function legal(name: string, tail = ""): string {
  const extension = tail === "" ? (EXTENSION.exec(name)?.[0] ?? "") : "";
  const end = `${extension}${tail}`;
  let head = safeName(name.slice(0, name.length - extension.length), NAME_MOST);
  while (bytes(head) + bytes(end) > NAME_BYTES && head.length > 1) head = cutText(head, head.length - 1);
  return tail === ""
    ? safeName(`${head === "_" ? "" : head}${end}`, NAME_MOST + end.length)
    : `${head}${end}`;
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The path, with a hash in it where another file has it or it would be file and folder at once. */
function distinct(wanted: string, taken: Set<string>): string {
  const isFile = (path: string): boolean => taken.has(`file ${fold(path)}`);
  const isFolder = (path: string): boolean => taken.has(`folder ${fold(path)}`);
  let path = wanted;
  for (let round = 1; ; round += 1) {
    const parents = parentsOf(path);
    const blocked = parents.some(isFile);
    if (!blocked && !isFile(path) && !isFolder(path)) {
      taken.add(`file ${fold(path)}`);
      for (const parent of parents) taken.add(`folder ${fold(parent)}`);
      return path;
    }
    path = withHash(wanted, shortHash(`${round}/${wanted}`), blocked);
  }
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** `a/b.json` becomes `a/b_{hash}.json`, or `a_{hash}/b.json` where the folder is what stands in the way. */
function withHash(path: string, hash: string, inFolder: boolean): string {
  const slash = path.indexOf("/");
  if (inFolder && slash >= 0) return `${path.slice(0, slash)}_${hash}${path.slice(slash)}`;
  const extension = EXTENSION.exec(path)?.[0] ?? "";
  return `${path.slice(0, path.length - extension.length)}_${hash}${extension}`;
}
