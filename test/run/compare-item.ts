// Holds what a run kept of one item against the portal's own state, byte for byte: its JSON, data, resources, relations, the
// definition of its service, and the rows, tiles or scene of a hosted layer.
import { expect } from "vitest";
import type { Artifact } from "../../src/core/outcome.ts";
import type { ItemLine } from "../../src/core/run.ts";
import { sha256Of, wholeOf } from "../portal/content.ts";
import { readGdbZip } from "../portal/fgdb/read.ts";
import { packageOf } from "../portal/formats/package-of.ts";
import type { SamplePortal } from "../portal/portal.ts";
import type { Item, Service } from "../portal/state.ts";
import { type RestorePoint, bundleEntries, sha256 } from "./restore-point.ts";

type Entries = ReadonlyMap<string, Buffer>;

export interface Kept {
  readonly portal: SamplePortal;
  readonly point: RestorePoint;
  readonly line: ItemLine;
  readonly source: Item;
  readonly entries: Entries;
}

/** What of the item's data was compared; `nothing` also where it has none of its own. */
export type Compared = "geodatabase" | "rows" | "package" | "nothing";

/** The item of the line with the entries of its bundles. */
export async function keptOf(portal: SamplePortal, point: RestorePoint, line: ItemLine): Promise<Kept> {
  const source = portal.state.items.get(line.item.id);
  if (source === undefined) throw new Error(`${line.item.title} is not at the portal`);
  return { portal, point, line, source, entries: await bundleEntries(point, line.outcome.artifacts) };
}

/** Everything that every kind of item has. */
export async function expectContent(kept: Kept): Promise<void> {
  const { point, line, source, entries } = kept;
  const { title, id } = line.item;
  const file = line.outcome.artifacts.find(({ kind }) => kind === "data");
  const stored = file === undefined ? entries.get("data") : await point.read(file.path);
  const data = source.data.kind === "none" ? undefined : source.data.content;
  expect(stored && sha256(stored), title).toBe(data && sha256Of(data));
  const thumbnail = [...entries].find(([name]) => name.startsWith("info/") && !name.endsWith(".xml"))?.[1];
  expect(thumbnail && sha256(thumbnail), title).toBe(
    source.thumbnail ? sha256Of(source.thumbnail) : undefined,
  );
  const metadata = entries.get("info/metadata/metadata.xml");
  expect(metadata, title).toEqual(source.metadata ? Buffer.from(wholeOf(source.metadata)) : undefined);
  // As the portal sent it: raw control characters included, which JSON.parse does not take.
  expect(entries.get("item.json")?.toString("utf8"), title).toContain(id);
  await expectResources(kept);
  expectRelations(kept);
}

async function expectResources({ point, line, source, entries }: Kept): Promise<void> {
  const { title } = line.item;
  const list = json<{ resource: string; path: string; access: string }[]>(entries, "resources.json") ?? [];
  expect(list.map(({ resource }) => resource).sort(), title).toEqual(
    source.resources.map(({ name }) => name).sort(),
  );
  for (const resource of source.resources) {
    const told = list.find((entry) => entry.resource === resource.name);
    expect(told?.access, `${title}: ${resource.name}`).toBe(resource.access);
    const large = line.outcome.artifacts.find(
      ({ kind, name }) => kind === "resource" && name === resource.name,
    );
    const stored = large === undefined ? entries.get(told?.path ?? "") : await point.read(large.path);
    expect(stored && sha256(stored), `${title}: ${resource.name}`).toBe(sha256Of(resource.content));
  }
}

function expectRelations({ portal, line, entries }: Kept): void {
  const { id, title } = line.item;
  const end = (direction: string, relationshipType: string, other: Item | undefined) => ({
    ...{ direction, relationshipType, id: other?.id, title: other?.fields.title },
    ...{ type: other?.fields.type, owner: other?.owner },
  });
  const { items } = portal.state;
  const forward = (items.get(id)?.related ?? []).map((to) => end("forward", to.type, items.get(to.id)));
  const told = json<{ direction: string }[]>(entries, "related.json") ?? [];
  const of = (direction: string) => told.filter((each) => each.direction === direction);
  expect(of("forward"), title).toEqual(expect.arrayContaining(forward));
  expect(of("forward"), title).toHaveLength(forward.length);
  // An item is not asked for every origin, but what it names as one is one.
  const reverse = [...items.values()].flatMap((from) =>
    from.related.filter((to) => to.id === id).map(({ type }) => end("reverse", type, from)),
  );
  for (const each of of("reverse")) expect(reverse, title).toContainEqual(each);
}

