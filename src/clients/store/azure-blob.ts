// The store over Azure Blob Storage (and Azurite). Writes that carry a condition also carry a mark of their own in the
// metadata: when an answer got lost and the repeat meets "exists", the mark tells whether what lies there is ours.
import { randomUUID } from "node:crypto";
import { ok } from "../../core/result.ts";
import type { Result } from "../../core/result.ts";
import type { StorageAccess } from "./connection.ts";
import { type Door, isNoEntry, openDoor } from "./door.ts";
import { refusal, storageCode } from "./refusals.ts";
import { deadlineFor, PATIENCE, repeating } from "./repeating.ts";
import type { Patience } from "./repeating.ts";
import { bufferOf, infoOf, isConflict, md5Of, readBody, WRITER } from "./blob-answers.ts";
import { streamingPut } from "./streaming-put.ts";
import type { BlobInfo, PutOptions, Store, StoredBlob, Written } from "./store.ts";

export type { StorageAccess } from "./connection.ts";
export { checkConnectionString } from "./connection.ts";

export interface AzureBlobStoreOptions {
  readonly access: StorageAccess;
  readonly container: string;
  /** How long and how often trouble that may pass is repeated; the default takes about a minute at most. */
  readonly patience?: Patience;
}

const SHORT_MS = 20_000;
const READ_MS = 45_000;
const PAGE = 5_000;
/** A secret that changes again and again ends a call all the same. */
const MOST_ENTRIES = 3;

/** One container as a `Store`; `bad-input` when the connection cannot be used. Sends nothing until it is used. */
export function azureBlobStore(options: AzureBlobStoreOptions): Result<Store> {
  const door = openDoor(options.access, options.container);
  return door.ok ? ok(storeOver(door.value, options.patience ?? PATIENCE)) : door;
}

