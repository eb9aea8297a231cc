// Blob Storage on this machine: Azurite from npm, on disk, its blob service only.
import path from "node:path";
import type { ChildProgram } from "./child.ts";
import { getText } from "./get-text.ts";

const MAIN = "node_modules/azurite/dist/src/blob/main.js";
const ACCOUNT = "devstoreaccount1";
/** The published key of every storage emulator; it opens nothing but loopback. */
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/** Azurite of a state folder; its blobs lie in `azurite/` there, its output in `azurite.log`. */
export function azurite(projectRoot: string, stateFolder: string): ChildProgram {
  return {
    name: "azurite",
    title: "the storage emulator (Azurite)",
    entry: path.join(projectRoot, MAIN),
    args: (port) => [
      ...["--blobHost", "127.0.0.1", "--blobPort", String(port), "--location", azuriteFolder(stateFolder)],
      ...["--silent", "--disableTelemetry", "--skipApiVersionCheck"],
    ],
    // Whoever sets other accounts for an emulator of their own does not mean this one.
    env: { AZURITE_ACCOUNTS: undefined },
    logFile: path.join(stateFolder, "azurite.log"),
    ready: async (port) =>
      (await getText(`http://127.0.0.1:${port}/`))?.server.startsWith("Azurite-Blob") ?? false,
    addressMatters: false,
  };
}

/** Folder in which Azurite keeps the blobs of a state folder, in its own format. */
export function azuriteFolder(stateFolder: string): string {
  return path.join(stateFolder, "azurite");
}

/** Connection string of the emulator's one account. */
export function azuriteConnection(port: number): string {
  const endpoint = `http://127.0.0.1:${port}/${ACCOUNT}`;
  return `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${endpoint};`;
}
