// Records in the `work` container. That storage is the run's own memory: without it nothing can go on, so its failures
// are thrown (the orchestrator repeats the step) instead of becoming an item's outcome.
import type { Store } from "../../clients/store/store.ts";
import type { Result } from "../../core/result.ts";

/** Thrown when the app's own storage cannot be read or written. */
export class RecordError extends Error {
  override name = "RecordError";
}

/** The value of a call on the app's own storage; throws a RecordError with the failure's text. */
export function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new RecordError(result.failure.text);
}

/** Parsed JSON of a record that only this app writes; undefined when it is not there. */
export async function readRecord<T>(work: Store, path: string): Promise<T | undefined> {
  const blob = must(await work.get(path));
  return blob === undefined ? undefined : parse<T>(blob.bytes, path);
}

/** As readRecord, for a record that must be there. */
export async function requireRecord<T>(work: Store, path: string): Promise<T> {
  const value = await readRecord<T>(work, path);
  if (value === undefined) throw new RecordError(`Cannot find the run's record "${path}"`);
  return value;
}

/** Records that this worker has read and that never change; by the store that they lie in. */
const fixed = new WeakMap<Store, Map<string, unknown>>();
const FIXED_KEPT = 300;

/**
 * As requireRecord, for a record that never changes once the run is open: its profile, its portal, a part of its plan. Each
 * item's steps need several of them, so a worker reads each once.
 */
export async function requireFixed<T>(work: Store, path: string): Promise<T> {
  const known = fixed.get(work) ?? new Map<string, unknown>();
  fixed.set(work, known);
  if (known.has(path)) return known.get(path) as T;
  const value = await requireRecord<T>(work, path);
  known.set(path, value);
  const [oldest] = known.keys();
  if (known.size > FIXED_KEPT && oldest !== undefined) known.delete(oldest);
  return value;
}

/** Writes a record, replacing what lies there. */
export async function writeRecord(
  work: Store,
  path: string,
  value: unknown,
  metadata?: Readonly<Record<string, string>>,
): Promise<void> {
  must(
    await work.put(path, JSON.stringify(value), { contentType: JSON_TYPE, ...(metadata && { metadata }) }),
  );
}

/** Writes a record unless one lies there already; returns the one that counts, the first. */
export async function firstRecord<T>(work: Store, path: string, value: T): Promise<T> {
  const written = must(
    await work.put(path, JSON.stringify(value), { contentType: JSON_TYPE, when: "absent" }),
  );
  return written === "written" ? value : requireRecord<T>(work, path);
}

/**
 * Changes a record under its ETag: `change` sees what lies there (undefined = nothing) and returns what is to lie there,
 * or undefined to leave it; `metadataOf` what is written beside it. Repeats when another writer came between; returns what
 * `change` decided last.
 */
export async function changeRecord<T>(
  work: Store,
  path: string,
  change: (current: T | undefined) => T | undefined,
  metadataOf?: (next: T) => Readonly<Record<string, string>>,
): Promise<T | undefined> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const blob = must(await work.get(path));
    const next = change(blob === undefined ? undefined : parse<T>(blob.bytes, path));
    if (next === undefined) return undefined;
    const written = must(
      await work.put(path, JSON.stringify(next), {
        contentType: JSON_TYPE,
        ...(metadataOf !== undefined && { metadata: metadataOf(next) }),
        when: blob === undefined ? "absent" : { etag: blob.etag },
      }),
    );
    if (written === "written") return next;
  }
  throw new RecordError(`Cannot change "${path}": other writers came between 50 times`);
}

/** Every blob below a prefix, in name order. */
export async function* listRecords(work: Store, prefix: string) {
  let next: string | undefined;
  do {
    const page = must(await work.list(prefix, next));
    yield* page.blobs;
    next = page.next;
  } while (next !== undefined);
}

const JSON_TYPE = "application/json";

function parse<T>(bytes: Uint8Array, path: string): T {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch (cause) {
    throw new RecordError(`Cannot parse the run's record "${path}"`, { cause });
  }
}
