// A portal that people work at: what there is when a run begins, and every version that each item has had since.
import { createHash } from "node:crypto";
import { held, sha256Of, text, wholeOf } from "../../../test/portal/content.ts";
import { addGroup, addItem, addMember, type Ground } from "../../../test/portal/seed/build.ts";
import { addHosted } from "../../../test/portal/seed/layers.ts";
import { png, shapefileZip } from "../../../test/portal/seed/media.ts";
import type { Item, PortalState, Service } from "../../../test/portal/state.ts";

export const MEMBERS = ["backup_admin", "jdoe", "amy"] as const;
const MAPS = 16;
const FILES = 5;
const LAYERS = 3;
const ROWS = 20;

/** An item at one moment; contents by hash. */
export interface Version {
  readonly title: string;
  readonly owner: string;
  /** null = none. */
  readonly data: string | null;
  readonly thumbnail: string | null;
  /** By name. */
  readonly resources: ReadonlyMap<string, string>;
}

/** Everything that was ever true, for the judgement afterwards. */
export class World {
  readonly versions = new Map<string, Version[]>();
  readonly deleted = new Set<string>();
  /** Requests that the portal had answered when the item was made. */
  readonly created = new Map<string, number>();
  /** Rows that the layers of a service had at least and at most, by the item's id. */
  readonly rows = new Map<string, { least: number; most: number }>();
  readonly done: string[] = [];

  /** Takes down how the item is now. */
  note(state: PortalState, id: string): void {
    const item = state.items.get(id);
    if (item === undefined || item.binnedAt !== null) {
      this.deleted.add(id);
      return;
    }
    this.versions.set(id, [...(this.versions.get(id) ?? []), versionOf(item)]);
    const service = serviceOf(state, id);
    if (service === undefined) return;
    const now = service.layers.reduce((sum, layer) => sum + layer.rows.length, 0);
    const { least, most } = this.rows.get(id) ?? { least: now, most: now };
    this.rows.set(id, { least: Math.min(least, now), most: Math.max(most, now) });
  }
}

export function serviceOf(state: PortalState, id: string): Service | undefined {
  return [...state.services.values()].find(({ itemId }) => itemId === id);
}

function versionOf({ fields, owner, data, thumbnail, resources }: Item): Version {
  const isEmpty = data.kind === "none" || data.content.size === 0;
  return {
    ...{ title: fields.title, owner, data: isEmpty ? null : sha256Of(data.content) },
    thumbnail: thumbnail === null ? null : sha256Of(thumbnail),
    resources: new Map(resources.map(({ name, content }) => [name, hashOf(wholeOf(content))])),
  };
}

export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export function seedWorld(ground: Ground, world: World): void {
  const { state, password } = ground;
  for (const name of MEMBERS) {
    addMember(state, name, name, name === "backup_admin" ? { role: "org_admin", password } : {});
  }
  addGroup(state, "Crew", "jdoe", "org", ["amy"]);
  for (let n = 0; n < MAPS; n += 1) {
    addItem(state, {
      ...{
        title: `Map ${n}`,
        type: "Web Map",
        json: { map: n, version: 1 },
        owner: MEMBERS[n % 3] ?? "jdoe",
      },
      ...(n % 2 === 0 ? { folder: "Maps" } : {}),
      ...(n % 3 === 0 ? { thumbnail: png(`map ${n}`) } : {}),
      resources: Object.fromEntries(
        Array.from({ length: n % 4 }, (_, at) => [
          `images/${at}.json`,
          text(`{"map":${n},"at":${at},"version":1}`),
        ]),
      ),
    });
  }
  for (let n = 0; n < FILES; n += 1) {
    const isZip = n % 2 === 0;
    addItem(state, {
      ...{ title: `File ${n}`, type: isZip ? "Shapefile" : "CSV", owner: MEMBERS[n % 3] ?? "jdoe" },
      name: isZip ? `file ${n}.zip` : `file ${n}.csv`,
      file: isZip ? shapefileZip(`lakes${n}`) : held(Buffer.from(`a,b\n${n},1\n`)),
    });
  }
  for (let n = 0; n < LAYERS; n += 1) {
    addHosted(ground, {
      ...{ title: `Layer ${n}`, service: `Layer${n}`, owner: MEMBERS[n % 3] ?? "jdoe", minutes: 1 + n },
      layers: [{ id: 0, name: `Points${n}`, geometry: "point", rows: ROWS }],
    });
  }
  for (const id of state.items.keys()) world.note(state, id);
}
