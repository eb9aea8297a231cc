// manifest.json: the sealed record of a run, written last. It names the other files by hash, items.jsonl holds the items.
import * as z from "zod";
import { changedSince } from "./changes.ts";
import { failure, hash, parseJson, problemsOf } from "./item-line.ts";
import { failed, ok, type Result } from "./result.ts";
import type { RunSummary } from "./run.ts";
import { isoTime } from "./units.ts";

export const MANIFEST_VERSION = 1;
const FORMAT = "arcgis-backup-for-azure";

const count = z.number().int().nonnegative();
const time = z.iso.datetime();

const file = z.object({ name: z.string().min(1), sizeBytes: count, hash });
/** A file of the run folder itself, such as items.jsonl. */
export type ManifestFile = Readonly<z.infer<typeof file>>;

const manifest = z.object({
  format: z.literal(FORMAT),
  version: z.literal(MANIFEST_VERSION),
  appVersion: z.string(),
  run: z.object({
    id: z.string(),
    profile: z.string(),
    container: z.string(),
    folder: z.string(),
    portalUrl: z.string(),
    startedAt: time,
    finishedAt: time,
    startedBy: z.enum(["http", "timer", "command-line"]),
    select: z.record(z.string(), z.array(z.string())).optional(),
    exclude: z.record(z.string(), z.array(z.string())).optional(),
    changedWithinDays: z.number().int().positive().optional(),
    changedSince: time.optional(),
  }),
  organisation: z.string(),
  portal: z
    .object({
      id: z.string(),
      name: z.string(),
      base: z.string(),
      kind: z.enum(["online", "enterprise"]),
      version: z.string(),
      username: z.string(),
      seesAllItems: z.boolean(),
    })
    .nullable(),
  verdict: z.enum(["succeeded", "partial", "failed", "canceled"]),
  failure: failure.nullable(),
  counts: z.object({ listed: count, saved: count, unchanged: count, skipped: count, failed: count }),
  sizeBytes: count,
  books: z
    .object({
      search: z.literal("quick").optional(),
      walked: count,
      searchTotal: z.number().nullable(),
      searchListed: count,
      differences: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          type: z.string(),
          owner: z.string(),
          onlyIn: z.enum(["walk", "search"]),
          label: z.enum(["new", "deleted", "hidden from search", "no access", "not told"]),
        }),
      ),
      unlisted: z.array(z.object({ username: z.string(), text: z.string() })),
      notes: z.array(z.string()),
    })
    .nullable(),
  leftBehind: z.array(
    z.object({ id: z.string(), title: z.string(), owner: z.string(), ours: z.boolean(), text: z.string() }),
  ),
  files: z.array(file),
});

export type Manifest = z.infer<typeof manifest>;

/** The manifest of a run; `files` are what lies beside it, sorted by name. */
export function manifestOf(summary: RunSummary, files: readonly ManifestFile[]): Manifest {
  const { run, finishedAt, organisation, portal, verdict, counts, sizeBytes, books, leftBehind } = summary;
  const since = changedSince(run);
  // Parsing puts the keys in the schema's order and leaves out what is no part of the format.
  return manifest.parse({
    format: FORMAT,
    version: MANIFEST_VERSION,
    appVersion: run.appVersion,
    run: {
      ...run,
      id: run.runId,
      startedAt: isoTime(run.openedAt),
      finishedAt: isoTime(finishedAt),
      ...(since !== undefined && { changedSince: isoTime(since) }),
    },
    organisation,
    portal,
    verdict,
    failure: summary.failure,
    counts,
    sizeBytes,
    books,
    leftBehind,
    files: [...files].sort((a, b) => (a.name < b.name ? -1 : 1)),
  });
}

/** The text of manifest.json: two spaces, keys always in the same order, one line end at the end. */
export function manifestText(summary: RunSummary, files: readonly ManifestFile[]): string {
  return `${JSON.stringify(manifestOf(summary, files), null, 2)}\n`;
}

/** Reads manifest.json; a newer version, another format and a damaged file are each told apart. */
export function parseManifest(text: string): Result<Manifest> {
  const json = parseJson(text);
  if (!json.ok) {
    return failed("wrong-content", "Cannot read manifest.json: not JSON", "Use the backup of another run.");
  }
  const head = z.object({ format: z.literal(FORMAT), version: z.number() }).safeParse(json.value);
  if (!head.success) {
    return failed(
      "wrong-content",
      `Cannot read manifest.json: ${problemsOf(head.error)}`,
      `Check that the file is a manifest of ArcGIS Backup for Azure ("format": "${FORMAT}").`,
    );
  }
  if (head.data.version > MANIFEST_VERSION) {
    return failed(
      "not-supported",
      `Cannot read manifest.json: version ${String(head.data.version)} is newer than ${String(MANIFEST_VERSION)}`,
      "Update ArcGIS Backup for Azure to the version that wrote it, or a later one.",
    );
  }
  const parsed = manifest.safeParse(json.value);
  if (parsed.success) return ok(parsed.data);
  return failed(
    "wrong-content",
    `Cannot read manifest.json: ${problemsOf(parsed.error)}`,
    "Use the backup of another run: this manifest is damaged.",
  );
}
