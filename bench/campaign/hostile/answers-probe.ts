// Answers of a hostile portal, and records that somebody wrote by hand: whatever the JSON holds, it is read or refused, never thrown at.
import { portalError } from "../../../src/clients/portal/portal-error.ts";
import { fileNameOf } from "../../../src/clients/portal/disposition.ts";
import { parseObject } from "../../../src/clients/portal/json.ts";
import { cleaner } from "../../../src/clients/portal/clean.ts";
import { rawItem } from "../../../src/clients/portal/listings.ts";
import { editsIn, sourcesIn } from "../../../src/core/changes.ts";
import { compareCounts } from "../../../src/core/compare-counts.ts";
import { jsonFault } from "../../../src/core/json-fault.ts";
import { parseItemLine } from "../../../src/core/item-line.ts";
import { type ListedItem } from "../../../src/core/item.ts";
import { listedItem } from "../../../src/core/listing.ts";
import { parseManifest } from "../../../src/core/manifest.ts";
import { withoutSecrets } from "../../../src/core/organisation.ts";
import { parseProfileText } from "../../../src/core/profile.ts";
import { findReferences, MOST_REFERENCES } from "../../../src/core/references.ts";
import { planTiles, tileServiceOf } from "../../../src/core/tile-plan.ts";
import { wrongWords } from "./judges.ts";
import {
  fromEntries,
  hostileJson,
  hostileJsonText,
  hostileNumber,
  hostileText,
  type Next,
  times,
} from "./texts.ts";

const SECRET = "s3cret that was pasted";

/** The items that a listing of these entries has; what is wrong with them goes to `wrong`. */
export function probeListing(entries: readonly unknown[], wrong: string[]): readonly ListedItem[] {
  const items = new Map<string, ListedItem>();
  for (const raw of entries) {
    const isObject = typeof raw === "object" && raw !== null && !Array.isArray(raw);
    if (isObject) rawItem(raw as Record<string, unknown>, "jdoe");
    const listed = listedItem(raw, { folder: null, found: "walk", orgId: "AcmeOrg" });
    if (!listed.ok) {
      if (listed.text.length > 1_000) wrong.push("a note of the listing has more than 1,000 characters");
      continue;
    }
    const { item } = listed;
    if (!/^[0-9a-f]{32}$/.test(item.id)) wrong.push(`an id is ${JSON.stringify(item.id)}`);
    for (const number of [item.size, item.created, item.modified])
      if (!Number.isSafeInteger(number)) wrong.push(`a number of an item is ${number}`);
    for (const text of [...item.tags, ...item.typeKeywords, item.owner, item.title, item.type, item.access])
      if (typeof text !== "string") wrong.push("a text of an item is none");
    items.set(item.id, item);
  }
  return [...items.values()];
}

export function probeAnswers(next: Next): readonly string[] {
  const text = hostileJsonText(next);
  const answer = parseObject(Buffer.from(text)) ?? {};
  const service = fromEntries([
    [
      "tileInfo",
      next() < 0.7
        ? { lods: lods(next), rows: hostileNumber(next), cols: hostileNumber(next) }
        : hostileJson(next, 2),
    ],
    [
      "fullExtent",
      { xmin: hostileNumber(next), xmax: hostileNumber(next), ymin: 0, ymax: hostileNumber(next) },
    ],
    ["maxExportTilesCount", hostileNumber(next)],
    ["minLOD", hostileNumber(next)],
    ["layers", hostileJson(next, 3)],
    ["services", hostileJson(next, 3)],
    ["error", hostileJson(next, 3)],
  ]) as Record<string, unknown>;
  const wrong: string[] = [];
  for (const each of [answer, service]) {
    portalError(each, next() < 0.5);
    editsIn(each);
    sourcesIn(each);
    withoutSecrets(each);
    const plan = planTiles(hostileText(next), tileServiceOf(each), {
      switchExportOn: next() < 0.5,
      most: 1_000,
    });
    if (plan.do === "export" && plan.levels.length > 1_000)
      wrong.push("the levels of a tile layer have no end");
  }
  const found = findReferences({ type: hostileText(next), name: "data", text });
  if (found.references.length > 2 * MOST_REFERENCES) wrong.push("references of an item have no end");
  for (const { to } of found.references)
    if (!/^(?:[0-9a-f]{32}|https:\/\/\S+)$/.test(to))
      wrong.push(`a reference is ${JSON.stringify(to.slice(0, 80))}`);
  return [...wrong, ...counts(next), ...records(text), ...words(next)];
}

function lods(next: Next): unknown {
  if (next() < 0.2)
    return Array.from({ length: 5_000 }, (_, level) => ({ level, resolution: 1 / (level + 1) }));
  return times(next, 6, () => ({ level: hostileNumber(next), resolution: hostileNumber(next) }));
}

function counts(next: Next): readonly string[] {
  const few = (most: number) => Math.floor(next() * most);
  const layers = times(next, 5, () => ({
    ...{ id: few(3), name: hostileText(next), before: few(9), after: few(9), attachmentsBefore: few(4) },
  }));
  const tables = times(next, 6, () => ({
    name: next() < 0.3 ? (layers[0]?.name ?? "") : hostileText(next),
    rows: few(9),
  }));
  const { got } = compareCounts(layers, tables);
  const had = got.reduce((sum, layer) => sum + ("rowsLacking" in layer ? layer.rowsLacking : 0), 0);
  return had < 0 ? ["an export lacks fewer rows than none"] : [];
}

/** Records and profiles that somebody wrote by hand. */
function records(text: string): readonly string[] {
  const fault = jsonFault(text);
  const isJson = parses(text);
  const profile = parseProfileText(`{"name":"${SECRET}","x":${text}`);
  const told = profile.ok ? "" : JSON.stringify(profile.problems);
  return [
    ...((fault === undefined) === isJson ? [] : ["what is JSON is told to be none, or the other way round"]),
    ...(told.length > 200_000 ? ["the problems of a profile have no end"] : []),
    ...[parseItemLine(text, 1), parseManifest(text)].flatMap((read) =>
      read.ok ? [] : wrongWords("a failure", read.failure.text, 1_000),
    ),
  ];
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function words(next: Next): readonly string[] {
  const clean = cleaner(() => [SECRET]);
  const noise = `${hostileText(next)}${SECRET}${hostileText(next)}https://h/x?token=${SECRET}`;
  const header = `attachment; filename="${hostileText(next)}"; filename*=utf-8''${hostileText(next)}%2F..%5C%00`;
  const name = fileNameOf(next() < 0.5 ? header : hostileText(next));
  return [
    ...(clean(noise).includes(SECRET) ? ["a secret stands in the words of the portal"] : []),
    ...wrongWords("a word of the portal", clean(noise), 400),
    ...(name !== null && (/[/\\\p{Cc}]/u.test(name) || /^\.{0,2}$/.test(name))
      ? ["the name of a download is a path"]
      : []),
  ];
}
