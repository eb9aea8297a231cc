// Stores the file that a rung made and proves it: by the rows of its tables where the format has tables, else by the
// directory of the zip that lies in the store.
import type { Download } from "../../clients/portal/portal.ts";
import type { GdbTable } from "../../clients/archive.ts";
import { compareCounts } from "../../core/compare-counts.ts";
import type { LadderLayer, LayerGot } from "../../core/ladder.ts";
import { RUNG_FILES, fileSuffix } from "../../core/ladder-files.ts";
import type { CountedLayer } from "../../core/layer-counts.ts";
import type { Artifact } from "../../core/outcome.ts";
import { type Failure, type Result, failed, ok } from "../../core/result.ts";
import { judgeFile } from "../capture/judge-file.ts";
import { watched } from "../capture/download.ts";
import { blobPath, keepStream } from "../run/artifacts.ts";
import { countLayers } from "./layer-counts.ts";
import type { AtRung } from "./means.ts";

export interface KeptFile {
  readonly artifacts: readonly Artifact[];
  readonly got: readonly LayerGot[];
  readonly notes: readonly string[];
}

/** Opens the file and gives it to `use`, again from the start when it breaks. */
export type Fetch = (use: (download: Download) => Promise<Result<Artifact>>) => Promise<Result<Artifact>>;

/** `isStored`: the file lies in the store, and is not what it should be. */
export type KeepFile =
  | { readonly ok: true; readonly value: KeptFile }
  | { readonly ok: false; readonly failure: Failure; readonly isStored: boolean };

/** `nth` (1-based): which of the rung's files it is. */
export async function keepFile(at: AtRung, fetch: Fetch, nth = 1): Promise<KeepFile> {
  const { run, planned, attempt } = at;
  const { expected } = RUNG_FILES[attempt.rung];
  const what = `the export of "${planned.item.title}"`;
  const path = `${planned.path}${fileSuffix(attempt.rung, attempt.layers, nth)}`;
  const stored = await fetch((download) => {
    const passing = watched(download.body);
    return keepStream(run, path, passing.body, { kind: "export", proof: "transit" }, (blob) =>
      blob.sizeBytes === 0 ? noFile(at) : judgeFile(what, expected, passing, blob.sizeBytes),
    );
  });
  if (!stored.ok) return { ...stored, isStored: false };
  const proved = await prove(at, stored.value);
  return proved.ok ? proved : { ...proved, isStored: true };
}

/** An overdue export is asked for its bytes whatever its status says, and may have none. */
function noFile({ planned }: AtRung): Result<never> {
  return failed(
    "export-timeout",
    `Cannot export "${planned.item.title}": the portal has made no file of it yet`,
    "Raise exports.hardLimitHours in the profile, or split the layer",
  );
}

async function prove(at: AtRung, stored: Artifact): Promise<Result<KeptFile>> {
  const { run, attempt } = at;
  const { proof } = RUNG_FILES[attempt.rung];
  const read = (offset: number, length: number) =>
    run.backups.range(blobPath(run, stored.path), offset, length);
  switch (proof) {
    case "geodatabase": {
      const tables = await run.deps.inspectGdb(read, stored.sizeBytes);
      return tables.ok ? ok(await compared(at, stored, tables.value)) : tables;
    }
    case "shapefile": {
      const tables = await run.deps.inspectShapefiles(read, stored.sizeBytes);
      return tables.ok ? ok(await compared(at, stored, tables.value)) : tables;
    }
    case "zip": {
      const zip = await run.deps.inspectZip(read, stored.sizeBytes);
      if (!zip.ok) return zip;
      return ok({ artifacts: [{ ...stored, proof: "stored" }], got: wholeOf(at), notes: [] });
    }
    case "none":
      return ok({ artifacts: [stored], got: wholeOf(at), notes: ["Rows not compared: CSV tells no count"] });
  }
}

/** Holds the rows against the service's counts before and after. */
async function compared(at: AtRung, stored: Artifact, tables: readonly GdbTable[]): Promise<KeptFile> {
  const { run, planned, record, attempt } = at;
  const { url } = planned.item;
  // No layers are named where they are not known: then the file is held against all that there are.
  const only = attempt.layers.length === 0 ? undefined : attempt.layers;
  const after = url === null ? [] : (await countLayers(run, url, only)).counts;
  const layers = counted(record.before, after).filter(({ id }) => only?.includes(id) ?? true);
  const isBare = attempt.rung === "replica-bare" || attempt.rung === "shapefile";
  const result = compareCounts(layers, tables);
  return {
    artifacts: [{ ...stored, proof: "stored", tables: result.tables }],
    got: isBare ? result.got.map((got) => withoutAttachments(got, layers, record.layers)) : result.got,
    notes: result.notes,
  };
}

/** A file that was made without attachments lacks all of them; one at least where their number is not known. */
function withoutAttachments(
  got: LayerGot,
  counts: readonly CountedLayer[],
  layers: readonly LadderLayer[],
): LayerGot {
  const count = counts.find(({ id }) => id === got.id);
  const known = count?.attachmentsBefore ?? count?.attachmentsAfter;
  const has = layers.find(({ id }) => id === got.id)?.hasAttachments === true;
  const attachmentsLacking = has ? (known ?? 1) : 0;
  const isShort = got.state === "whole" && attachmentsLacking > 0;
  return { ...got, attachmentsLacking, state: isShort ? "short" : got.state };
}

function wholeOf({ attempt }: AtRung): readonly LayerGot[] {
  return attempt.layers.map((id) => ({ id, state: "whole", rowsLacking: 0, attachmentsLacking: 0 }));
}

/** Layers of either moment, with what each moment counted. */
function counted(
  before: Awaited<ReturnType<typeof countLayers>>["counts"],
  after: Awaited<ReturnType<typeof countLayers>>["counts"],
): readonly CountedLayer[] {
  const earlier = new Map(before.map((layer) => [layer.id, layer]));
  const later = new Map(after.map((layer) => [layer.id, layer]));
  const added = [...later.values()].filter(({ id }) => !earlier.has(id));
  return [...earlier.values(), ...added].map(({ id, name }) => {
    const [was, is] = [earlier.get(id), later.get(id)];
    return {
      id,
      name,
      before: was?.rows ?? null,
      after: is?.rows ?? null,
      attachmentsBefore: was?.attachments ?? null,
      attachmentsAfter: is?.attachments ?? null,
    };
  });
}
