// Holds everything that a run saved against what the portal holds: bytes against its state, JSON against an undisturbed run.
import { isDeepStrictEqual } from "node:util";
import type { Artifact } from "../../../src/core/outcome.ts";
import { sha256 } from "../../../test/run/restore-point.ts";
import { type Content, wholeOf } from "../../../test/portal/content.ts";
import type { Item, LayerRow, PortalState } from "../../../test/portal/state.ts";
import type { Seen, SeenItem } from "./seen.ts";

/** What is wrong in what was saved; an item that failed may hold less, never something else. */
export function untrue(seen: Seen, undisturbed: Seen, state: PortalState): readonly string[] {
  return [
    ...seen.items.flatMap((item) => untrueItem(seen, item, undisturbed, state)),
    ...untrueFiles(seen, undisturbed),
  ];
}

function untrueItem(seen: Seen, saved: SeenItem, undisturbed: Seen, state: PortalState): string[] {
  const { item, outcome, entries } = saved;
  const source = state.items.get(item.id);
  const before = undisturbed.items.find((each) => each.item.id === item.id);
  if (source === undefined || before === undefined) return [`"${item.title}" is not of the portal`];
  const paths = resourcesOf(entries);
  return [
    ...outcome.artifacts.flatMap((artifact) => untrueArtifact(seen, artifact, source, state)),
    ...[...entries].flatMap(([name, bytes]) => {
      const true_ = trueBytes(name, source, paths, state);
      if (true_ !== undefined)
        return bytes.equals(true_) ? [] : [`${name} has other bytes than the portal's`];
      if (name.startsWith("rows/")) return untrueRows(name, bytes, source, state);
      if (name.startsWith("attachments/")) return untrueIndex(name, bytes, source, state);
      const was = before.entries.get(name);
      if (was !== undefined && isDeepStrictEqual(parsed(bytes), parsed(was))) return [];
      return [
        was === undefined ? `${name} is nothing that the item has` : `${name} is not what the portal sends`,
      ];
    }),
  ].map((what) => `"${item.title}": ${what}`);
}

function resourcesOf(entries: ReadonlyMap<string, Buffer>): ReadonlyMap<string, string> {
  const index = JSON.parse(entries.get("resources.json")?.toString() ?? "[]") as {
    resource: string;
    path: string;
  }[];
  return new Map(index.map(({ resource, path }) => [path, resource]));
}

/** Bytes that the portal holds under the name of an entry; undefined for an answer of JSON. */
function trueBytes(
  name: string,
  source: Item,
  resources: ReadonlyMap<string, string>,
  state: PortalState,
): Buffer | undefined {
  const whole = (content: Content | null | undefined) =>
    content ? Buffer.from(wholeOf(content)) : undefined;
  if (name === "data") return source.data.kind === "none" ? Buffer.of() : whole(source.data.content);
  if (name.startsWith("info/metadata")) return whole(source.metadata);
  if (name.startsWith("info/thumbnail")) return whole(source.thumbnail);
  const resource = resources.get(name);
  if (resource !== undefined) return whole(source.resources.find((each) => each.name === resource)?.content);
  const [, layer, id] = /^attachments\/(\d+)\/\d+\/(\d+)_/.exec(name) ?? [];
  if (layer === undefined) return undefined;
  const attachments = layerOf(state, source, layer)?.attachments;
  return whole(attachments?.find((each) => String(each.id) === id)?.content);
}

function layerOf(state: PortalState, source: Item, layer: string) {
  const service = [...state.services.values()].find(({ itemId }) => itemId === source.id);
  return service?.layers.find(({ id }) => String(id) === layer);
}

function untrueRows(name: string, bytes: Buffer, source: Item, state: PortalState): string[] {
  const [, layer = "", from = "", to = ""] = /^rows\/(\d+)\/(\d+)-(\d+)\.json$/.exec(name) ?? [];
  const rows = layerOf(state, source, layer)?.rows ?? [];
  const wanted = rows.filter(({ objectId }) => objectId >= Number(from) && objectId <= Number(to));
  const { features } = parsed(bytes) as { features?: readonly unknown[] };
  const sent = wanted.map(({ objectId, attributes, geometry }: LayerRow) => ({
    attributes: { OBJECTID: objectId, ...attributes },
    ...(geometry !== null && { geometry }),
  }));
  return isDeepStrictEqual(features, JSON.parse(JSON.stringify(sent)))
    ? []
    : [`${name} holds other rows than the layer`];
}

function untrueIndex(name: string, bytes: Buffer, source: Item, state: PortalState): string[] {
  const layer = layerOf(state, source, name.split("/")[1] ?? "");
  const listed = parsed(bytes) as { id: number; objectId: number; name: string; size: number }[];
  const good = listed.every(({ id, objectId, name: called, size }) =>
    layer?.attachments.some(
      (each) => each.id === id && each.row === objectId && each.name === called && each.content.size === size,
    ),
  );
  return good ? [] : [`${name} lists other attachments than the layer's`];
}

function untrueArtifact(seen: Seen, artifact: Artifact, source: Item, state: PortalState): string[] {
  const { path, kind, sizeBytes, hash } = artifact;
  const bytes = seen.written.get(`backups/${seen.summary.run.folder}/${path}`);
  if (bytes === undefined) return [`${path} is sealed and does not lie there`];
  if (bytes.length !== sizeBytes || hash !== `sha256:${sha256(bytes)}`)
    return [`${path} is not what was sealed`];
  if (
    kind === "data" &&
    source.data.kind !== "none" &&
    !bytes.equals(Buffer.from(wholeOf(source.data.content)))
  )
    return [`${path} has other bytes than the portal's file`];
  if (kind !== "export") return [];
  const made = [...state.jobs.values(), ...state.replicas.values(), ...state.tileJobs.values()];
  return made.some(({ whole }) => bytes.equals(Buffer.from(whole)))
    ? []
    : [`${path} is no file that the portal made`];
}

/** The organisation's own files, as far as they are kept. */
function untrueFiles({ written, summary }: Seen, undisturbed: Seen): string[] {
  const { problems = [], notes = [] } = summary.organisationKept ?? {};
  const told = problems.length + notes.length > 0;
  return [...written].flatMap(([path, bytes]) => {
    const [, name] = /\/organisation\/([^/]+)$/.exec(path.startsWith("backups/") ? path : "") ?? [];
    // A group that lacks a part is told, and so is a member whose folders could not be listed.
    if (name === undefined || name === "folders.json" || (told && name === "groups.jsonl")) return [];
    const was = undisturbed.written.get(`backups/${undisturbed.summary.run.folder}/organisation/${name}`);
    // What the portal calls not found a moment after it listed it was deleted meanwhile.
    const gone = name === "groups.jsonl" && bytes.length === 0;
    const same = gone || (was !== undefined && isDeepStrictEqual(parsed(bytes), parsed(was)));
    return same ? [] : [`organisation/${name} is not what the portal sends`];
  });
}

/** JSON, or the lines of a text. */
function parsed(bytes: Buffer): unknown {
  const text = steady(bytes);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return text.split("\n");
  }
}

/** Without what differs from run to run: the portal's ports and its clock. */
function steady(bytes: Buffer): string {
  const text = bytes.toString("utf8").replaceAll(/127\.0\.0\.1:\d+/g, "portal.example");
  // Whether the export of tiles is switched on at a moment is the run's own doing.
  return text
    .replaceAll(/"lastLogin":\d+/g, '"lastLogin":0')
    .replaceAll(/"exportTilesAllowed":\w+/g, '"exportTilesAllowed":0');
}
