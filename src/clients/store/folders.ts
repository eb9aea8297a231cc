// The folders at the top of a container, without walking the blobs in them: a container of backups holds millions.
import type { AzureBlobStoreOptions } from "./azure-blob.ts";
import { ok, type Result } from "../../core/result.ts";
import { openConnection } from "./connection.ts";
import { refusal, storageCode } from "./refusals.ts";
import { PATIENCE, repeating } from "./repeating.ts";

const PAGE_MS = 45_000;

/** Names of the top folders that begin with `prefix`, in name order; none where the container does not exist. */
export type ListFolders = (prefix: string) => Promise<Result<readonly string[]>>;

/** Lists the folders of one container; `bad-input` when the connection cannot be used. Sends nothing until it is used. */
export function azureFolders(options: AzureBlobStoreOptions): Result<ListFolders> {
  const connection = openConnection(options.access);
  if (!connection.ok) return connection;
  const client = connection.value.service.getContainerClient(options.container);
  const place = { connection: connection.value, container: options.container };
  const patience = options.patience ?? PATIENCE;
  return ok(async (prefix) => {
    const names: string[] = [];
    try {
      for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
        const token = next;
        const page = await repeating(
          async (abortSignal) => {
            const pages = client
              .listBlobsByHierarchy("/", { prefix, abortSignal })
              .byPage(token === undefined ? {} : { continuationToken: token });
            return await pages.next();
          },
          PAGE_MS,
          patience,
        );
        if (page.done === true) break;
        const { segment, continuationToken } = page.value;
        names.push(...(segment.blobPrefixes ?? []).map(({ name }) => name.replace(/\/$/, "")));
        next = continuationToken === "" ? undefined : continuationToken;
      }
    } catch (error) {
      if (storageCode(error) === "ContainerNotFound") return ok([]);
      return refusal(error, "list the folders of", place);
    }
    return ok(names);
  });
}
