// Calls to a hosted service itself. Its address is customer input: the sender decides by the parsed host whether the
// token goes along.
import { failed, ok, type Result } from "../../core/result.ts";
import { quoted } from "./clean.ts";
import { fieldsOf, isFields, listOf, numberOf, type Fields } from "../../core/fields.ts";
import { resultOf } from "./pages.ts";
import type { Portal } from "./portal.ts";
import type { Sender } from "./send.ts";
import { serviceAddress } from "./service-address.ts";

const ROWS = 1_000;
const MOST_PAGES = 50;

export function services(sender: Sender): Pick<Portal, "service" | "count" | "attachmentCount"> {
  const service: Portal["service"] = async (serviceUrl, suffix) => {
    const action = "read the service's description";
    const url = serviceAddress(serviceUrl, suffix, action);
    return url.ok ? resultOf(await sender.json({ action, at: url.value })) : url;
  };
  const query = async (
    serviceUrl: string,
    path: string,
    params: Record<string, string>,
  ): Promise<Result<Fields>> => {
    const action = "query the layer";
    const url = serviceAddress(serviceUrl, path, action);
    if (!url.ok) return url;
    const reply = await sender.json({ action, at: url.value, method: "POST", params });
    return reply.ok ? ok(reply.value.value) : { ok: false, failure: reply.failure };
  };
  return {
    service,
    count: async (serviceUrl, layerId) => {
      const reply = await query(serviceUrl, `/${layerId}/query`, { where: "1=1", returnCountOnly: "true" });
      if (!reply.ok) return reply;
      const count = numberOf(reply.value, "count");
      if (count !== undefined) return ok(count);
      const text = `Cannot count the rows of layer ${layerId} of ${quoted(serviceUrl)}: the answer holds no count`;
      return failed("portal-error", text, "Open the layer on the portal's web site and look at its table");
    },
    attachmentCount: async (serviceUrl, layerId) => {
      const layer = await service(serviceUrl, `/${layerId}`);
      if (!layer.ok) return layer;
      if (layer.value.value["hasAttachments"] !== true) return ok(0);
      const can = fieldsOf(layer.value.value, "advancedQueryCapabilities");
      const path = `/${layerId}/queryAttachments`;
      const all = { definitionExpression: "1=1" };
      if (can["supportsQueryAttachmentsCountOnly"] === true) {
        return countGroups((paging) =>
          query(serviceUrl, path, { ...all, ...paging, returnCountOnly: "true" }),
        );
      }
      const supported = can["supportsQueryAttachments"] ?? layer.value.value["supportsQueryAttachments"];
      return supported === true
        ? countGroups((paging) => query(serviceUrl, path, { ...all, ...paging }))
        : ok(undefined);
    },
  };
}

/**
 * Sums the attachments of all features, page by page; undefined when they are more than the bound or cannot be paged.
 * A count-only answer has a count per feature, or one for all of them.
 */
async function countGroups(
  ask: (paging: Record<string, string>) => Promise<Result<Fields>>,
): Promise<Result<number | undefined>> {
  let sum = 0;
  let offset = 0;
  let first = "";
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const reply = await ask(
      pages === 0 ? {} : { resultOffset: String(offset), resultRecordCount: String(ROWS) },
    );
    if (!reply.ok) return notSupported(reply) ? ok(undefined) : reply;
    const total = numberOf(reply.value, "count");
    if (total !== undefined) return ok(total);
    const groups = listOf(reply.value, "attachmentGroups")?.filter(isFields);
    if (groups === undefined) return ok(undefined);
    // A server that does not page sends its first page for ever.
    const key = JSON.stringify(groups[0] ?? null);
    if (pages > 0 && groups.length > 0 && key === first) return ok(undefined);
    if (pages === 0) first = key;
    for (const group of groups)
      sum += numberOf(group, "count") ?? listOf(group, "attachmentInfos")?.length ?? 0;
    if (reply.value["exceededTransferLimit"] !== true || groups.length === 0) return ok(sum);
    offset += groups.length;
  }
  return ok(undefined);
}

function notSupported(reply: Extract<Result<Fields>, { readonly ok: false }>): boolean {
  return reply.failure.reason === "portal-error" || reply.failure.reason === "not-found";
}
