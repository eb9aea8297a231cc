// One made-up night of one organisation: 412 items, three failures, two losses, fourteen items gone since the night before.
import type { Outcome } from "../src/core/outcome.ts";
import type { ListedItem, SkipCause } from "../src/core/item.ts";
import { planItem } from "../src/core/plan.ts";
import type { FailureReason } from "../src/core/result.ts";
import type { ItemLine, RunSummary } from "../src/core/run.ts";
import type { Schedule } from "../src/core/schedule.ts";
import { type Comparison, addNewLoss, compare } from "../src/core/standing-comparison.ts";
import { factOf } from "../src/core/standing-facts.ts";
import { missingItem } from "../src/core/standing-missing.ts";
import { nextStanding } from "../src/core/standing-next.ts";
import { type RunRef, type Standing, portalKey } from "../src/core/standing.ts";
import { type Capped, type Tally, addLine, startTally } from "../src/core/tally.ts";
import type { ToldItem } from "../src/core/told-item.ts";

export const SCHEDULE: Schedule = { cron: "0 2 * * *", zone: "America/Denver" };

/** 14 May 2026, two in the morning in Denver. */
const START = Date.UTC(2026, 4, 14, 8, 0);
const DAY = 24 * 3_600_000;
const HASH = `sha256:${"5c".repeat(32)}`;
const PORTAL = {
  id: "Acme0123456789AB",
  name: "City of Acme",
  base: "https://acme.maps.arcgis.com",
  kind: "online",
  version: "2026.1",
  username: "backup_svc",
  seesAllItems: true,
} as const;

interface Night {
  readonly summary: RunSummary;
  readonly tally: Tally;
}

let serial = 0;

function item(type: string, owner: string, title: string): ListedItem {
  serial += 1;
  return {
    id: (0xacce5500 + serial).toString(16).padStart(32, "b"),
    ...{ owner, folder: null, title, type, typeKeywords: [], name: null, url: null, size: 1000 },
    ...{ access: "org", tags: [], created: START - 400 * DAY, modified: START - 3 * DAY, found: "walk" },
  };
}

type End =
  | { readonly bytes: number; readonly minutes: number; readonly loss?: string }
  | { readonly cause: SkipCause }
  | {
      readonly reason: FailureReason;
      readonly text: string;
      readonly next: string;
      readonly traceId?: string;
    };

function line(listed: ListedItem, end: End): ItemLine {
  const { strategy, why, path } = planItem(listed, { layout: "owner-folder", offlinePackageIds: new Set() });
  const base = { itemId: listed.id, strategy, why, notes: [] };
  const nothing = { artifacts: [], sizeBytes: 0, tookMs: 400 };
  let outcome: Outcome;
  if ("cause" in end) {
    outcome = { ...base, ...nothing, state: "skipped", cause: end.cause, coveredBy: [] };
  } else if ("reason" in end) {
    outcome = { ...base, ...nothing, state: "failed", failure: end };
  } else {
    const { bytes, minutes, loss } = end;
    const isExport = listed.type === "Feature Service";
    outcome = {
      ...{ ...base, state: "saved", sizeBytes: bytes, tookMs: Math.round(minutes * 60_000) },
      loss: loss === undefined ? [] : [{ kind: "attachments-missing", text: loss }],
      artifacts: [
        isExport
          ? {
              ...{ kind: "export", path: `${path}_export.gdb.zip`, sizeBytes: bytes, hash: HASH },
              proof: "stored",
              tables: [{ name: listed.title, rows: 1, layerId: 0, rowsBefore: 1, rowsAfter: 1 }],
            }
          : {
              ...{ kind: "bundle", path: `${path}_item.zip`, sizeBytes: bytes, hash: HASH },
              proof: "transit",
              entries: [],
            },
      ],
    };
  }
  return { item: listed, outcome };
}

function many(count: number, type: string, owner: string, end: End): ItemLine[] {
  return Array.from({ length: count }, (_, n) => line(item(type, owner, `${type} ${n + 1}`), end));
}