/** The definition of a service of the organisation, kept of a layer, a view and a reference alike. */
export function expectDefinition({ portal, line, source, entries }: Kept): boolean {
  const { title } = line.item;
  const service = [...portal.state.services.values()].find(({ itemId }) => itemId === source.id);
  const tiles = [...portal.state.tileServices.values()].find(({ itemId }) => itemId === source.id);
  if (service === undefined && tiles === undefined) return false;
  const told = json<{ serviceItemId: string }>(entries, "service.json");
  expect(told?.serviceItemId, title).toBe(source.id);
  if (tiles?.type === "MapServer") {
    expect(json<{ layers: object[] }>(entries, "layers.json")?.layers, title).toHaveLength(1);
  }
  if (service === undefined) return true;
  const layers = json<Record<"layers" | "tables", { id: number; fields: { name: string }[] }[]>>(
    entries,
    "layers.json",
  );
  const fields = [...(layers?.layers ?? []), ...(layers?.tables ?? [])].map((layer) => [
    layer.id,
    layer.fields.map(({ name }) => name).filter((name) => name !== "OBJECTID"),
  ]);
  const expected = service.layers.map((layer) => [layer.id, layer.fields.map(({ name }) => name)]);
  expect(new Map(fields as [number, string[]][]), title).toEqual(new Map(expected as [number, string[]][]));
  expect(json<{ serviceItemId: string }>(entries, "admin.json")?.serviceItemId, title).toBe(source.id);
  const sources = json<{ services: { serviceItemId: string }[] }>(entries, "sources.json")?.services ?? [];
  expect(sources.map(({ serviceItemId }) => serviceItemId), title).toEqual(
    service.sources.map((name) => portal.state.services.get(name)?.itemId),
  ); // prettier-ignore
  return true;
}

/** The data of a hosted layer that was saved, in whatever form. */
export async function expectData({ portal, point, line, source, entries }: Kept): Promise<Compared> {
  const { title } = line.item;
  const { artifacts } = line.outcome;
  const service = [...portal.state.services.values()].find(({ itemId }) => itemId === source.id);
  const tiles = [...portal.state.tileServices.values()].find(({ itemId }) => itemId === source.id);
  const exports = artifacts.filter(({ kind }) => kind === "export");
  if (line.outcome.state !== "saved" || (service === undefined && tiles === undefined)) {
    expect(exports, title).toEqual([]);
    return "nothing";
  }
  if (line.outcome.rung === "rows" && service !== undefined) {
    expectRows(service, entries);
    return "rows";
  }
  const [file] = exports;
  if (file === undefined) throw new Error(`Nothing was exported of ${title}`);
  expect([exports.length, file.proof], title).toEqual([1, "stored"]);
  const bytes = await point.read(file.path);
  if (tiles !== undefined) {
    expect(bytes.equals(packageOf(tiles)), title).toBe(true);
    return "package";
  }
  if (service !== undefined) expectGeodatabase(title, service, file, bytes);
  return "geodatabase";
}

function expectGeodatabase(title: string, service: Service, file: Artifact, bytes: Buffer): void {
  const tables = readGdbZip(bytes);
  const rows = tables.filter(({ table }) => !table.endsWith("__ATTACH") && !table.startsWith("GDB_"));
  const expected = service.layers.map((layer) => layer.rows.length).sort();
  expect(rows.map((table) => table.rows).sort(), title).toEqual(expected);
  expect((file.tables ?? []).filter(({ layerId }) => layerId !== undefined).map((table) => table.rows).sort(), title).toEqual(expected); // prettier-ignore
  const attached = tables.filter(({ table }) => table.endsWith("__ATTACH"));
  expect(attached.reduce((sum, table) => sum + table.rows, 0), title).toBe(
    service.layers.reduce((sum, layer) => sum + layer.attachments.length, 0),
  ); // prettier-ignore
}

interface Row {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly geometry?: unknown;
}

/** Rows with their values and shapes, attachments with their bytes. */
function expectRows(service: Service, entries: Entries): void {
  for (const layer of service.layers) {
    const read = [...entries]
      .filter(([name]) => name.startsWith(`rows/${layer.id}/`))
      .flatMap(([, bytes]) => (JSON.parse(bytes.toString("utf8")) as { features: Row[] }).features);
    expect(read.map(({ attributes, geometry = null }) => ({ attributes, geometry }))).toEqual(
      layer.rows.map(({ objectId, attributes, geometry }) => ({
        attributes: { OBJECTID: objectId, ...attributes },
        geometry,
      })),
    );
    const listed = [...entries]
      .filter(([name]) => new RegExp(`^attachments/${layer.id}/[^/]+\\.json$`).test(name))
      .flatMap(([, bytes]) => JSON.parse(bytes.toString("utf8")) as { objectId: number; id: number; path: string }[]); // prettier-ignore
    expect(
      listed.map(({ objectId, id, path }) => [objectId, id, sha256(entries.get(path) ?? Buffer.of())]),
    ).toEqual(
      layer.attachments
        .toSorted((a, b) => a.row - b.row || a.id - b.id)
        .map(({ row, id, content }) => [row, id, sha256Of(content)]),
    );
  }
}

function json<T>(entries: Entries, name: string): T | undefined {
  const bytes = entries.get(name);
  return bytes === undefined ? undefined : (JSON.parse(bytes.toString("utf8")) as T);
}
