// Runs and items for the tests of what people read: small, and with defaults that no test cares about.
import type { Outcome } from "../../src/core/outcome.ts";
import type { ListedItem } from "../../src/core/item.ts";
import type { ItemLine, PortalSummary, RunSummary } from "../../src/core/run.ts";
import { addLine, startTally, type Tally } from "../../src/core/tally.ts";

export const HASH = `sha256:${"ab".repeat(32)}`;

export function id(n: number): string {
  return n.toString(16).padStart(32, "0");
}

export function anItem(n: number, over: Partial<ListedItem> = {}): ListedItem {
  return {
    id: id(n),
    owner: "jdoe",
    folder: null,
    title: `Item ${String(n)}`,
    type: "Web Map",
    typeKeywords: [],
    name: null,
    url: null,
    size: 100,
    access: "org",
    tags: [],
    created: Date.UTC(2026, 0, 1),
    modified: Date.UTC(2026, 0, 2),
    found: "walk",
    ...over,
  };
}

type State = Outcome["state"];
type Of<S extends State> = Partial<Extract<Outcome, { state: S }>>;

export function aLine<S extends State>(
  n: number,
  state: S,
  item: Partial<ListedItem> = {},
  over: Of<S> = {},
): ItemLine {
  const stored = state === "saved" ? 1000 : 0;
  const base = `items/jdoe/Item_${id(n)}`;
  const finals = {
    saved: { loss: [] },
    unchanged: { since: "nightly-20260513T020000Z" },
    skipped: { cause: "external-service", coveredBy: [] },
    failed: {
      failure: { reason: "portal-error", text: "Cannot read the item: code 500", next: "Try again." },
    },
  } as const;
  const outcome = {
    itemId: id(n),
    strategy: "json+resources",
    why: "The content is JSON",
    artifacts:
      state === "saved"
        ? [{ kind: "bundle", path: `${base}.zip`, sizeBytes: 1000, hash: HASH, proof: "stored", entries: [] }]
        : [],
    sizeBytes: stored,
    tookMs: 800,
    notes: [],
    state,
    ...finals[state],
    ...over,
  };
  return { item: anItem(n, item), outcome: outcome as unknown as Outcome };
}

export const PORTAL: PortalSummary = {
  id: "Acme0123456789AB",
  name: "City of Acme",
  base: "https://acme.maps.arcgis.com",
  kind: "online",
  version: "2026.1",
  username: "backup_svc",
  seesAllItems: true,
};

/** The summary that fits the lines; `over` for what the test is about. */
export function aSummary(lines: readonly ItemLine[], over: Partial<RunSummary> = {}): RunSummary {
  const { counts, sizeBytes } = tallyOf(lines);
  return {
    run: {
      runId: "nightly-20260514T020000Z",
      profile: "nightly",
      folder: "nightly_20260514T020000Z",
      container: "backups",
      portalUrl: "https://acme.maps.arcgis.com",
      startedAt: Date.UTC(2026, 4, 14, 2, 0),
      openedAt: Date.UTC(2026, 4, 14, 2, 0),
      startedBy: "timer",
      appVersion: "0.1.0",
    },
    organisation: "City of Acme",
    portal: PORTAL,
    verdict: "succeeded",
    finishedAt: Date.UTC(2026, 4, 14, 4, 14, 30),
    counts,
    books: {
      walked: lines.length,
      searchTotal: lines.length,
      searchListed: lines.length,
      differences: [],
      unlisted: [],
      notes: [],
    },
    leftBehind: [],
    sweptExports: 0,
    failure: null,
    sizeBytes,
    portalRequests: 1234,
    compared: null,
    ...over,
  };
}

export function tallyOf(lines: readonly ItemLine[]): Tally {
  return lines.reduce(addLine, startTally());
}
