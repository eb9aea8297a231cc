// A sample portal whose members, folders, groups, items, resources, layers and attachments are called what means harm.
import { ITEM_TYPES } from "../../../src/core/item-types.ts";
import { held, text } from "../../../test/portal/content.ts";
import { addGroup, addItem, addMember, type Ground, type Seed } from "../../../test/portal/seed/build.ts";
import { addHosted } from "../../../test/portal/seed/layers.ts";
import { png, shapefileZip } from "../../../test/portal/seed/media.ts";
import { zipOf } from "../../../test/core/zip-bytes.ts";
import { hexId, hostileJsonText, hostileText, type Next, oneOf, whole } from "./texts.ts";
import { foreignUrl, hostileUrl } from "./urls.ts";

const ITEMS = 40;
const LAYERS = 2;

/** What a member, a folder or a file can be called so that the sample portal itself can be asked for it. */
function askable(next: Next): string {
  // Half of a surrogate pair has no form in an address, and an address has no part of dots.
  const name = hostileText(next).toWellFormed().slice(0, 200);
  return /^\.{0,2}$/.test(name) ? `${name}x` : name;
}

export function hostileSeed(next: Next): Seed {
  return (ground) => {
    const { state, password } = ground;
    addMember(state, "backup_admin", "Backup Administrator", { role: "org_admin", password });
    const owners = ["backup_admin"];
    for (let n = 0; n < 5; n += 1) {
      const name = askable(next).replaceAll("/", "_");
      if (state.members.has(name)) continue;
      addMember(state, name, hostileText(next));
      owners.push(name);
    }
    const groups = Array.from({ length: 2 }, () => hostileText(next));
    for (const title of new Set(groups)) addGroup(state, title, "backup_admin", "org", []);
    const owner = () => owners[whole(next, owners.length - 1)] ?? "backup_admin";
    const folders = [undefined, hostileText(next), hostileText(next), hostileText(next)] as const;
    for (let n = 0; n < ITEMS; n += 1) {
      const folder = oneOf(next, folders);
      const place = {
        owner: owner(),
        ...(folder !== undefined && { folder }),
        groups: [oneOf(next, ["", ...groups])],
      };
      addItem(state, {
        key: `hostile ${n}`,
        title: hostileText(next),
        tags: [hostileText(next)],
        ...place,
        ...content(next),
      });
    }
    for (let n = 0; n < LAYERS; n += 1) layer(ground, next, n, owner());
  };
}

function content(next: Next) {
  const resources = Object.fromEntries(
    Array.from({ length: whole(next, 5) }, () => [askable(next), text(hostileText(next))] as const),
  );
  const about = {
    ...{
      description: hostileText(next),
      snippet: hostileText(next),
      keywords: [hostileText(next)],
      resources,
    },
    ...(next() < 0.5 ? { thumbnail: png("thumbnail") } : {}),
    ...(next() < 0.2 ? { metadata: `<metadata>${hostileText(next)}</metadata>` } : {}),
    rawControls: next() < 0.1,
  };
  const types = ITEM_TYPES.filter(({ strategy }) => strategy === "json+resources").map(({ type }) => type);
  const isFile = next() < 0.35;
  if (isFile) return { ...about, ...file(next) };
  const url = next() < 0.5 ? foreignUrl(next, "acme.maps.arcgis.com") : hostileUrl(next);
  const type = next() < 0.8 ? (types[whole(next, types.length - 1)] ?? "Web Map") : hostileText(next);
  return { ...about, type, json: hostileJsonText(next), ...(next() < 0.3 ? { url } : {}) };
}

function file(next: Next) {
  const bytes = oneOf(next, [
    () => Buffer.from(hostileText(next)),
    () => Buffer.from(`PK\u0003\u0004${hostileText(next)}`),
    () => Buffer.from(zipOf([{ name: `../../${hostileText(next)}`, bytes: Buffer.from(hexId(next)) }])),
    () => Buffer.from(shapefileZip("lakes").read(0, 10_000_000)),
    () => Buffer.from(`<html><body>${hostileText(next)}</body></html>`),
  ])();
  return {
    type: oneOf(next, ["Image", "PDF", "CSV", "Shapefile", "Code Sample"]),
    name: askable(next),
    file: held(bytes),
  };
}

function layer(ground: Ground, next: Next, n: number, owner: string): void {
  addHosted(ground, {
    ...{ key: `hostile layer ${n}`, title: hostileText(next), service: `Layer${n}`, owner, minutes: 1 },
    layers: [
      {
        ...{ id: 0, name: hostileText(next).toWellFormed().slice(0, 100), geometry: "point", rows: 4 },
        attachments: { count: 1, bytes: 200 },
      },
      { id: 1, name: hostileText(next).toWellFormed().slice(0, 100), rows: 3 },
    ],
  });
}
