// Finds the directory of a zip file in the file's last bytes. A file that was cut off has no end record, or one that
// does not fit: that is how a truncated download shows.
// Format: PKWARE APPNOTE 6.3.10, sections 4.3.14 to 4.3.16.

/** `truncated`: the end is missing. `wrong-content`: it is no zip, or one that contradicts itself. */
export interface ZipProblem {
  readonly kind: "problem";
  readonly reason: "truncated" | "wrong-content";
  readonly text: string;
}

/** Where the directory lies, from its end record. */
export interface ZipLocation {
  readonly kind: "found";
  readonly offset: number;
  readonly sizeBytes: number;
  readonly entries: number;
}

/** The tail given is too short: it must begin at `from` or before. */
export interface ZipNeed {
  readonly kind: "need";
  readonly from: number;
}

const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const END64_BYTES = 56;
const HEADER_BYTES = 46;
const LONGEST_COMMENT = 0xffff;

/** Bytes at the end of a file among which its end record must be: it may be followed by a comment of 64 KiB. */
export const ZIP_TAIL_BYTES = END_BYTES + LONGEST_COMMENT + LOCATOR_BYTES + END64_BYTES;

/** Finds the directory in `tail`, the last bytes of a file of `fileBytes`. */
export function locateDirectory(tail: Uint8Array, fileBytes: number): ZipLocation | ZipNeed | ZipProblem {
  const start = fileBytes - tail.length;
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  let nearest: ZipProblem | undefined;
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    // A comment may hold the signature by chance or by intent: the record counts only if its comment ends the file.
    if (at + END_BYTES + view.getUint16(at + 20, true) !== tail.length) continue;
    const found = readEnd(view, at, start);
    if (found.kind !== "problem") return found;
    nearest ??= found;
  }
  if (start > 0 && tail.length < ZIP_TAIL_BYTES)
    return { kind: "need", from: Math.max(0, fileBytes - ZIP_TAIL_BYTES) };
  return nearest ?? problem("truncated", "it has no end record");
}

function readEnd(view: DataView, at: number, start: number): ZipLocation | ZipNeed | ZipProblem {
  const disks = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)] as const;
  const here = view.getUint16(at + 8, true);
  const entries = view.getUint16(at + 10, true);
  const sizeBytes = view.getUint32(at + 12, true);
  const offset = view.getUint32(at + 16, true);
  const wide = [...disks, here, entries].includes(0xffff) || [sizeBytes, offset].includes(0xffffffff);
  if (wide && start + at >= LOCATOR_BYTES) {
    const wider = readLocator(view, at - LOCATOR_BYTES, start);
    if (wider !== undefined) return wider;
  }
  if (disks[0] !== 0 || disks[1] !== 0 || here !== entries) {
    return problem("wrong-content", "it is one part of a split archive");
  }
  return checked({ kind: "found", offset, sizeBytes, entries }, start + at);
}

/** The zip64 end record, for more than 65,535 entries or 4 GiB; undefined when there is none. */
function readLocator(
  view: DataView,
  at: number,
  start: number,
): ZipLocation | ZipNeed | ZipProblem | undefined {
  if (at < 0) return { kind: "need", from: start + at };
  if (view.getUint32(at, true) !== 0x07064b50) return undefined;
  const recordAt = number64(view, at + 8);
  if (view.getUint32(at + 4, true) !== 0 || view.getUint32(at + 16, true) > 1) {
    return problem("wrong-content", "it is one part of a split archive");
  }
  if (recordAt + END64_BYTES > start + at)
    return problem("wrong-content", "its zip64 record lies outside the file");
  if (recordAt < start) return { kind: "need", from: recordAt };
  const record = recordAt - start;
  if (view.getUint32(record, true) !== 0x06064b50)
    return problem("wrong-content", "its zip64 record is not one");
  if (view.getUint32(record + 16, true) !== 0 || view.getUint32(record + 20, true) !== 0) {
    return problem("wrong-content", "it is one part of a split archive");
  }
  const entries = number64(view, record + 32);
  if (number64(view, record + 24) !== entries)
    return problem("wrong-content", "it is one part of a split archive");
  const sizeBytes = number64(view, record + 40);
  const offset = number64(view, record + 48);
  return checked({ kind: "found", offset, sizeBytes, entries }, recordAt);
}

/** `end` is where the end records begin: the directory must reach exactly there, or bytes are missing or unknown. */
function checked(found: ZipLocation, end: number): ZipLocation | ZipProblem {
  const reach = found.offset + found.sizeBytes;
  if (reach > end) {
    return problem(
      "truncated",
      `its directory should end at byte ${reach}, but the file has ${end} bytes before the end record`,
    );
  }
  // Bytes in front would be a self-extracting program, or an inner zip at the end of one that was cut off.
  if (reach < end)
    return problem("wrong-content", `${end - reach} bytes of it belong to nothing in its directory`);
  if (found.entries * HEADER_BYTES > found.sizeBytes) {
    return problem(
      "wrong-content",
      `its directory of ${found.sizeBytes} bytes cannot hold ${found.entries} entries`,
    );
  }
  return found;
}

/** 64-bit numbers above 2^53 lose digits, but stay far outside of any file, which is all that is asked of them. */
export function number64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

/** A problem in words that follow "Cannot read the zip: ". */
export function problem(reason: ZipProblem["reason"], text: string): ZipProblem {
  return { kind: "problem", reason, text };
}
