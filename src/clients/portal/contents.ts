// The bytes of an item: its data, its resources, its thumbnail and metadata.
import { ok, type Failure } from "../../core/result.ts";
import { quoted } from "./clean.ts";
import { DownloadError, emptyDownload, readDownload } from "./download.ts";
import { saysNoFile } from "./portal-error.ts";
import type { Portal } from "./portal.ts";
import type { Sender } from "./send.ts";
import { answerOf, WireError } from "./wire-error.ts";

/** Thumbnails may have 10 MB, other info files less. */
const LARGEST_INFO = 64 * 1024 * 1024;
const ABSENT = new Set([400, 404, 500]);
/** A body that breaks is asked for again. */
const ATTEMPTS = 3;

export function contents(sender: Sender): Pick<Portal, "data" | "resource" | "info"> {
  return {
    data: async (id, expect) => {
      const ask = { action: `read the data of item ${quoted(id)}`, at: ["content", "items", id, "data"] };
      let reply = await sender.open(ask, expect === "json" ? "json" : "any");
      // Some files answer a web page when they are asked for as JSON.
      if (!reply.ok && expect === "json" && reply.failure.reason === "wrong-content") {
        reply = await sender.open(ask, "any");
      }
      if (reply.ok) return reply;
      if (reply.error !== undefined && saysNoFile(reply.error)) return ok(emptyDownload());
      return { ok: false, failure: reply.failure };
    },
    resource: async (id, name) => {
      const action = `read resource ${quoted(name)} of item ${quoted(id)}`;
      const reply = await sender.open(
        { action, at: ["content", "items", id, "resources", ...name.split("/")] },
        "any",
      );
      return reply.ok ? reply : { ok: false, failure: reply.failure };
    },
    info: async (id, name) => {
      const action = `read ${quoted(name)} of item ${quoted(id)}`;
      const at = ["content", "items", id, "info", ...name.split("/")];
      for (let attempt = 1; ; attempt += 1) {
        const reply = await sender.open({ action, at, repeat500: 1 }, "any");
        if (!reply.ok) {
          if (reply.error !== undefined && ABSENT.has(reply.error.code)) return ok(undefined);
          return { ok: false, failure: reply.failure };
        }
        try {
          const bytes = await readDownload(reply.value, LARGEST_INFO);
          return ok(bytes.byteLength === 0 ? undefined : bytes);
        } catch (error) {
          const failure = failureIn(error, action);
          if (attempt === ATTEMPTS) return { ok: false, failure };
        }
      }
    },
  };
}

function failureIn(error: unknown, action: string): Failure {
  if (error instanceof DownloadError) return error.failure;
  if (error instanceof WireError) return answerOf(error, action, "its content").failure;
  throw error;
}
