// Reads one bundle's worth of rows and attachments from a place on. What fails is asked for in smaller pieces, down to the
// single row that cannot be read.
import type { BundleEntry } from "../../clients/bundle.ts";
import { type Failure, type Result, ok } from "../../core/result.ts";
import { fileExtension } from "../../core/names.ts";
import { safeName } from "../../core/safe-name.ts";
import { consume, readSmall } from "../capture/download.ts";
import { keepStream } from "../run/artifacts.ts";
import type { RunAtWork } from "../run/context.ts";
import { writeRecord } from "../run/records.ts";
import { type RowsCursor, type RowsPlace, WIDEST, counting, isBefore } from "./rows-cursor.ts";

/** Object ids of a layer, ascending, and their field. */
export interface LayerIds {
  readonly field: string;
  readonly ids: readonly number[];
}

export interface ReadingLayer {
  readonly id: number;
  readonly ids: LayerIds;
  /** What is wanted of it. */
  readonly rows: boolean;
  readonly attachments: boolean;
}

export interface Reading {
  readonly run: RunAtWork;
  readonly url: string;
  readonly layers: readonly ReadingLayer[];
  /** Path of a blob of its own for what is too large for a bundle. */
  readonly large: (name: string) => string;
  /** Path of the record that tells of such a blob. */
  readonly made: (name: string) => string;
}

const MiB = 1024 * 1024;
/** A bundle is full here: what comes next may have up to LARGE bytes, and jszip takes 16 MiB. */
const FULL = 7 * MiB;
const LARGE = 8 * MiB;
/** A service that refuses so many single rows in a row hands out nothing: fewer where it has handed out none before. */
const IN_VAIN_MOST = { afterRows: 25, atFirst: 4 };
/** Features whose attachments are listed by one call. */
const LISTED_MOST = 100;

export interface ReadBundle {
  readonly entries: readonly BundleEntry[];
  /** `bundle` and `until` are the caller's. */
  readonly next: RowsCursor;
}

interface Progress {
  readonly entries: BundleEntry[];
  bytes: number;
  cursor: RowsCursor;
}

/** Until the bundle is full, `deadline` (epoch ms) is over, or everything is read; to `cursor.until` where that is fixed. */
export async function readBundle(
  reading: Reading,
  cursor: RowsCursor,
  now: () => number,
  deadline: number,
): Promise<Result<ReadBundle>> {
  const { until, ...start } = cursor;
  const progress: Progress = { entries: [], bytes: 0, cursor: start };
  for (;;) {
    const layer = reading.layers[progress.cursor.place.layer];
    if (layer === undefined) break;
    if (
      until === undefined
        ? progress.bytes > FULL || now() >= deadline
        : !isBefore(progress.cursor.place, until)
    ) {
      break;
    }
    const stepped = await step(reading, layer, progress, until);
    if (!stepped.ok) return stepped;
  }
  return ok({ entries: progress.entries, next: progress.cursor });
}

/** One query, or on to the next phase or layer. */
async function step(
  reading: Reading,
  layer: ReadingLayer,
  progress: Progress,
  until: RowsPlace | undefined,
): Promise<Result<void>> {
  const { place, width } = progress.cursor;
  const isRows = place.phase === "rows";
  const isOver = place.at >= layer.ids.ids.length || !(isRows ? layer.rows : layer.attachments);
  if (isOver) {
    const next: RowsPlace = isRows
      ? { layer: place.layer, phase: "attachments", at: 0, within: 0 }
      : { layer: place.layer + 1, phase: "rows", at: 0, within: 0 };
    progress.cursor = { ...progress.cursor, place: next, width: WIDEST };
    return ok(undefined);
  }
  const most = isRows ? width : Math.min(width, LISTED_MOST);
  // The fixed end of a bundle may lie in the middle of what would be asked for.
  const isLast = until?.layer === place.layer && until.phase === place.phase;
  const end = isLast && until.within === 0 ? Math.min(until.at, place.at + most) : place.at + most;
  const ids = layer.ids.ids.slice(place.at, Math.max(end, place.at + 1));
  return isRows
    ? readRows(reading, layer, ids, progress)
    : readAttachments(reading, layer, ids, progress, until);
}

async function readRows(
  { run, url, large, made }: Reading,
  layer: ReadingLayer,
  ids: readonly number[],
  progress: Progress,
): Promise<Result<void>> {
  const [from = 0, to = 0] = [ids[0], ids.at(-1)];
  const reply = await run.portal.rows(url, layer.id, { field: layer.ids.field, from, to });
  const isTooMuch = reply.ok && (reply.value.exceeded || reply.value.raw.byteLength > LARGE);
  if (reply.ok && (!isTooMuch || ids.length === 1)) {
    if (reply.value.raw.byteLength > LARGE) {
      const kept = await keepLarge(run, `L${layer.id}_${from}`, ".json", one(reply.value.raw), {
        large,
        made,
      });
      if (!kept.ok) return kept;
    } else {
      progress.entries.push({ name: `rows/${layer.id}/${from}-${to}.json`, bytes: reply.value.raw });
      progress.bytes += reply.value.raw.byteLength;
    }
    advance(progress, ids.length, { id: layer.id, rows: reply.value.features });
    return ok(undefined);
  }
  if (!reply.ok && isEnd(reply.failure)) return reply;
  return narrower(
    progress,
    ids.length,
    layer.id,
    { rowsUnreadable: 1 },
    reply.ok ? undefined : reply.failure,
  );
}

