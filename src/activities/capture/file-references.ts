// References inside the few kinds of files that name items: survey forms and QuickCapture projects are zips of small texts,
// notebooks are JSON. They are read back from where they were stored.
import type { ListedItem } from "../../core/item.ts";
import type { Artifact } from "../../core/outcome.ts";
import { blobPath } from "../run/artifacts.ts";
import type { RunAtWork } from "../run/context.ts";
import type { ReferenceReader } from "./references.ts";

const ZIPS = new Set(["Form", "QuickCapture Project"]);
const TEXTS = new Set(["Notebook"]);
const MOST_ZIP_BYTES = 64 * 1024 * 1024;
const MOST_TEXT_BYTES = 8 * 1024 * 1024;

/** A file that cannot be read back, as in a destination that may only be written, counts as unread. */
export async function readFileReferences(
  run: RunAtWork,
  item: ListedItem,
  file: Artifact | undefined,
  references: ReferenceReader,
): Promise<void> {
  if (!run.profile.dependencies || file === undefined) return;
  const read = (offset: number, length: number) =>
    run.backups.range(blobPath(run, file.path), offset, length);
  if (ZIPS.has(item.type)) {
    const found =
      file.sizeBytes > MOST_ZIP_BYTES
        ? undefined
        : await run.deps.zipTexts(read, file.sizeBytes, (name) => /\.(?:info|json|xml)$/i.test(name));
    if (found?.ok !== true || !found.value.whole) references.unread("data");
    for (const { name, text } of found?.ok === true ? found.value.texts : []) references.text(name, text);
  } else if (TEXTS.has(item.type)) {
    const bytes = file.sizeBytes > MOST_TEXT_BYTES ? undefined : await read(0, file.sizeBytes);
    if (bytes?.ok === true) references.text("data", new TextDecoder().decode(bytes.value));
    else references.unread("data");
  }
}
