// Lines of a text that comes in pieces. A line is as long as one item needs, never as long as a file.
import { failed, ok, type Result } from "../../core/result.ts";

const MOST_LINE_BYTES = 64 * 1024 * 1024;
const LF = 10;

/** Each line without its line end, an empty last one left out; ends with a failure of `pieces`. */
export async function* linesOf(
  pieces: AsyncIterable<Result<Uint8Array>>,
): AsyncGenerator<Result<string>, void> {
  const decoder = new TextDecoder();
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  for await (const piece of pieces) {
    if (!piece.ok) {
      yield piece;
      return;
    }
    let from = 0;
    for (let end = piece.value.indexOf(LF); end >= 0; end = piece.value.indexOf(LF, from)) {
      yield ok(decoder.decode(Buffer.concat([...begun, piece.value.subarray(from, end)])));
      begun = [];
      begunBytes = 0;
      from = end + 1;
    }
    const rest = piece.value.subarray(from);
    begunBytes += rest.length;
    if (begunBytes > MOST_LINE_BYTES) {
      yield failed("wrong-content", "A line is longer than 64 MiB", "Use another restore point");
      return;
    }
    if (rest.length > 0) begun.push(rest);
  }
  if (begunBytes > 0) yield ok(decoder.decode(Buffer.concat(begun)));
}
