// A store in memory that keeps the same contract as the real one (test/clients/store/contract.ts runs over both).
import { createHash, randomUUID } from "node:crypto";
import type { BlobInfo, Store } from "../src/clients/store/store.ts";
import { failed, ok } from "../src/core/result.ts";

interface Kept {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** `blobs` may be shared by several stores: then they are one container seen twice. */
export function memoryStore(name = "memory", blobs = new Map<string, Kept>()): Store {
  const keep = (path: string, bytes: Uint8Array, metadata: Readonly<Record<string, string>> = {}): void => {
    blobs.set(path, { bytes: Uint8Array.from(bytes), etag: randomUUID(), metadata });
  };
  const infoOf = (path: string, kept: Kept): BlobInfo => ({
    path,
    sizeBytes: kept.bytes.length,
    metadata: kept.metadata,
  });
  return {
    name,
    async ready() {
      return ok(undefined);
    },
    async put(path, content, options = {}) {
      const { when } = options;
      if (when === "absent" && blobs.has(path)) return ok("exists");
      if (typeof when === "object" && blobs.get(path)?.etag !== when.etag) return ok("changed");
      keep(path, typeof content === "string" ? Buffer.from(content) : content, options.metadata);
      return ok("written");
    },
    async get(path) {
      const kept = blobs.get(path);
      return ok(kept === undefined ? undefined : { bytes: Uint8Array.from(kept.bytes), etag: kept.etag });
    },
    async range(path, offset, length) {
      const kept = blobs.get(path);
      if (kept === undefined)
        return failed("storage-refused", `Cannot read "${path}": nothing lies there`, "Look");
      return ok(kept.bytes.slice(offset, offset + length));
    },
    async info(path) {
      const kept = blobs.get(path);
      return ok(kept === undefined ? undefined : infoOf(path, kept));
    },
    async list(prefix, next) {
      const paths = [...blobs.keys()].filter((path) => path.startsWith(prefix) && path > (next ?? "")).sort();
      const page = paths.slice(0, 5_000);
      const last = page.at(-1);
      const found = page.flatMap((path) => {
        const kept = blobs.get(path);
        return kept === undefined ? [] : [infoOf(path, kept)];
      });
      return ok(
        last !== undefined && paths.length > page.length ? { blobs: found, next: last } : { blobs: found },
      );
    },
    async putStream(path, body, beforeCommit) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(Uint8Array.from(chunk));
      const bytes = Buffer.concat(chunks);
      const blob = { sizeBytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
      const allowed = await beforeCommit(blob);
      if (!allowed.ok) return allowed;
      if (blobs.has(path)) return ok({ written: "exists", blob });
      keep(path, bytes, { sha256: blob.sha256 });
      return ok({ written: "written", blob });
    },
    async delete(path) {
      blobs.delete(path);
      return ok(undefined);
    },
  };
}
