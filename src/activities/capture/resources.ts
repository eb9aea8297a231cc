// An item's resources: small ones into the bundles, large ones to blobs of their own.
import type { Artifact, Loss } from "../../core/outcome.ts";
import { resourcePaths } from "../../core/resource-paths.ts";
import { type FailureReason, type Result, ok } from "../../core/result.ts";
import { RESOURCE_NAME_BYTES } from "../../core/names.ts";
import { safeName } from "../../core/safe-name.ts";
import { keepStream } from "../run/artifacts.ts";
import type { RunAtWork } from "../run/context.ts";
import { BUNDLE_LIMIT, type BundleWriter } from "./bundle-writer.ts";
import { consume, readSmall } from "./download.ts";

export interface CapturedResources {
  readonly large: readonly Artifact[];
  readonly loss: readonly Loss[];
  /** How many the portal lists. */
  readonly listed: number;
  /** Bytes of all resources, to hold the portal's size hint against. */
  readonly sizeBytes: number;
}

interface Listed {
  readonly resource: string;
  readonly size: number;
  /** `inherit` or `private`; empty where the portal does not tell. */
  readonly access: string;
}

/** Gone, closed, or called in a way that no address can hold, such as with nothing between two slashes. */
const LACKING: ReadonlySet<FailureReason> = new Set(["not-found", "no-access", "bad-input"]);

/** Adds `resources.json` (the portal's list with the path of each) and every resource. */
export async function captureResources(
  run: RunAtWork,
  itemId: string,
  path: string,
  bundles: BundleWriter,
): Promise<Result<CapturedResources>> {
  const listed = await listResources(run, itemId);
  if (!listed.ok) return listed;
  if (listed.value.length === 0) return ok({ large: [], loss: [], listed: 0, sizeBytes: 0 });

  const paths = resourcePaths(listed.value.map((entry) => entry.resource));
  const large: Artifact[] = [];
  const loss: Loss[] = [];
  let sizeBytes = 0;
  const index = listed.value.map((entry, n) => ({ ...entry, path: paths[n] ?? "" }));
  const added = await bundles.add("resources.json", Buffer.from(JSON.stringify(index, null, 2)));
  if (!added.ok) return added;

  for (const [n, entry] of index.entries()) {
    const kept = await captureResource(run, itemId, entry, path, n, bundles);
    if (kept.ok) {
      sizeBytes += kept.value.sizeBytes;
      if (kept.value.sizeBytes < entry.size) loss.push(short(entry, kept.value.sizeBytes));
      if (kept.value.artifact !== undefined) large.push(kept.value.artifact);
    } else if (LACKING.has(kept.failure.reason)) {
      // It was in the list a moment ago: the item is worth keeping without it, and the report says so.
      loss.push({ kind: "resource-missing", text: `Resource "${entry.resource}": ${kept.failure.text}` });
    } else {
      return kept;
    }
  }
  return ok({ large, loss, listed: index.length, sizeBytes });
}

/** Sent twice with fewer bytes than the list says: it is kept as it came, and told. */
function short({ resource, size }: Listed, sizeBytes: number): Loss {
  const text = `Resource "${resource}": ${sizeBytes} bytes came where the portal lists ${size}`;
  return { kind: "resource-missing", text };
}

/** The whole list, in name order, each name once. */
async function listResources(run: RunAtWork, itemId: string): Promise<Result<readonly Listed[]>> {
  const byName = new Map<string, Listed>();
  for (let start = 1; start > 0;) {
    const page = await run.portal.resources(itemId, start);
    if (!page.ok) return page;
    const before = byName.size;
    for (const entry of page.value.entries) byName.set(entry.resource, entry);
    // A portal that repeats a page would be followed for ever.
    start = byName.size > before ? page.value.nextStart : -1;
  }
  return ok([...byName.values()].sort((a, b) => (a.resource < b.resource ? -1 : 1)));
}

async function captureResource(
  run: RunAtWork,
  itemId: string,
  entry: { readonly resource: string; readonly path: string; readonly size: number },
  itemPath: string,
  index: number,
  bundles: BundleWriter,
): Promise<Result<{ readonly sizeBytes: number; readonly artifact?: Artifact }>> {
  const open = () => run.portal.resource(itemId, entry.resource);
  // Half a bundle: a larger one gains nothing from being bundled and would fill the memory.
  const read = () => consume(open, async (download) => ok(await readSmall(download, BUNDLE_LIMIT / 2)));
  let small = await read();
  // A proxy may cut a body and tell the length of what is left: what the portal lists is the only witness.
  if (small.ok && small.value !== undefined && small.value.byteLength < entry.size) small = await read();
  if (!small.ok) return small;
  if (small.value !== undefined) {
    const added = await bundles.add(entry.path, small.value);
    return added.ok ? ok({ sizeBytes: small.value.byteLength }) : added;
  }
  const fileName = safeName(entry.path.slice(entry.path.lastIndexOf("/") + 1), 40, RESOURCE_NAME_BYTES);
  const kept = await consume(open, (download) =>
    keepStream(
      run,
      `${itemPath}_resource_${String(index).padStart(3, "0")}_${fileName}`,
      download.body,
      { kind: "resource", proof: "transit", name: entry.resource },
      () => ok(undefined),
    ),
  );
  return kept.ok ? ok({ sizeBytes: kept.value.sizeBytes, artifact: kept.value }) : kept;
}
