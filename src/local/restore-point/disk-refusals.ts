// What a disk refuses, as failures: to which path, why, and whether the next file can be expected to fare better.
import { failed, type Failure } from "../../core/result.ts";

export interface DiskRefusal {
  readonly failure: Failure;
  /** It is a matter of this one path. */
  readonly ofOneFile: boolean;
}

const WHY: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your share of the disk is used up",
  EROFS: "the disk cannot be written to",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EIO: "the disk does not work properly",
  EBUSY: "another program holds it",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the path is too long",
  ENOTDIR: "a file lies where a folder should be",
  EEXIST: "a file lies where a folder should be",
};
const OF_ONE_FILE: ReadonlySet<string> = new Set(["ENAMETOOLONG", "ENOTDIR", "EEXIST"]);

/** undefined for what is not the disk's doing. */
export function diskRefusal(error: unknown): DiskRefusal | undefined {
  const { code = "", path } = error as NodeJS.ErrnoException;
  const why = WHY[code];
  if (why === undefined) return undefined;
  const { failure } = failed(
    "storage-refused",
    `Cannot write ${path === undefined ? "the files" : `"${path}"`}: ${why} (${code})`,
    code === "ENAMETOOLONG"
      ? "Name a folder with a shorter path with --out"
      : "Put that right, or name another folder with --out; the same command goes on where it was",
  );
  return { failure, ofOneFile: OF_ONE_FILE.has(code) };
}
