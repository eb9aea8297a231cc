// Fills an item's bundles one after another: what does not fit into 16 MiB of input opens the next bundle, so that
// memory stays bounded however many resources a StoryMap has.
import type { Artifact } from "../../core/outcome.ts";
import { type Result, failed, ok } from "../../core/result.ts";
import { formatBytes } from "../../core/units.ts";
import { keepBytes } from "../run/artifacts.ts";
import type { RunAtWork } from "../run/context.ts";

/** Bytes of input that one bundle holds at most (design.md section 4: jszip works in memory). */
export const BUNDLE_LIMIT = 16 * 1024 * 1024;

export interface BundleWriter {
  /** Adds an entry; stores the bundle so far when the entry does not fit beside the others. */
  add(name: string, bytes: Uint8Array): Promise<Result<void>>;
  /** Stores what is left and returns every bundle. */
  finish(): Promise<Result<readonly Artifact[]>>;
}

/** Bundles at `{path}.zip`, `{path}.2.zip`, ... below the run folder. */
export function bundleWriter(run: RunAtWork, path: string): BundleWriter {
  const bundles: Artifact[] = [];
  let entries: { name: string; bytes: Uint8Array }[] = [];
  let pending = 0;

  const store = async (): Promise<Result<void>> => {
    if (entries.length === 0) return ok(undefined);
    const bundle = await run.deps.makeBundle(entries);
    const name = bundles.length === 0 ? `${path}.zip` : `${path}.${bundles.length + 1}.zip`;
    const kept = await keepBytes(run, name, bundle.bytes, {
      kind: "bundle",
      hash: bundle.hash,
      proof: "transit",
      entries: bundle.entries,
    });
    if (!kept.ok) return kept;
    bundles.push(kept.value);
    entries = [];
    pending = 0;
    return ok(undefined);
  };

  return {
    async add(name, bytes) {
      if (bytes.byteLength > BUNDLE_LIMIT) return tooLarge(path, name, bytes.byteLength);
      if (pending + bytes.byteLength > BUNDLE_LIMIT) {
        const stored = await store();
        if (!stored.ok) return stored;
      }
      entries.push({ name, bytes });
      pending += bytes.byteLength;
      return ok(undefined);
    },
    async finish() {
      const stored = await store();
      return stored.ok ? ok(bundles) : stored;
    },
  };
}

/** No bundle takes it, and what goes to blobs of their own are files, not JSON and metadata. */
function tooLarge(path: string, name: string, sizeBytes: number): Result<never> {
  return failed(
    "too-large",
    `Cannot keep "${name}" of "${path}": it has ${formatBytes(sizeBytes)}, more than the ${formatBytes(BUNDLE_LIMIT)} that a bundle takes`,
    "Look at the item's page: make smaller what is this large, such as pictures in its symbols or its metadata",
  );
}
