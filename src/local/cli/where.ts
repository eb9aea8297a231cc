// The last lines of a backup: where everything lies and how to look at it.
import path from "node:path";
import type { RunStatus } from "../../core/run.ts";
import { azuriteFolder } from "../services/azurite.ts";

export interface Where {
  readonly status: RunStatus;
  readonly stateFolder: string;
  /** Folder of the person, to shorten paths. */
  readonly folder: string;
  /** Secret that holds the connection string of another destination; undefined = the emulator. */
  readonly connectionSecret: string | undefined;
  /** Log of the host where it has something to explain. */
  readonly logFile: string | undefined;
}

/** Lines for the screen, without a line end. */
export function whereText(where: Where): string {
  const { container, folder } = where.status;
  const short = (file: string): string => shorter(file, where.folder);
  const emulator = short(azuriteFolder(where.stateFolder));
  const place =
    where.connectionSecret === undefined
      ? [
          `On this machine the container "${container}" is in ${emulator} (Azurite, in its own format). To look into it:`,
          `  npx azurite-blob --location "${emulator}" --skipApiVersionCheck --disableTelemetry`,
          `  and then Azure Storage Explorer > Storage Accounts > Emulator > Blob Containers > ${container} > ${folder}`,
        ]
      : [`The container "${container}" is in the storage account of ${where.connectionSecret}.`];
  return [
    ...place,
    "What each file means, and how to restore by hand: src/core/FORMAT.md",
    ...(where.logFile === undefined ? [] : [`What the program logged: ${short(where.logFile)}`]),
  ].join("\n");
}

function shorter(file: string, from: string): string {
  const relative = path.relative(from, file);
  return relative.startsWith("..") || path.isAbsolute(relative) ? file : relative;
}
