// Artifacts are written once. Length, hash and entries go to `work` before the commit, so that a repeated save that meets
// "exists already" adopts what that record says; that needs no permission to read the destination.
import type { StreamedBlob } from "../../clients/store/store.ts";
import type { Artifact } from "../../core/outcome.ts";
import { type Result, failed, ok } from "../../core/result.ts";
import type { RunAtWork } from "./context.ts";
import { readRecord, writeRecord } from "./records.ts";

/** What storing an artifact needs of a run: sealing has no portal. */
export type Destination = Pick<RunAtWork, "record" | "paths" | "work" | "backups">;

type Unplaced = Omit<Artifact, "path" | "sizeBytes" | "hash">;

/** Stores bytes as an artifact at `path` below the run folder. */
export async function keepBytes(
  run: Destination,
  path: string,
  bytes: Uint8Array,
  artifact: Unplaced & { readonly hash: string },
): Promise<Result<Artifact>> {
  const whole: Artifact = { ...artifact, path, sizeBytes: bytes.byteLength };
  const earlier = await adopted(run, whole);
  if (earlier !== undefined) return earlier;
  await writeRecord(run.work, run.paths.artifact(path), whole);
  const put = await run.backups.put(blobPath(run, path), bytes, {
    when: "absent",
    metadata: { sha256: whole.hash.slice("sha256:".length) },
  });
  if (!put.ok) return put;
  return put.value === "written" ? ok(whole) : existing(run, whole);
}

/** Streams a body as an artifact at `path` below the run folder. `check` sees its length before anything is committed. */
export async function keepStream(
  run: Destination,
  path: string,
  body: AsyncIterable<Uint8Array>,
  artifact: Unplaced,
  check: (blob: StreamedBlob) => Result<void>,
): Promise<Result<Artifact>> {
  const placed = (blob: StreamedBlob): Artifact => ({
    ...artifact,
    path,
    sizeBytes: blob.sizeBytes,
    hash: `sha256:${blob.sha256}`,
  });
  const put = await run.backups.putStream(blobPath(run, path), body, async (blob) => {
    const good = check(blob);
    if (!good.ok) return good;
    const earlier = await adopted(run, placed(blob));
    if (earlier === undefined) await writeRecord(run.work, run.paths.artifact(path), placed(blob));
    return ok(undefined);
  });
  if (!put.ok) return put;
  const whole = placed(put.value.blob);
  return put.value.written === "written" ? ok(whole) : existing(run, whole);
}

/** The earlier delivery's artifact when it is committed and differs from ours; undefined when ours may be written. */
async function adopted(run: Destination, ours: Artifact): Promise<Result<Artifact> | undefined> {
  const record = await readRecord<Artifact>(run.work, run.paths.artifact(ours.path));
  if (record === undefined || record.hash === ours.hash) return undefined;
  const info = await run.backups.info(blobPath(run, ours.path));
  return info.ok && info.value === undefined ? undefined : existing(run, ours);
}

/** A blob lies there already: what the record says of it, held against the blob where it may be read. */
async function existing(run: Destination, ours: Artifact): Promise<Result<Artifact>> {
  const record = await readRecord<Artifact>(run.work, run.paths.artifact(ours.path));
  const info = await run.backups.info(blobPath(run, ours.path));
  if (info.ok && info.value === undefined) {
    return failed(
      "transient",
      `Cannot store "${ours.path}": the storage says that it exists, and there is none`,
      "Start the run again",
    );
  }
  const stored = info.ok ? info.value?.metadata["sha256"] : undefined;
  for (const known of [record, ours]) {
    if (known === undefined) continue;
    if (stored === undefined || known.hash === `sha256:${stored}`) return ok(known);
  }
  return failed(
    "already-exists",
    `Cannot store "${ours.path}": another blob lies there, and this run has no record of its content`,
    "Look at the run folder for something else that writes there, then start another run",
  );
}

/** Blob name in the backups container of a path below the run folder. */
export function blobPath(run: { readonly record: { readonly folder: string } }, path: string): string {
  return `${run.record.folder}/${path}`;
}