function storeOver(door: Door, patience: Patience): Store {
  const blob = (path: string) => door.client().getBlockBlobClient(path);

  /** Runs one call with repeats; what it throws becomes a failure named after `action`, or what `expected` makes of its code. */
  async function call<T>(
    action: string,
    deadlineMs: number,
    work: (signal: AbortSignal, attempt: number) => Promise<T>,
    expected: (code: string, attempt: number) => Promise<Result<T>> | Result<T> | undefined = () => undefined,
    stop?: AbortSignal,
  ): Promise<Result<T>> {
    let attempt = 0;
    for (let entries = 1; ; entries += 1) {
      const { place } = door;
      const before = attempt;
      try {
        const tried = (signal: AbortSignal, nth: number): Promise<T> => {
          attempt = before + nth;
          return work(signal, attempt);
        };
        return ok(await repeating(tried, deadlineMs, patience, stop));
      } catch (error) {
        const code = storageCode(error);
        const made = code === undefined ? undefined : await expected(code, attempt);
        if (made !== undefined) return made;
        const renewed = isNoEntry(error) && entries < MOST_ENTRIES ? await door.renew(place) : ok(false);
        if (!renewed.ok) return renewed;
        if (!renewed.value) return refusal(error, action, place);
      }
    }
  }

  /** What a conflict means: on a first try somebody else's write, on a repeat perhaps our own. */
  async function whose(
    path: string,
    mark: string,
    attempt: number,
    other: Written,
  ): Promise<Result<Written>> {
    if (attempt === 1) return ok(other);
    return await call(`see whether a repeated write reached "${path}" in`, SHORT_MS, async (abortSignal) => {
      const properties = await blob(path).getProperties({ abortSignal });
      return properties.metadata?.[WRITER] === mark ? "written" : other;
    });
  }

  async function put(
    path: string,
    content: Uint8Array | string,
    options: PutOptions = {},
  ): Promise<Result<Written>> {
    const bytes = bufferOf(content);
    const when = options.when;
    const mark = randomUUID();
    const conditions =
      when === undefined ? {} : when === "absent" ? { ifNoneMatch: "*" } : { ifMatch: when.etag };
    return await call<Written>(
      `write "${path}" in`,
      deadlineFor(bytes.length),
      async (abortSignal) => {
        await blob(path).upload(bytes, bytes.length, {
          abortSignal,
          conditions,
          metadata: { ...options.metadata, ...(when === undefined ? {} : { [WRITER]: mark }) },
          blobHTTPHeaders: {
            blobContentType: options.contentType ?? "application/octet-stream",
            blobContentMD5: md5Of(bytes),
          },
        });
        return "written";
      },
      (code, attempt) => {
        if (when === undefined || !isConflict(code, when)) return undefined;
        return whose(path, mark, attempt, when === "absent" ? "exists" : "changed");
      },
    );
  }

  return {
    name: door.place.container,
    put,
    putStream: streamingPut({ blob, call, whose }),

    async ready() {
      const created = await call<"ready" | "refused">(
        "create",
        SHORT_MS,
        async (abortSignal) => {
          await door.client().create({ abortSignal });
          return "ready";
        },
        (code) => {
          if (code === "ContainerAlreadyExists") return ok("ready");
          // A SAS or role for blobs only: whether it may write is asked of the container itself.
          return /^Authorization(Permission|ResourceType|Service)Mismatch$/.test(code)
            ? ok("refused")
            : undefined;
        },
      );
      if (!created.ok) return created;
      if (created.value === "ready") return ok(undefined);
      // A block that is never committed: it needs the right to write and leaves nothing to see or delete.
      return await call("write to", SHORT_MS, async (abortSignal) => {
        const id = Buffer.from(randomUUID()).toString("base64");
        await blob(`ready-${randomUUID()}`).stageBlock(id, "-", 1, { abortSignal });
      });
    },

    async get(path) {
      return await call<StoredBlob | undefined>(
        `read "${path}" in`,
        READ_MS,
        async (abortSignal) => {
          const answer = await blob(path).download(0, undefined, { abortSignal });
          return { bytes: await readBody(answer), etag: answer.etag ?? "" };
        },
        (code) => (code === "BlobNotFound" ? ok(undefined) : undefined),
      );
    },

    async range(path, offset, length) {
      if (length === 0) return ok(new Uint8Array(0));
      return await call(
        `read ${length} bytes at ${offset} of "${path}" in`,
        deadlineFor(length),
        async (abortSignal) => await readBody(await blob(path).download(offset, length, { abortSignal })),
        (code) => (code === "InvalidRange" ? ok(new Uint8Array(0)) : undefined),
      );
    },

    async info(path) {
      return await call<BlobInfo | undefined>(
        `look at "${path}" in`,
        SHORT_MS,
        async (abortSignal) => {
          const properties = await blob(path).getProperties({ abortSignal });
          return infoOf(path, properties.contentLength, properties.metadata);
        },
        (code) => (code === "BlobNotFound" ? ok(undefined) : undefined),
      );
    },

    async list(prefix, next) {
      return await call(`list "${prefix}" in`, READ_MS, async (abortSignal) => {
        const pages = door
          .client()
          .listBlobsFlat({ prefix, includeMetadata: true, abortSignal })
          .byPage({ maxPageSize: PAGE, ...(next === undefined ? {} : { continuationToken: next }) });
        const page = await pages.next();
        if (page.done === true) return { blobs: [] };
        const blobs = page.value.segment.blobItems.map((item) =>
          infoOf(item.name, item.properties.contentLength, item.metadata),
        );
        const token = page.value.continuationToken;
        return token === undefined || token === "" ? { blobs } : { blobs, next: token };
      });
    },

    async delete(path) {
      return await call(
        `delete "${path}" in`,
        SHORT_MS,
        async (abortSignal) => {
          await blob(path).delete({ abortSignal, deleteSnapshots: "include" });
        },
        (code) => (code === "BlobNotFound" ? ok(undefined) : undefined),
      );
    },
  };
}
