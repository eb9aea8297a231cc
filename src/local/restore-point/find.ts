// Finds restore points in a container or a folder: by the names of its folders, and by the manifests in them.
import { destinationWords } from "../../core/destination.ts";
import { failed, ok, type Failure, type Result } from "../../core/result.ts";
import { parseRunFolder, parseRunId } from "../../core/run-id.ts";
import type { Destination } from "./destination.ts";
import { openRestorePoint, type RestorePoint } from "./restore-point.ts";

/** A run folder: `point` undefined = it has no manifest, a failure = it has one that cannot be read. */
export interface RunFolder {
  readonly folder: string;
  /** Epoch milliseconds that the name tells. */
  readonly at: number;
  readonly point: Result<RestorePoint | undefined>;
}

const READS_AT_ONCE = 4;

/** Names of the run folders, the newest first; others' folders are left out. */
export async function runFolderNames({ folders }: Destination): Promise<Result<readonly string[]>> {
  const names = await folders("");
  if (!names.ok) return names;
  const runs = names.value.flatMap((folder) => {
    const at = parseRunFolder(folder)?.at;
    return at === undefined ? [] : [{ folder, at }];
  });
  return ok(
    runs.toSorted((a, b) => b.at - a.at || (a.folder < b.folder ? 1 : -1)).map(({ folder }) => folder),
  );
}

/** Each of these folders with its manifest, in the order given. */
export async function* readFolders(
  { store }: Destination,
  folders: readonly string[],
): AsyncGenerator<RunFolder> {
  for (let at = 0; at < folders.length; at += READS_AT_ONCE) {
    const some = folders.slice(at, at + READS_AT_ONCE);
    const points = await Promise.all(some.map((folder) => openRestorePoint(store, folder)));
    for (const [nth, folder] of some.entries()) {
      yield { folder, at: parseRunFolder(folder)?.at ?? 0, point: points[nth] ?? ok(undefined) };
    }
  }
}

export interface Choice {
  readonly point: RestorePoint;
  /** Newer runs that "latest" passed over, because they saved nothing that can be counted on. */
  readonly passedOver: readonly RunFolder[];
}

export type Chosen =
  | { readonly ok: true; readonly value: Choice }
  /** `known`: the newest folders, for the one who chose wrong. */
  | { readonly ok: false; readonly failure: Failure; readonly known: readonly RunFolder[] };

const KNOWN_SHOWN = 10;

/**
 * The restore point that is asked for: a run's id, a folder's name, or `latest`: the newest that succeeded, also in part.
 * `profile` narrows `latest` to the runs of one profile, where a container holds those of several.
 */
export async function chooseRestorePoint(
  destination: Destination,
  asked: string,
  profile: string | undefined,
): Promise<Chosen> {
  const names = await runFolderNames(destination);
  if (!names.ok) return { ...names, known: [] };
  const wanted = asked.trim();
  const passedOver: RunFolder[] = [];
  let problem: Failure | undefined;
  for await (const run of readFolders(destination, candidates(names.value, wanted))) {
    if (!run.point.ok) {
      if (wanted !== "latest") problem = run.point.failure;
      passedOver.push(run);
      continue;
    }
    const { value: point } = run.point;
    if (point === undefined) {
      if (wanted === run.folder) problem = notSealed(run.folder);
      passedOver.push(run);
      continue;
    }
    const { run: sealed, verdict } = point.manifest;
    if (wanted !== "latest") {
      if (wanted === run.folder || wanted === sealed.id)
        return { ok: true, value: { point, passedOver: [] } };
      continue;
    }
    if (profile !== undefined && sealed.profile !== profile) continue;
    if (verdict === "succeeded" || verdict === "partial") return { ok: true, value: { point, passedOver } };
    passedOver.push(run);
  }
  const known: RunFolder[] = [];
  for await (const run of readFolders(destination, names.value.slice(0, KNOWN_SHOWN))) known.push(run);
  return { ok: false, failure: problem ?? notFound(destination, wanted), known };
}

/** A run's id and its folder end in the same moment; which folder it is, the manifest tells. */
function candidates(names: readonly string[], wanted: string): readonly string[] {
  if (wanted === "latest") return names;
  if (names.includes(wanted)) return [wanted];
  const at = parseRunId(wanted)?.at;
  return at === undefined ? [] : names.filter((folder) => parseRunFolder(folder)?.at === at);
}

function notSealed(folder: string): Failure {
  return failed(
    "not-found",
    `The folder "${folder}" has no manifest: its run goes on still, or it died`,
    "Wait for its end, or take another run",
  ).failure;
}

function notFound({ store }: Destination, wanted: string): Failure {
  return wanted === "latest"
    ? failed(
        "not-found",
        `No restore point that succeeded, also in part, lies in ${destinationWords(store.name)}`,
        "Make a backup first, or name a run with --run",
      ).failure
    : failed(
        "not-found",
        `No run in ${destinationWords(store.name)} is called "${wanted}"`,
        "Name one of these",
      ).failure;
}
