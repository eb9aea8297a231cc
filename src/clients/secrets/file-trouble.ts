// What the file system refuses, as a failure.
import { type Failure, failed } from "../../core/result.ts";

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  EEXIST: "something lies there already",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder",
  EACCES: "this user may not",
  EPERM: "this user may not",
  EROFS: "the disk is read-only",
  EBUSY: "another program uses it",
  ENOSPC: "the disk is full",
};

/** Rethrows what is not the file system's doing. */
export function fileTrouble(
  error: unknown,
  cannot: string,
  next: string,
): { readonly ok: false; readonly failure: Failure } {
  if (!(error instanceof Error && "code" in error && typeof error.code === "string")) throw error;
  if (!/^E[A-Z]+$/.test(error.code)) throw error;
  return failed("secret-refused", `${cannot}: ${WHY[error.code] ?? error.code}`, next);
}
