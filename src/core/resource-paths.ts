// Entry names for an item's resources inside its bundles: legal, unique within the item also where letter case does
// not count, and never leading out of `resources/`.
import { safeName } from "./safe-name.ts";
import { shortHash } from "./short-hash.ts";

const SEGMENT_MOST = 64;
/** Entry names stay below this, so that a bundle can be unpacked beside its item on Windows. */
const ENTRY_MOST = 120;
const HASH_LENGTH = 9;

/**
 * `resources/{name}` for each name, in the order given; an equal name gets an equal path. Names that would fall together get
 * a hash of their own name before the extension; which path a name gets does not depend on the order.
 */
export function resourcePaths(names: readonly string[]): readonly string[] {
  const distinct = [...new Set(names)].sort();
  const plain = new Map(distinct.map((name) => [name, resourcePath(name)]));
  const crowded = crowdedPaths([...plain.values()]);
  const hashed = new Map<string, string>();
  const taken = new Set([...plain.values()].flatMap(foldersOf));
  for (const path of plain.values()) if (!crowded.has(fold(path))) taken.add(fold(path));
  for (const [name, path] of plain) {
    if (crowded.has(fold(path))) hashed.set(name, hashedPath(name, path, taken));
  }
  return names.map((name) => hashed.get(name) ?? resourcePath(name));
}

/** Paths that two names share, or that are at once a file and the folder of another file. */
function crowdedPaths(paths: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const crowded = new Set<string>();
  const folders = new Set(paths.flatMap(foldersOf));
  for (const path of paths.map(fold)) {
    if (seen.has(path) || folders.has(path)) crowded.add(path);
    seen.add(path);
  }
  return crowded;
}

/** The path of a name that stands alone. */
export function resourcePath(name: string): string {
  const segments = name.split("/").filter((segment) => segment !== "");
  const path = `resources/${(segments.length === 0 ? [""] : segments).map(segmentName).join("/")}`;
  if (path.length <= ENTRY_MOST) return path;
  // Too deep to keep its folders: one flat name, told apart by the hash.
  const flat = safeName(segments.slice(-2).join("_"), SEGMENT_MOST);
  return withHash(`resources/${segmentName(flat)}`, shortHash(name));
}

/** Cuts before the extension, so that a long name keeps its kind. */
function segmentName(segment: string): string {
  const extension = /\.[A-Za-z0-9]{1,12}$/.exec(segment)?.[0] ?? "";
  const stem = segment.slice(0, segment.length - extension.length);
  return stem === ""
    ? safeName(segment, SEGMENT_MOST)
    : safeName(`${safeName(stem, SEGMENT_MOST - extension.length)}${extension}`, SEGMENT_MOST);
}

function hashedPath(name: string, path: string, taken: Set<string>): string {
  for (let round = 0; ; round += 1) {
    const hashed = withHash(path, shortHash(round === 0 ? name : `${round}/${name}`));
    if (taken.has(fold(hashed))) continue;
    taken.add(fold(hashed));
    return hashed;
  }
}

/** `a/b.json` becomes `a/b_{hash}.json`, cut so that it stays within a segment. */
function withHash(path: string, hash: string): string {
  const slash = path.lastIndexOf("/");
  const name = path.slice(slash + 1);
  const extension = /\.[A-Za-z0-9]{1,12}$/.exec(name)?.[0] ?? "";
  const stem = name.slice(0, name.length - extension.length);
  return `${path.slice(0, slash + 1)}${safeName(stem, SEGMENT_MOST - HASH_LENGTH - extension.length)}_${hash}${extension}`;
}

function foldersOf(path: string): readonly string[] {
  const parts = fold(path).split("/");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** Windows and macOS compare names without letter case. */
export function fold(path: string): string {
  return path.toUpperCase().toLowerCase().normalize("NFC");
}