const HYDRANTS = item("Feature Service", "jdoe", "Hydrant Inspections");
const AERIALS = item("Map Service", "gis_admin", "Aerials 2023");
const SURVEY = item("File Geodatabase", "msmith", "old_survey.zip");
const PHOTOS = item("Feature Service", "jdoe", "Sign Photos");
const TRACKS = item("Feature Service", "crew.lead", "Crew Tracks");
const small = { bytes: 64_000, minutes: 0.02 } as const;
const COMMON: readonly ItemLine[] = [
  line(item("Feature Service", "gis_admin", "Parcels"), { bytes: 8_400_000_000, minutes: 52 }),
  line(item("Image", "gis_admin", "Orthophoto mosaic"), { bytes: 12_100_000_000, minutes: 17 }),
  line(item("Feature Service", "jdoe", "Street Trees"), { bytes: 2_300_000_000, minutes: 21 }),
  ...many(99, "Feature Service", "jdoe", { bytes: 210_000_000, minutes: 2.5 }),
  ...many(88, "Web Map", "planning.team", small),
  ...many(21, "StoryMap", "planning.team", { bytes: 21_000_000, minutes: 0.1 }),
  ...many(103, "Dashboard", "msmith", small),
  ...many(51, "Feature Service", "planning.team", { cause: "view-of-saved-layer" }),
  ...many(26, "Map Service", "msmith", { cause: "external-service" }),
  ...many(13, "Vector Tile Package", "jdoe", { cause: "offline-area-package" }),
  ...many(3, "Code Attachment", "jdoe", { cause: "code-attachment" }),
];
const EXPORT_FAILED: End = {
  reason: "export-failed",
  text: 'Cannot export "Hydrant Inspections": Error exporting data to filegdb format',
  next: "Open the item page and export the layer as a file geodatabase; if that fails too, republish the layer or ask Esri support",
  traceId: "2c41d0f3a7be4a55",
};

/** The nights before: Hydrants failed twice, Crew Tracks has lost its attachments for a while. */
function before(): Standing | undefined {
  const night = (daysAgo: number, lines: readonly ItemLine[], standing: Standing | undefined) =>
    nextStanding(
      standing,
      {
        ...{ run: ref(daysAgo), verdict: "partial", portal: portalKey(PORTAL), whole: true },
        listed: lines.length,
      },
      lines.map(factOf),
    ) ?? standing;
  const saved = [...COMMON, line(SURVEY, small), line(PHOTOS, small), line(TRACKS, TRACKS_LOSS)];
  const first = night(3, [...saved, line(HYDRANTS, small)], undefined);
  const failed = [...saved, line(HYDRANTS, EXPORT_FAILED)];
  return night(1, failed, night(2, failed, first));
}

const TRACKS_LOSS = {
  ...{ bytes: 90_000_000, minutes: 3 },
  loss: "31 of 31 attachments are not in the export",
} as const;

function ref(daysAgo: number): RunRef {
  const at = START - daysAgo * DAY;
  return { runId: `acme-${new Date(at).toISOString().slice(0, 10).replaceAll("-", "")}T080000Z`, at };
}

/** The night as its mail and its report tell it. */
export function sampleNight(): Night {
  const lines = [
    ...COMMON,
    line(PHOTOS, {
      ...{ bytes: 6_900_000_000, minutes: 34 },
      loss: 'Layer 0 "Signs": 12 of 8,204 attachments are not in the export',
    }),
    line(TRACKS, TRACKS_LOSS),
    line(HYDRANTS, EXPORT_FAILED),
    line(AERIALS, {
      reason: "not-supported",
      text: 'Cannot back up the tiles, scene or data of "Aerials 2023" (Map Service): only its definition was kept',
      next: "Keep the package it was published from as an item of its own",
    }),
    line(SURVEY, {
      reason: "wrong-content",
      text: 'Cannot keep the file of "old_survey.zip": the portal sent a web page instead of a zip',
      next: "Download the file once from the item page; if it is broken there too, upload it again",
    }),
  ];
  const standing = before();
  const tally = lines.reduce(addLine, startTally());
  let newLosses: Capped<ToldItem> = { shown: [], rest: 0 };
  for (const each of lines) newLosses = addNewLoss(newLosses, each, factOf(each), standing);
  const gone = Array.from({ length: 14 }, (_, n) =>
    missingItem(item("Web Map", "msmith", `Draft ${n + 1}`), "in recycle bin"),
  );
  const compared: Comparison = compare(standing, {
    ...{ run: ref(0), tally, newLosses, listed: lines.length, mail: null },
    missing: { since: ref(1), total: gone.length, items: gone },
  });
  const { counts, sizeBytes } = tally;
  const summary: RunSummary = {
    run: {
      ...{ runId: ref(0).runId, profile: "acme", folder: "ACME_20260514T080000Z", container: "backups" },
      ...{ portalUrl: PORTAL.base, startedAt: START, openedAt: START, startedBy: "timer" },
      appVersion: "1.0.0",
    },
    ...{ organisation: "City of Acme", portal: PORTAL, verdict: "partial", counts, sizeBytes, compared },
    finishedAt: START + 134 * 60_000,
    books: {
      ...{ walked: lines.length, searchTotal: lines.length - 7, searchListed: lines.length - 7 },
      differences: lines.slice(0, 7).map(({ item: { id, title, type, owner } }) => ({
        ...{ id, title, type, owner, onlyIn: "walk", label: "hidden from search" },
      })),
      ...{ unlisted: [], notes: [] },
    },
    ...{ leftBehind: [], sweptExports: 1, failure: null, portalRequests: 5180 },
  };
  return { summary, tally };
}
