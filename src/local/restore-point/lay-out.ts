// Lays a restore point out as ordinary files, each checked against what is sealed. What is wrong with one file is told and
// the rest goes on; what would be wrong with every other ends it.
import { createReadStream } from "node:fs";
import path from "node:path";
import { parseItemLine } from "../../core/item-line.ts";
import { failed, ok, type Failure, type Result } from "../../core/result.ts";
import type { ItemLine } from "../../core/run.ts";
import { differs } from "./blob-bytes.ts";
import { diskRefusal } from "./disk-refusals.ts";
import { linesOf } from "./lines.ts";
import { claimOutFolder, type OutFolder, roomFor } from "./out-folder.ts";
import { PlaceFiles, type Placed } from "./place-files.ts";
import { itemsFile, type RestorePoint } from "./restore-point.ts";

export interface LayOutOptions {
  /** Absolute path of the folder; made where it is missing. */
  readonly out: string;
  /** One item alone; undefined = the whole restore point. */
  readonly only: ItemLine | undefined;
  /** Called with each thing that is wrong, as it is found. */
  readonly tell: (failure: Failure) => void;
  readonly progress: (laidOut: LaidOut) => void;
  readonly interrupted: AbortSignal;
}

export interface LaidOut extends Placed {
  readonly items: number;
  readonly wrong: number;
  readonly interrupted: boolean;
}

/** Items at a time: a small blob costs a round trip and little else. */
const LANES = 4;
/** So many answers in a row that the storage cannot be reached are not a matter of single blobs. */
const UNREACHABLE_AFTER = 3;

/** The counts; a failure when nothing more can be laid out. Starting again goes on where it was. */
export async function layOut(point: RestorePoint, options: LayOutOptions): Promise<Result<LaidOut>> {
  try {
    const claimed = await claimOutFolder(options.out, point);
    if (!claimed.ok) return claimed;
    try {
      // A folder that holds a part already needs less, and nobody has counted how much.
      const need = options.only?.outcome.sizeBytes ?? point.manifest.sizeBytes;
      const room = claimed.value.resumed ? undefined : await roomFor(options.out, need);
      if (room !== undefined) return { ok: false, failure: room };
      return await new LayingOut(point, claimed.value, options).run();
    } finally {
      await claimed.value.close();
    }
  } catch (error) {
    const refused = diskRefusal(error);
    if (refused === undefined) throw error;
    return { ok: false, failure: refused.failure };
  }
}

class LayingOut {
  readonly #point: RestorePoint;
  readonly #options: LayOutOptions;
  readonly #files: PlaceFiles;
  readonly #out: string;
  #items = 0;
  #wrong = 0;
  #unreachable = 0;
  /** Ends everything. */
  #stop: Failure | undefined;

  constructor(point: RestorePoint, out: OutFolder, options: LayOutOptions) {
    this.#point = point;
    this.#options = options;
    this.#out = out.path;
    this.#files = new PlaceFiles(point, out, options.interrupted);
  }

  async run(): Promise<Result<LaidOut>> {
    const { only } = this.#options;
    if (only === undefined) {
      const begun = await this.#filesOfRun();
      if (!begun.ok) return begun;
      await this.#allItems();
    } else {
      await this.#item(only);
    }
    if (this.#stop !== undefined) return { ok: false, failure: this.#stop };
    // Last, as in the container: a folder with a manifest holds all of it, checked.
    if (only === undefined && this.#wrong === 0 && !this.#options.interrupted.aborted) {
      this.#judge(await this.#files.manifest());
    }
    return ok(this.#counts());
  }

  /** items.jsonl first: without it nothing else can be believed. */
  async #filesOfRun(): Promise<Result<void>> {
    const items = itemsFile(this.#point);
    if (!items.ok) return items;
    const listed = await this.#files.blob(items.value.name, items.value.name, items.value);
    if (!listed.ok) return listed;
    for (const file of this.#point.manifest.files) {
      if (file === items.value) continue;
      // A name with another folder in it is none of a run's.
      const isName = /^(?:organisation\/)?[A-Za-z0-9][A-Za-z0-9_-]*\.[A-Za-z0-9]+$/.test(file.name);
      this.#judge(
        isName
          ? await this.#files.blob(file.name, file.name, file)
          : differs(file.name, "the manifest names it, but no file of a run is called so"),
      );
    }
    return ok(undefined);
  }

  async #allItems(): Promise<void> {
    const lines = itemLines(path.join(this.#out, "items.jsonl"));
    const lane = async (): Promise<void> => {
      while (this.#stop === undefined && !this.#options.interrupted.aborted) {
        const next = await lines.next();
        if (next.done === true) return;
        if (next.value.ok) await this.#item(next.value.value);
        else this.#judge(next.value);
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: LANES }, lane));
    for (const each of ended) if (each.status === "rejected") throw each.reason;
  }

  async #item(line: ItemLine): Promise<void> {
    try {
      for await (const result of this.#files.item(line)) {
        this.#judge(result);
        if (this.#stop !== undefined) return;
      }
      this.#items += 1;
    } catch (error) {
      const refused = diskRefusal(error);
      if (refused?.ofOneFile === true) this.#judge({ ok: false, failure: refused.failure });
      else if (refused !== undefined) this.#stop ??= refused.failure;
      else {
        this.#stop ??= failed("program-error", "Laying out failed", "Start it again").failure;
        throw error;
      }
    }
    this.#options.progress(this.#counts());
  }

  #judge(result: Result<void>): void {
    if (result.ok) {
      this.#unreachable = 0;
      return;
    }
    this.#wrong += 1;
    this.#options.tell(result.failure);
    this.#unreachable = result.failure.reason === "transient" ? this.#unreachable + 1 : 0;
    if (this.#unreachable < UNREACHABLE_AFTER) return;
    const next = "Start the same command again: it goes on where it was";
    this.#stop ??= failed("transient", "The storage cannot be reached any more", next).failure;
  }

  #counts(): LaidOut {
    const { aborted } = this.#options.interrupted;
    return { ...this.#files.placed(), items: this.#items, wrong: this.#wrong, interrupted: aborted };
  }
}

/** The lines of a file that was checked a moment ago. */
async function* itemLines(file: string): AsyncGenerator<Result<ItemLine>> {
  let number = 0;
  for await (const text of linesOf(fileBytes(file))) {
    number += 1;
    yield text.ok ? parseItemLine(text.value, number) : text;
  }
}

async function* fileBytes(file: string): AsyncGenerator<Result<Uint8Array>> {
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) yield ok(piece);
}
