// The last lines of a backup: where everything lies and how to look at it.
import path from "node:path";
import { isFolderPath, placeText } from "../../core/destination.ts";
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
  /** File that the run's mail was saved in; undefined = none was. */
  readonly mailFile: string | undefined;
  /** What the run cost, in one line. */
  readonly cost: string;
  /** Options by which `npm run get` and `npm run runs` find this place again; with a space before each. */
  readonly options: string;
}

/** Lines for the screen, without a line end. */
export function whereText(where: Where): string {
  const { container, folder } = where.status;
  const short = (file: string): string => shorter(file, where.folder);
  const emulator = short(azuriteFolder(where.stateFolder));
  const isFolder = isFolderPath(container);
  const place = isFolder
    ? [`The backup is in ordinary files: ${placeText(container, folder)}`]
    : where.connectionSecret === undefined
      ? [`On this machine the container "${container}" is in ${emulator} (Azurite, in its own format).`]
      : [`The container "${container}" is in the storage account of ${where.connectionSecret}.`];
  return [
    ...place,
    `${isFolder ? "A checked copy:   " : "As ordinary files:"}  npm run get -- --run ${where.status.id}${where.options}`,
    `One item of it:     the same with --item ID, or --item "its title"`,
    `All backups:        npm run runs${where.options === "" ? "" : ` --${where.options}`}`,
    ...(where.mailFile === undefined ? [] : [`Its mail:           ${short(where.mailFile)}`]),
    ...(where.connectionSecret === undefined && !isFolder
      ? [
          "To look into the container itself:",
          `  npx azurite-blob --location "${emulator}" --skipApiVersionCheck --disableTelemetry`,
          `  and then Azure Storage Explorer > Storage Accounts > Emulator > Blob Containers > ${container} > ${folder}`,
        ]
      : []),
    `What the run cost:  ${where.cost}`,
    "What each file means, and how to restore by hand: src/core/FORMAT.md",
    ...(where.logFile === undefined ? [] : [`What the program logged: ${short(where.logFile)}`]),
  ].join("\n");
}

/** The file as seen from a folder where it lies below it, else as it is. */
export function shorter(file: string, from: string): string {
  const relative = path.relative(from, file);
  return relative.startsWith("..") || path.isAbsolute(relative) ? file : relative;
}
