// Opens the container or folder that restore points are read from; starts Azurite where it holds it, or uses the one
// that runs.
import { existsSync } from "node:fs";
import { destinationWords } from "../../core/destination.ts";
import { failed, ok, type Result } from "../../core/result.ts";
import { type Destination, openDestination, openFolder } from "../restore-point/destination.ts";
import { azurite, azuriteConnection, azuriteFolder } from "../services/azurite.ts";
import { openChildRecords } from "../services/child-records.ts";
import { ensureChild, stopChild } from "../services/child.ts";
import { askControl } from "../services/control-client.ts";
import { lockState } from "../services/state-lock.ts";
import type { Stage } from "./command.ts";
import type { Place } from "./place.ts";

export interface OpenPlace {
  readonly destination: Destination;
  /** Where it is, for people. */
  readonly title: string;
  readonly leave: () => Promise<void>;
}

/** Opens the place for reading. `leave` ends what was started for it. */
export async function openPlace(place: Place, stage: Stage): Promise<Result<OpenPlace>> {
  const { container, connectionSecret, backupFolder, stateFolder } = place;
  if (backupFolder !== undefined) {
    const destination = openFolder(backupFolder);
    if (!destination.ok) return destination;
    const title = destinationWords(destination.value.store.name);
    return ok({ destination: destination.value, title, leave: () => Promise.resolve() });
  }
  if (connectionSecret !== undefined) {
    const connectionString = stage.env[connectionSecret] ?? "";
    const destination = openDestination({ connectionString }, container);
    if (!destination.ok) return destination;
    const title = `the container "${container}" of ${connectionSecret}`;
    return ok({ destination: destination.value, title, leave: () => Promise.resolve() });
  }
  if (!existsSync(azuriteFolder(stateFolder))) {
    return failed(
      "not-found",
      `No backup was made on "${stateFolder}" yet`,
      `Make one: npm run backup${place.options === "" ? "" : ` --${place.options}`}`,
    );
  }
  const storage = await storageOf(place, stage);
  if (!storage.ok) return storage;
  const { port, leave } = storage.value;
  const destination = openDestination({ connectionString: azuriteConnection(port) }, container);
  if (!destination.ok) return destination;
  const title = `the container "${container}" in ${azuriteFolder(stateFolder)}`;
  return ok({ destination: destination.value, title, leave });
}

/** A backup or `npm start` that runs has the folder, and its Azurite serves us too; else it is ours to start and to end. */
async function storageOf(
  { stateFolder }: Place,
  { projectRoot }: Stage,
): Promise<Result<{ readonly port: number; readonly leave: () => Promise<void> }>> {
  const lock = lockState(stateFolder);
  const records = openChildRecords(stateFolder);
  if (lock === undefined) {
    const running = records.get("azurite");
    if (running !== undefined && (await askControl(running)) !== undefined) {
      return ok({ port: running.port, leave: () => Promise.resolve() });
    }
    return failed(
      "bad-input",
      `Another command is starting or ending on "${stateFolder}"`,
      "Try again in a minute",
    );
  }
  const child = await ensureChild(azurite(projectRoot, stateFolder), records);
  if (!child.ok) {
    lock.release();
    return child;
  }
  const leave = async (): Promise<void> => {
    await stopChild("azurite", records);
    lock.release();
  };
  return ok({ port: child.value.port, leave });
}
