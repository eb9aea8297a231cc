// Where restore points are read from: one container of Blob Storage.
import { azureBlobStore, type StorageAccess } from "../../clients/store/azure-blob.ts";
import { azureFolders, type ListFolders } from "../../clients/store/folders.ts";
import type { Store } from "../../clients/store/store.ts";
import { ok, type Result } from "../../core/result.ts";

export interface Destination {
  readonly store: Store;
  readonly folders: ListFolders;
}

/** Opens a container for reading; sends nothing. */
export function openDestination(access: StorageAccess, container: string): Result<Destination> {
  const store = azureBlobStore({ access, container });
  if (!store.ok) return store;
  const folders = azureFolders({ access, container });
  return folders.ok ? ok({ store: store.value, folders: folders.value }) : folders;
}
