// Extracts of a feature service by createReplica (rest-api 12.4). Starting one has an effect and is repeated only after a
// certain refusal.
import { failed, ok, type Result } from "../../core/result.ts";
import { fieldsOf, textOf, type Fields } from "../../core/fields.ts";
import { lostRead, lostStart } from "./refusals.ts";
import type { Sender } from "./send.ts";
import { answeredAddress, asJson, serviceAddress, told } from "./service-address.ts";
import type { ReplicaState, ServiceCalls } from "./service-calls.ts";

const NEXT = "Export the layer once on its item page and look whether that succeeds";

export function replicas(
  sender: Sender,
  clean: (text: string) => string,
): Pick<ServiceCalls, "startReplica" | "replicaStatus"> {
  return {
    startReplica: async (serviceUrl, start) => {
      const action = `extract the layers of ${told(serviceUrl)}`;
      const at = serviceAddress(serviceUrl, "/createReplica", action);
      if (!at.ok) return at;
      const all = start.layers.map((layer) => [layer, { queryOption: "all" }] as const);
      const reply = await sender.json({
        action,
        at: at.value,
        method: "POST",
        repeat: "refused-only",
        params: {
          replicaName: start.name,
          layers: start.layers.join(","),
          layerQueries: JSON.stringify(Object.fromEntries(all)),
          returnAttachments: String(start.attachments),
          returnAttachmentsDataByUrl: "true",
          attachmentsSyncDirection: start.attachments ? "bidirectional" : "none",
          syncDirection: "download",
          syncModel: "none",
          targetType: "client",
          async: "true",
          transportType: "esriTransportTypeUrl",
          dataFormat: start.format,
        },
      });
      if (!reply.ok) return lostStart(reply);
      const value = reply.value.value;
      const status = addressIn(value, ["statusUrl", "statusURL"], action);
      if (!status.ok) return status;
      if (status.value !== undefined) return ok({ statusUrl: status.value });
      const result = addressIn(value, ["resultUrl", "responseUrl", "URL", "url"], action);
      if (!result.ok) return result;
      if (result.value !== undefined) return ok({ resultUrl: result.value });
      return failed("export-failed", `Cannot ${action}: the answer names no job and no file`, NEXT);
    },
    replicaStatus: async (statusUrl) => {
      const action = "read the status of an extract";
      const url = answeredAddress(statusUrl, action);
      if (!url.ok) return url;
      const reply = await sender.json({ action, ...asJson(url.value), jobStatus: true });
      if (!reply.ok) return lostRead(reply);
      return stateOf(reply.value.value, action, clean);
    },
  };
}

function stateOf(value: Fields, action: string, clean: (text: string) => string): Result<ReplicaState> {
  const result = addressIn(value, ["resultUrl", "responseUrl", "URL"], action);
  if (!result.ok) return result;
  const status = textOf(value, "status")?.toLowerCase().replaceAll(/\s/g, "");
  if (status === undefined && result.value === undefined) {
    const next = "Start the backup again; if it stays, report the portal's version";
    return failed("portal-error", `Cannot ${action}: the answer tells no status`, next);
  }
  const resultUrl = result.value === undefined ? {} : { resultUrl: result.value };
  const message = clean(wordsOf(value));
  if (status === undefined || status === "completed") {
    return result.value === undefined
      ? ok({ state: "failed", message: message === "" ? "it completed without a file" : message })
      : ok({ state: "completed", message, ...resultUrl });
  }
  const lost = /^(completedwitherrors|fail|cancel|timedout|error)/.test(status);
  if (!lost) return ok({ state: "working", message });
  return ok({ state: "failed", message: message === "" ? clean(status) : message, ...resultUrl });
}

function wordsOf(value: Fields): string {
  const error = fieldsOf(value, "error");
  const words = [
    textOf(value, "statusMessage") ?? textOf(value, "message"),
    textOf(error, "message") ?? textOf(error, "description"),
  ];
  return words.filter((word) => word !== undefined).join(" ");
}

/** The first address under these names; one that is no address is refused, an absent one is undefined. */
function addressIn(value: Fields, names: readonly string[], action: string): Result<string | undefined> {
  const written = names.map((name) => textOf(value, name)).find((text) => text !== undefined);
  if (written === undefined) return ok(undefined);
  const url = answeredAddress(written, action);
  return url.ok ? ok(url.value.href) : url;
}
