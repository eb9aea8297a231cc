// An item's /data: a file goes to a blob of its own, JSON into the bundle while it is small.
import { type Expectation, expectation } from "../../core/formats.ts";
import { fileExtension } from "../../core/names.ts";
import type { PlannedItem } from "../../core/item.ts";
import type { Artifact } from "../../core/outcome.ts";
import { type Result, failed, ok } from "../../core/result.ts";
import { keepStream } from "../run/artifacts.ts";
import type { RunAtWork } from "../run/context.ts";
import { BUNDLE_LIMIT, type BundleWriter } from "./bundle-writer.ts";
import { consume, readSmall, watched } from "./download.ts";
import { judgeFile } from "./judge-file.ts";

export interface CapturedData {
  readonly artifact?: Artifact;
  readonly sizeBytes: number;
  /** An earlier attempt of the run stored it, and the portal hands out something else by now. */
  readonly isEarlier?: boolean;
}

/** Adds /data as the entry `data`, or streams it to `{path}_data.json` when it does not fit. */
export async function captureJsonData(
  run: RunAtWork,
  planned: PlannedItem,
  bundles: BundleWriter,
): Promise<Result<CapturedData>> {
  const open = () => run.portal.data(planned.item.id, "json");
  const read = () => consume(open, async (download) => ok(await readSmall(download, BUNDLE_LIMIT / 2)));
  let small = await read();
  if (small.ok && small.value?.byteLength === 0 && mayHaveData(planned.item)) small = await read();
  if (!small.ok) return small;
  if (small.value === undefined) {
    return streamed(run, planned, "json", `${planned.path}_data.json`);
  }
  if (small.value.byteLength > 0) {
    const added = await bundles.add("data", small.value);
    if (!added.ok) return added;
  }
  return ok({ sizeBytes: small.value.byteLength });
}

/** Streams the file behind /data to `{path}_data.{extension}`; nothing is stored for an empty one. */
export async function captureFile(run: RunAtWork, planned: PlannedItem): Promise<Result<CapturedData>> {
  const extension = fileExtension(planned.item.name, planned.item.type);
  const read = () => streamed(run, planned, "file", `${planned.path}_data${extension}`);
  const file = await read();
  return file.ok && file.value.sizeBytes === 0 && mayHaveData(planned.item) ? read() : file;
}

/** Nothing came where the portal counts bytes: an answer that got lost on its way looks so, and is asked for once more. */
export function mayHaveData({ size, url }: PlannedItem["item"]): boolean {
  return size > 0 && url === null;
}

function streamed(
  run: RunAtWork,
  planned: PlannedItem,
  expect: "json" | "file",
  path: string,
): Promise<Result<CapturedData>> {
  const { item } = planned;
  const expected: Expectation = expect === "json" ? null : expectation(item.type, item.name);
  return consume(
    () => run.portal.data(item.id, expect),
    async (download) => {
      if (download.length === 0) return ok({ sizeBytes: 0 });
      const passing = watched(download.body);
      let passed = "";
      const kept = await keepStream(
        run,
        path,
        passing.body,
        { kind: "data", proof: "transit", ...(item.name !== null && { name: item.name }) },
        (blob) => {
          passed = `sha256:${blob.sha256}`;
          if (blob.sizeBytes === 0) return EMPTY;
          return judgeFile(`the file of "${item.title}"`, expected, passing, blob.sizeBytes);
        },
      );
      if (kept.ok) {
        const { sizeBytes, hash } = kept.value;
        return ok({ artifact: kept.value, sizeBytes, isEarlier: hash !== passed });
      }
      return kept.failure === EMPTY.failure ? ok({ sizeBytes: 0 }) : kept;
    },
  );
}

// An empty chunked body shows only at its end; nothing is committed for it.
const EMPTY = failed("wrong-content", "The item holds no file", "Nothing to do");
