// The small texts inside a zip that lies in a store: a survey's form, an app's project. Bounded whatever the zip claims.
import type { Result } from "../core/result.ts";
import { ok } from "../core/result.ts";
import { inspectZip, readWhole, type ReadRange } from "./archive.ts";

export interface ZipText {
  readonly name: string;
  readonly text: string;
}

const MOST_TEXTS = 30;
const MOST_BYTES = 4 * 1024 * 1024;

/** Texts of the entries that `isWanted` by their names; `whole` false: there are more than 30, or one of over 4 MiB. */
export async function zipTexts(
  read: ReadRange,
  sizeBytes: number,
  isWanted: (name: string) => boolean,
): Promise<Result<{ readonly texts: readonly ZipText[]; readonly whole: boolean }>> {
  const zip = await inspectZip(read, sizeBytes);
  if (!zip.ok) return zip;
  const wanted = zip.value.entries.filter(({ name }) => isWanted(name));
  const small = wanted
    .filter((entry) => entry.sizeBytes <= MOST_BYTES && entry.compressedBytes <= MOST_BYTES)
    .slice(0, MOST_TEXTS);
  const texts: ZipText[] = [];
  for (const entry of small) {
    const bytes = await readWhole(read, entry);
    if (!bytes.ok) return bytes;
    texts.push({ name: entry.name, text: new TextDecoder().decode(bytes.value) });
  }
  return ok({ texts, whole: small.length === wanted.length });
}