async function readAttachments(
  reading: Reading,
  layer: ReadingLayer,
  ids: readonly number[],
  progress: Progress,
  until: RowsPlace | undefined,
): Promise<Result<void>> {
  const listed = await reading.run.portal.attachments(reading.url, layer.id, ids);
  if (!listed.ok) {
    if (isEnd(listed.failure)) return listed;
    return narrower(progress, ids.length, layer.id, { attachmentsUnreadable: 1 }, listed.failure);
  }
  const index = listed.value.map((each) => ({ ...each, path: entryName(layer.id, each) }));
  const [from = 0, to = 0] = [ids[0], ids.at(-1)];
  if (index.length > 0 && progress.cursor.place.within === 0) {
    const bytes = Buffer.from(JSON.stringify(index, null, 1));
    progress.entries.push({ name: `attachments/${layer.id}/${from}-${to}.json`, bytes });
    progress.bytes += bytes.byteLength;
  }
  for (const [n, objectId] of ids.entries()) {
    const own = index.filter((each) => each.objectId === objectId);
    for (const each of own.slice(n === 0 ? progress.cursor.place.within : 0)) {
      const { place } = progress.cursor;
      if (progress.bytes > FULL || (until !== undefined && !isBefore(place, until))) return ok(undefined);
      const kept = await readAttachment(reading, layer.id, each, progress);
      if (!kept.ok) return kept;
      progress.cursor = { ...progress.cursor, place: { ...place, within: place.within + 1 } };
    }
    if (until !== undefined && !isBefore(progress.cursor.place, until)) return ok(undefined);
    advance(progress, 1, { id: layer.id });
  }
  return ok(undefined);
}

type Listed = {
  readonly objectId: number;
  readonly id: number;
  readonly name: string;
  /** Bytes; -1 = not told. */
  readonly size: number;
};

/** Into the bundle, or to a blob of its own when it is large; one that cannot be read is counted. */
async function readAttachment(
  { run, url, large, made }: Reading,
  layer: number,
  attachment: Listed & { readonly path: string },
  progress: Progress,
): Promise<Result<void>> {
  const { objectId, id, name, size } = attachment;
  const open = () => run.portal.attachment(url, layer, objectId, id);
  const read = () => consume(open, async (download) => ok(await readSmall(download, LARGE)));
  const isShort = (got: Awaited<ReturnType<typeof read>>) =>
    got.ok && got.value !== undefined && got.value.byteLength < size;
  let small = await read();
  // The list is the only witness of a body that was cut and sent as if it were whole.
  if (isShort(small)) small = await read();
  if (!small.ok || isShort(small)) {
    if (!small.ok && isEnd(small.failure)) return small;
    count(progress, layer, { attachmentsUnreadable: 1 });
    return ok(undefined);
  }
  if (small.value === undefined) {
    const extension = fileExtension(name, "");
    const kept = await consume(open, (download) =>
      keepLarge(run, `L${layer}_${objectId}_${id}`, extension, download.body, { large, made }, name),
    );
    if (!kept.ok) return kept;
  } else {
    progress.entries.push({ name: attachment.path, bytes: small.value });
    progress.bytes += small.value.byteLength;
  }
  count(progress, layer, { attachments: 1 });
  return ok(undefined);
}

async function keepLarge(
  run: RunAtWork,
  name: string,
  extension: string,
  body: AsyncIterable<Uint8Array>,
  { large, made }: Pick<Reading, "large" | "made">,
  called?: string,
): Promise<Result<void>> {
  const kept = await keepStream(
    run,
    `${large(name)}${extension}`,
    body,
    { kind: "attachment", proof: "transit", ...(called !== undefined && { name: called }) },
    () => ok(undefined),
  );
  if (!kept.ok) return kept;
  await writeRecord(run.work, made(name), kept.value);
  return ok(undefined);
}

function entryName(layer: number, { objectId, id, name }: Listed): string {
  return `attachments/${layer}/${objectId}/${id}_${safeName(name, 60)}`;
}

/** Fewer ids the next time; a single one that fails is left out and counted. */
function narrower(
  progress: Progress,
  width: number,
  layer: number,
  unreadable: Parameters<typeof counting>[2],
  failure: Failure | undefined,
): Result<void> {
  if (width > 1) {
    progress.cursor = { ...progress.cursor, width: Math.max(1, Math.floor(width / 2)) };
    return ok(undefined);
  }
  const inVain = progress.cursor.inVain + 1;
  const hasRead = progress.cursor.done.some(({ rows }) => rows > 0);
  const most = hasRead ? IN_VAIN_MOST.afterRows : IN_VAIN_MOST.atFirst;
  if (inVain >= most && failure !== undefined) return { ok: false, failure };
  advance(progress, 1, { id: layer });
  count(progress, layer, unreadable);
  progress.cursor = { ...progress.cursor, inVain };
  return ok(undefined);
}

/** On by so many ids, and wider again. */
function advance(
  progress: Progress,
  ids: number,
  read: { readonly id: number; readonly rows?: number },
): void {
  const { cursor } = progress;
  const place = { ...cursor.place, at: cursor.place.at + ids, within: 0 };
  progress.cursor = { ...cursor, place, width: Math.min(WIDEST, cursor.width * 2), inVain: 0 };
  count(progress, read.id, { rows: read.rows ?? 0 });
}

function count(progress: Progress, layer: number, add: Parameters<typeof counting>[2]): void {
  progress.cursor = { ...progress.cursor, done: counting(progress.cursor.done, layer, add) };
}

/** Failures that concern the run, not the row. */
function isEnd({ reason }: Failure): boolean {
  return reason === "sign-in-refused" || reason === "storage-refused" || reason === "secret-refused";
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
