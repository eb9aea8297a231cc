// What a disk or a share refuses, as failures: what was tried, in which folder, why, and what the administrator does
// next.
import { printable } from "../../../core/printable.ts";
import { failed, type Failure, type FailureReason, type Result } from "../../../core/result.ts";
import { codeOf } from "./disk.ts";
import { SlowDiskError } from "./patient-disk.ts";

interface Refusal {
  readonly reason: FailureReason;
  readonly text: string;
  readonly next: string;
}

const FULL: Refusal = {
  reason: "storage-refused",
  text: "the disk is full",
  next: "Make room on it, or move old backups away, then start the backup again",
};
const FORBIDDEN: Refusal = {
  reason: "storage-refused",
  text: "the user that the backup runs as may not do it",
  next: "Give that user the right to read and change the folder; on a share, in its permissions and in those of the folder",
};
const AWAY: Refusal = {
  reason: "transient",
  text: "the disk or the share does not answer",
  next: "Check that the disk works and that the share can be reached from this machine, then start the backup again",
};
const HELD: Refusal = {
  reason: "transient",
  text: "another program holds it",
  next: "Take the folder out of what virus scanners and indexers look at, then start the backup again",
};
const IN_THE_WAY: Refusal = {
  reason: "storage-refused",
  text: "a file lies where a folder should be, or a folder where a file should be",
  next: "Find out what else writes to the folder, and move it away",
};

const REFUSALS: Readonly<Record<string, Refusal>> = {
  ENOSPC: FULL,
  EDQUOT: { ...FULL, text: "the share of the disk that this user may have is used up" },
  EFBIG: {
    ...FULL,
    text: "its file system takes no file of that size",
    next: "Use a disk with NTFS, ReFS, ext4 or XFS, not FAT32",
  },
  EROFS: {
    reason: "storage-refused",
    text: "the disk can only be read",
    next: "Connect it so that it can be written to, or name another folder",
  },
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EBUSY: HELD,
  ETXTBSY: HELD,
  EAGAIN: HELD,
  EMFILE: { ...HELD, text: "too many files are open", next: "Start the backup again" },
  ENFILE: { ...HELD, text: "too many files are open", next: "Start the backup again" },
  ENOENT: {
    reason: "transient",
    text: "the folder is not there, or not any more",
    next: "Check that the drive or the share is connected and the path is right, then start the backup again",
  },
  ENAMETOOLONG: {
    reason: "storage-refused",
    text: "the path is too long for its file system",
    next: "Name a folder with a shorter path",
  },
  ELOOP: { ...IN_THE_WAY, text: "links on the path lead in a circle" },
  ENOTDIR: IN_THE_WAY,
  EISDIR: IN_THE_WAY,
  EEXIST: IN_THE_WAY,
};
/** Of a share, a network or a device that is gone; UNKNOWN is what Windows' own errors come out as. */
const GONE =
  /^(?:EIO|ENXIO|ENODEV|ESTALE|ENETUNREACH|ENETDOWN|EHOSTUNREACH|EHOSTDOWN|ENOTCONN|ECONN\w+|ETIMEDOUT|EPIPE|EREMOTEIO|UNKNOWN)$/;

/** Thrown inside the store for what is found out there, with the failure that it becomes. */
export class FolderSaidNo extends Error {
  readonly result: { readonly ok: false; readonly failure: Failure };
  constructor(reason: FailureReason, text: string, next: string) {
    super(text);
    this.result = failed(reason, text, next);
  }
}

/** The failure for what a call threw; rethrows what is not the disk's doing. `action`: `write "path" in`. */
export function diskRefusal(error: unknown, action: string, root: string): Result<never> {
  const where = `Cannot ${action} the folder "${printable(root, 300)}"`;
  if (error instanceof FolderSaidNo) {
    const { reason, text, next } = error.result.failure;
    return failed(reason, `${where}: ${text}`, next);
  }
  if (error instanceof SlowDiskError) {
    return failed(AWAY.reason, `${where}: ${AWAY.text} (${error.message})`, AWAY.next);
  }
  const code = codeOf(error);
  if (!/^(?:E[A-Z0-9]+|UNKNOWN)$/.test(code)) throw error;
  const known = REFUSALS[code] ?? (GONE.test(code) ? AWAY : undefined);
  if (known !== undefined) return failed(known.reason, `${where}: ${known.text} (${code})`, known.next);
  return failed("storage-refused", `${where}: the system answered ${code}`, AWAY.next);
}
