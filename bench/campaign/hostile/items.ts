// What a hostile portal lists, and what a run may have come to with it.
import { itemPath, LAYOUTS } from "../../../src/core/names.ts";
import { ITEM_TYPES } from "../../../src/core/item-types.ts";
import { type ListedItem, SKIP_CAUSES, type SkipCause, STRATEGIES } from "../../../src/core/item.ts";
import type { Artifact, Outcome } from "../../../src/core/outcome.ts";
import { resourcePaths } from "../../../src/core/resource-paths.ts";
import type { ItemLine } from "../../../src/core/run.ts";
import {
  fromEntries,
  hexId,
  hostileId,
  hostileJson,
  hostileNumber,
  hostileText,
  type Next,
  oneOf,
  times,
  whole,
} from "./texts.ts";
import { hostileUrl } from "./urls.ts";

const TYPES = ITEM_TYPES.map(({ type }) => type);
const KEYWORDS = ["Hosted Service", "View Service", "Service Proxy", "Data", "Code", "constructor"] as const;

/** An entry of a listing, most of them with an id that is right. */
export function rawEntry(next: Next): unknown {
  if (next() < 0.05) return hostileJson(next, 2);
  return fromEntries([
    ["id", next() < 0.7 ? hexId(next) : hostileId(next)],
    ["owner", next() < 0.8 ? hostileText(next) : hostileJson(next, 1)],
    ["title", next() < 0.8 ? hostileText(next) : hostileJson(next, 1)],
    ["type", next() < 0.7 ? TYPES[whole(next, TYPES.length - 1)] : hostileText(next)],
    ["typeKeywords", next() < 0.9 ? times(next, 4, () => keyword(next)) : hostileJson(next, 2)],
    ["tags", next() < 0.9 ? times(next, 3, () => hostileText(next)) : hostileJson(next, 2)],
    ["name", next() < 0.5 ? hostileText(next) : hostileJson(next, 1)],
    ["url", next() < 0.7 ? hostileUrl(next) : hostileJson(next, 1)],
    ["size", hostileNumber(next)],
    ["access", next() < 0.8 ? oneOf(next, ["private", "org", "public"]) : hostileText(next)],
    ["created", hostileNumber(next)],
    ["modified", hostileNumber(next)],
    ["orgId", next() < 0.5 ? "AcmeOrg" : hostileJson(next, 1)],
    ["__proto__", { polluted: true, isOrgItem: false }],
  ]);
}

function keyword(next: Next): string {
  return next() < 0.6 ? oneOf(next, KEYWORDS) : hostileText(next);
}

const HASH = `sha256:${"ab".repeat(32)}`;

/** A line whose paths are those that the run itself would make of the item. */
export function lineOf(next: Next, item: ListedItem): ItemLine {
  const path = itemPath(oneOf(next, LAYOUTS), item);
  const names = times(next, 5, () => hostileText(next));
  const entries = ["item.json", "data", ...new Set(resourcePaths(names))].map((name) => ({
    name,
    sizeBytes: 10,
    hash: HASH,
  }));
  const stored: readonly Artifact[] = [
    { kind: "bundle", path: `${path}.zip`, sizeBytes: 100, hash: HASH, proof: "stored", entries },
    {
      kind: "data",
      path: `${path}_data.zip`,
      sizeBytes: 9,
      hash: HASH,
      proof: "transit",
      name: hostileText(next),
    },
  ];
  return { item, outcome: outcomeOf(next, item, stored) };
}

/** A line that somebody changed after it was sealed: names and paths are anything. */
export function changedLine(next: Next, item: ListedItem): ItemLine {
  const kinds = ["bundle", "data", "resource", "export", "attachment"] as const;
  const artifacts = Array.from({ length: 1 + whole(next, 5) }, (): Artifact => {
    const path =
      next() < 0.5 ? hostileText(next) : `items/${hostileText(next)}_${item.id}${hostileText(next)}`;
    const names = times(next, 5, () =>
      next() < 0.3 ? oneOf(next, ["A/b", "a/B", "a", "A/b/c"]) : hostileText(next),
    );
    const entries = names.map((name) => ({ name, sizeBytes: 1, hash: HASH }));
    return {
      ...{ kind: oneOf(next, kinds), path, sizeBytes: 1, hash: HASH, proof: "stored", entries },
      name: hostileText(next),
    };
  });
  return { item, outcome: outcomeOf(next, item, artifacts) };
}

function outcomeOf(next: Next, item: ListedItem, artifacts: readonly Artifact[]): Outcome {
  const causes = Object.keys(SKIP_CAUSES) as SkipCause[];
  const base = {
    itemId: item.id,
    strategy: oneOf(next, STRATEGIES),
    why: hostileText(next),
    artifacts,
    sizeBytes: whole(next, 1_000_000),
    tookMs: whole(next, 1_000_000),
    notes: times(next, 2, () => hostileText(next)),
  };
  return oneOf<() => Outcome>(next, [
    () => ({
      ...base,
      state: "saved",
      loss: times(next, 2, () => ({ kind: "not-compared", text: hostileText(next) })),
    }),
    () => ({ ...base, state: "unchanged", since: "2026-05-13T02:00:00Z" }),
    () => ({
      ...base,
      state: "skipped",
      cause: causes[whole(next, causes.length - 1)] ?? "no-content",
      coveredBy: times(next, 2, () => hostileText(next)),
    }),
    () => ({
      ...base,
      state: "failed",
      failure: {
        reason: "portal-error",
        text: hostileText(next),
        next: hostileText(next),
        traceId: hostileText(next),
      },
    }),
  ])();
}
