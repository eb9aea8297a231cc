// From the path of a blob to the path of its file. Paths are made by this program, or read from the records of a backup
// that somebody may have changed: one that could leave the folder, or that the system would take for another one, gets
// no file.
import path from "node:path";
import { printable } from "../../../core/printable.ts";
import { failed, ok, type Result } from "../../../core/result.ts";
import { DEVICE_NAME } from "../../../core/safe-name.ts";

/** The store's own folder, beside those of the runs. */
export const OWN = ".store";

const SEGMENT_MOST = 255;

/** Why no file may have this name; undefined when one may. */
function wrongName(name: string, windows: boolean): string | undefined {
  if (name === "") return "it has an empty part";
  if (name === "." || name === "..") return `it has a part "${name}"`;
  // A backslash separates folders on Windows, and a backup may be carried there.
  if (/[\0\\]/.test(name)) return "it has a backslash or a NUL";
  const length = windows ? name.length : Buffer.byteLength(name);
  if (length > SEGMENT_MOST) return `one of its parts has ${length} ${windows ? "characters" : "bytes"}`;
  if (!windows) return undefined;
  // A colon would write into a hidden stream of another file.
  if (/[<>:"|?*\p{Cc}]/u.test(name)) return "it has a character that Windows does not take";
  if (/[. ]$/.test(name)) return "one of its parts ends in a dot or a space, which Windows drops";
  return DEVICE_NAME.test(name) ? `"${name}" is a device of Windows` : undefined;
}

/** The parts of a blob's path. */
export function partsOf(blob: string, windows: boolean): Result<readonly string[]> {
  const parts = blob.split("/");
  const wrong =
    parts[0]?.toLowerCase() === OWN
      ? `"${OWN}" is the store's own`
      : parts.map((part) => wrongName(part, windows)).find((why) => why !== undefined);
  if (wrong === undefined) return ok(parts);
  return failed(
    "storage-refused",
    `No file can be called "${printable(blob, 300)}": ${wrong}`,
    "Tell the makers of this program which item it is; where a backup is read, find out who changed it",
  );
}

/** The folder of a profile as this system names it; `bad-input` where it has no such paths. */
export function rootOf(folder: string, windows: boolean): Result<string> {
  const system = windows ? path.win32 : path.posix;
  const wrong = wrongRoot(folder, windows);
  if (wrong === undefined) return ok(system.resolve(folder));
  return failed(
    "bad-input",
    `The folder "${printable(folder, 300)}" cannot take backups: ${wrong}`,
    windows
      ? "Set destination.folder to a path such as D:\\Backups or \\\\server\\share\\backups"
      : "Set destination.folder to a path such as /srv/backups",
  );
}

function wrongRoot(folder: string, windows: boolean): string | undefined {
  if (!windows) {
    if (!folder.startsWith("/")) return "it is no path of this system, which begins with /";
    return partsWrong(folder.slice(1).split("/"), windows);
  }
  const [, drive] = /^([A-Za-z]:)[\\/]/.exec(folder) ?? [];
  const [share, server] = /^[\\/]{2}([^\\/]+)[\\/][^\\/]+/.exec(folder) ?? [];
  if (drive === undefined && server === undefined) return "it begins with no drive and no share";
  if (server === "?" || server === ".") return "it is a path of devices";
  return partsWrong(folder.slice((drive ?? share ?? "").length).split(/[\\/]/), windows);
}

function partsWrong(parts: readonly string[], windows: boolean): string | undefined {
  const named = parts.filter((part) => part !== "");
  return named.map((part) => wrongName(part, windows)).find((why) => why !== undefined);
}
