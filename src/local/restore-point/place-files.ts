// Puts the files of one restore point into the folder that it is laid out in, and counts them.
import path from "node:path";
import { layOutItem, type LaidOutBundle } from "../../core/lay-out.ts";
import { failed, ok, type Result } from "../../core/result.ts";
import type { ItemLine } from "../../core/run.ts";
import { blobBytes, differs, type Sealed, wholeBlob } from "./blob-bytes.ts";
import { lookAt, writeChecked } from "./checked-file.ts";
import type { OutFolder } from "./out-folder.ts";
import type { RestorePoint } from "./restore-point.ts";
import { MOST_BUNDLE_BYTES, unbundle } from "./unbundle.ts";

export interface Placed {
  readonly files: number;
  readonly bytes: number;
  /** Of the files, those that an earlier start had laid out. */
  readonly kept: number;
  /** UTF-16 units of the longest path. */
  readonly longestPath: number;
}

type Pieces = AsyncIterable<Result<Uint8Array>> | Iterable<Result<Uint8Array>>;

/** Every file is written at most once and counted; one that is there already is looked at and kept. */
export class PlaceFiles {
  readonly #point: RestorePoint;
  readonly #out: OutFolder;
  readonly #interrupted: AbortSignal;
  #placed = { files: 0, bytes: 0, kept: 0, longestPath: 0 };

  constructor(point: RestorePoint, out: OutFolder, interrupted: AbortSignal) {
    this.#point = point;
    this.#out = out;
    this.#interrupted = interrupted;
  }

  placed(): Placed {
    return { ...this.#placed };
  }

  /** All that is stored for an item: a result for each thing that was done or went wrong. */
  async *item(line: ItemLine): AsyncGenerator<Result<void>> {
    const { bundles, files } = layOutItem(line);
    for (const bundle of bundles) {
      if (this.#interrupted.aborted) return;
      yield* this.#bundle(bundle);
    }
    for (const file of files) {
      if (this.#interrupted.aborted) return;
      yield await this.blob(file.artifact.path, file.path, file.artifact);
    }
  }

  /** A blob of the run folder as a file; ends early, without the file, when interrupted. */
  blob(from: string, to: string, sealed: Sealed): Promise<Result<void>> {
    const { store, folder } = this.#point;
    return this.#write(to, sealed, () =>
      this.#untilInterrupted(blobBytes(store, `${folder}/${from}`, sealed)),
    );
  }

  manifest(): Promise<Result<void>> {
    const { manifestBytes, manifestHash } = this.#point;
    const sealed = { sizeBytes: manifestBytes.length, hash: manifestHash };
    return this.#write("manifest.json", sealed, () => [ok(manifestBytes)]);
  }

  async *#bundle({ artifact, entries }: LaidOutBundle): AsyncGenerator<Result<void>> {
    const missing: LaidOutBundle["entries"][number][] = [];
    for (const each of entries) {
      const found = await lookAt(this.#pathOf(each.path), each.entry);
      if (!found.ok) yield found;
      else if (found.value === "absent") missing.push(each);
      else this.#count("kept", each.path, each.entry.sizeBytes);
    }
    if (missing.length === 0 && entries.length > 0) return;
    if (artifact.sizeBytes > MOST_BUNDLE_BYTES) {
      yield differs(artifact.path, `it has ${artifact.sizeBytes} bytes, which no bundle has`);
      return;
    }
    const { store, folder } = this.#point;
    const whole = await wholeBlob(store, `${folder}/${artifact.path}`, artifact);
    const plain = whole.ok
      ? await unbundle(
          artifact.path,
          whole.value,
          entries.map(({ entry }) => entry),
        )
      : whole;
    if (!plain.ok) {
      yield plain;
      return;
    }
    for (const each of missing) {
      const content = plain.value[entries.indexOf(each)] ?? new Uint8Array(0);
      yield await this.#write(each.path, each.entry, () => [ok(content)]);
    }
  }

  async #write(to: string, sealed: Sealed, pieces: () => Pieces): Promise<Result<void>> {
    const file = this.#pathOf(to);
    const found = await lookAt(file, sealed);
    if (!found.ok) return found;
    if (found.value === "there") return ok(this.#count("kept", to, sealed.sizeBytes));
    const wrote = await writeChecked(file, this.#out.temporary(), pieces());
    if (wrote.ok) return ok(this.#count("written", to, sealed.sizeBytes));
    return wrote.failure === INTERRUPTED ? ok(undefined) : wrote;
  }

  async *#untilInterrupted(pieces: AsyncIterable<Result<Uint8Array>>): AsyncGenerator<Result<Uint8Array>> {
    for await (const piece of pieces) {
      if (this.#interrupted.aborted) {
        yield { ok: false, failure: INTERRUPTED };
        return;
      }
      yield piece;
    }
  }

  #count(how: "written" | "kept", to: string, bytes: number): void {
    const { files, bytes: before, kept, longestPath } = this.#placed;
    this.#placed = {
      files: files + 1,
      bytes: before + bytes,
      kept: kept + (how === "kept" ? 1 : 0),
      longestPath: Math.max(longestPath, this.#pathOf(to).length),
    };
  }

  /** The last guard: paths are made so that none leads out of the folder. */
  #pathOf(relative: string): string {
    const file = path.join(this.#out.path, ...relative.split("/"));
    if (!file.startsWith(this.#out.path.replace(/[/\\]?$/, path.sep))) {
      throw new Error(`Cannot lay out "${relative}": it leads out of the folder`);
    }
    return file;
  }
}

const INTERRUPTED = failed("not-reached", "Interrupted", "Start it again").failure;
