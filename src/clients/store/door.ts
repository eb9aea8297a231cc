// The way into one container. A connection string that comes from a secret may be rotated while it is used: when the
// storage does not accept it any more, it is read again, and what was refused is sent once more with the new one.
import { type ContainerClient, RestError } from "@azure/storage-blob";
import { type Result, failed, ok } from "../../core/result.ts";
import { type StorageAccess, openConnection } from "./connection.ts";
import type { Place } from "./refusals.ts";

export interface Door {
  /** Signed in with what is known to be right now. */
  client(): ContainerClient;
  readonly place: Place;
  /** True: there is another way in than `refused`, the place of the call that was not let in. */
  renew(refused: Place): Promise<Result<boolean>>;
}

export function openDoor(access: StorageAccess, container: string): Result<Door> {
  const first = openConnection(access);
  if (!first.ok) return first;
  const renewed = "connectionString" in access ? access.renewed : undefined;
  let known = "connectionString" in access ? access.connectionString : "";
  let place: Place = { connection: first.value, container };
  let client = first.value.service.getContainerClient(container);
  return ok({
    client: () => client,
    get place() {
      return place;
    },
    async renew(refused) {
      // Several blocks are on their way at once: the first that is refused renews for all.
      if (place !== refused) return ok(true);
      const now = (await renewed?.()) ?? ok(known);
      if (!now.ok) return now;
      if (place !== refused) return ok(true);
      if (now.value === known) return ok(false);
      const next = openConnection({ connectionString: now.value });
      if (!next.ok) return next;
      if (next.value.service.url.split("?")[0] !== place.connection.service.url.split("?")[0]) {
        return failed(
          "storage-refused",
          `Cannot go on in storage account "${place.connection.account}": the secret of its connection now leads to "${next.value.account}"`,
          "Start another run: a backup lies in one place",
        );
      }
      known = now.value;
      place = { connection: next.value, container };
      client = next.value.service.getContainerClient(container);
      return ok(true);
    },
  });
}

/** Whether the storage refused a call for who makes it. */
export function isNoEntry(error: unknown): boolean {
  return error instanceof RestError && (error.statusCode === 401 || error.statusCode === 403);
}
