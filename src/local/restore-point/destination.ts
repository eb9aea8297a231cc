// Where restore points are read from: one container of Blob Storage, or a folder.
import { azureBlobStore, type StorageAccess } from "../../clients/store/azure-blob.ts";
import { foldersIn, folderStore } from "../../clients/store/folder-store.ts";
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

/** Opens a folder of backups for reading; touches nothing. */
export function openFolder(folder: string): Result<Destination> {
  const store = folderStore({ folder });
  if (!store.ok) return store;
  const folders = foldersIn({ folder });
  return folders.ok ? ok({ store: store.value, folders: folders.value }) : folders;
}
