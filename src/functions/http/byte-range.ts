// Ranges of a text that may be too large for one answer (RFC 9110, section 14).

/** Bytes [from, to). */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** The one range that the header asks for; undefined = the whole, also for what is no single range of bytes. */
export function byteRange(header: string | null, sizeBytes: number): ByteRange | "beyond" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "") ?? [];
  if (first === "") {
    if (last === "") return undefined;
    // The last so many bytes.
    return Number(last) === 0 || sizeBytes === 0
      ? "beyond"
      : { from: Math.max(0, sizeBytes - Number(last)), to: sizeBytes };
  }
  const from = Number(first);
  const to = last === "" ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  if (last !== "" && Number(last) < from) return undefined;
  return from >= sizeBytes ? "beyond" : { from, to };
}
