// Export jobs of the portal. Starting one has an effect and is repeated only after a certain refusal.
import { failed, ok } from "../../core/result.ts";
import { quoted } from "./clean.ts";
import { portalError } from "./portal-error.ts";
import { textOf } from "../../core/fields.ts";
import type { Portal } from "./portal.ts";
import { lostStart } from "./refusals.ts";
import type { Sender } from "./send.ts";

export function exportJobs(
  sender: Sender,
  clean: (text: string) => string,
): Pick<Portal, "startExport" | "exportStatus"> {
  return {
    startExport: async (start) => {
      const action = `export item ${quoted(start.itemId)} into the content of ${quoted(start.user)}`;
      const reply = await sender.json({
        action,
        at: ["content", "users", start.user, "export"],
        method: "POST",
        params: {
          itemId: start.itemId,
          title: start.title,
          tags: start.tag,
          exportFormat: start.format,
          // Without them, which is the rule, all layers and tables are exported.
          ...(start.layers === undefined
            ? {}
            : { exportParameters: JSON.stringify({ layers: start.layers.map((id) => ({ id })) }) }),
        },
        repeat: "refused-only",
      });
      if (!reply.ok) return lostStart(reply);
      const exportItemId = textOf(reply.value.value, "exportItemId");
      const jobId = textOf(reply.value.value, "jobId");
      if (exportItemId !== undefined && jobId !== undefined) return ok({ exportItemId, jobId });
      const text = `Cannot ${action}: the answer names no ${exportItemId === undefined ? "export item" : "job"}`;
      return failed(
        "export-failed",
        text,
        "Export the layer once on its item page and look whether that succeeds",
      );
    },
    exportStatus: async (owner, job) => {
      const reply = await sender.json({
        action: `read the status of export item ${quoted(job.exportItemId)}`,
        at: ["content", "users", owner, "items", job.exportItemId, "status"],
        params: { jobType: "export", jobId: job.jobId },
        jobStatus: true,
      });
      if (!reply.ok) return { ok: false, failure: reply.failure };
      const value = reply.value.value;
      // A failed job tells its reason in its message, sometimes as JSON inside the text.
      const message = portalError(value, false)?.message ?? textOf(value, "statusMessage") ?? "";
      return ok({ status: (textOf(value, "status") ?? "").toLowerCase(), message: clean(message) });
    },
  };
}
