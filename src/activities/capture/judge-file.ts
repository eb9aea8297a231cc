// Judges a file that passes by its first and last bytes, before it is committed: what is no proof is not stored as one.
import { type Expectation, contentKind, judgeContent } from "../../core/formats.ts";
import { type Result, failed, ok } from "../../core/result.ts";
import { locateDirectory } from "../../core/zip-end.ts";
import type { Watched } from "./download.ts";

/** wrong-content for another format, truncated for a zip whose end is missing. `what` follows "Cannot keep". */
export function judgeFile(
  what: string,
  expected: Expectation,
  file: Pick<Watched, "head" | "tail">,
  sizeBytes: number,
): Result<void> {
  const found = judgeContent(expected, file.head());
  if (found !== undefined) {
    return failed("wrong-content", `Cannot keep ${what}: the portal sent ${found}`, DOWNLOAD);
  }
  if (expected === null || contentKind(file.head()) !== "zip") return ok(undefined);
  const end = locateDirectory(file.tail(), sizeBytes);
  if (end.kind === "found") return ok(undefined);
  const problem = end.kind === "need" ? "its end record was not found" : end.text;
  return failed(
    end.kind === "problem" ? end.reason : "truncated",
    `Cannot keep ${what}: ${sizeBytes} bytes arrived and are no whole zip archive, ${problem}`,
    DOWNLOAD,
  );
}

const DOWNLOAD = "Download the file once from the item page; if it is broken there too, upload it again";
