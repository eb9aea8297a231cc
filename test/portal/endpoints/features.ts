// Rows and attachments of a layer.
import { bytes, PortalError, type Answer } from "../answer.ts";
import { param, type Call } from "../call.ts";
import type { Route } from "../routes.ts";
import { works } from "../rungs.ts";
import type { Attachment, Layer, LayerRow, Service } from "../state.ts";
import { fieldsOf, layerOf, SERVICES, serviceUrl, SPATIAL_REFERENCE, usable } from "./services.ts";

const idsOf = (list: string): number[] => list.split(",").filter(Boolean).map(Number);

/** `1=1`, nothing, or comparisons of OBJECTID joined by AND. */
function where(clause: string): (row: LayerRow) => boolean {
  const parts = clause.split(/\s+AND\s+/i).map((part) => part.trim());
  const tests = parts.map((part): ((row: LayerRow) => boolean) => {
    if (part === "" || part.replace(/\s/g, "") === "1=1") return () => true;
    const [, sign = "", number = ""] = /^OBJECTID\s*(>=|<=|=|<|>)\s*(\d+)$/i.exec(part) ?? [];
    const value = Number(number);
    switch (sign) {
      case ">=":
        return (row) => row.objectId >= value;
      case "<=":
        return (row) => row.objectId <= value;
      case ">":
        return (row) => row.objectId > value;
      case "<":
        return (row) => row.objectId < value;
      case "=":
        return (row) => row.objectId === value;
      default:
        throw new PortalError(400, "Cannot perform query. Invalid query parameters.", undefined, [
          `'where' is invalid: ${part}`,
        ]);
    }
  });
  return (row) => tests.every((test) => test(row));
}

function query(call: Call): object {
  const { service } = usable(call);
  const layer = layerOf(call, service);
  const ids = idsOf(param(call, "objectIds"));
  const clause = param(call, "where");
  if (clause === "" && ids.length === 0) {
    throw new PortalError(400, "Cannot perform query. Invalid query parameters.", undefined, [
      "'where' clause is required",
    ]);
  }
  const test = where(clause);
  const rows = layer.rows.filter((row) => test(row) && (ids.length === 0 || ids.includes(row.objectId)));
  if (param(call, "returnCountOnly") === "true") return { count: rows.length };
  if (param(call, "returnIdsOnly") === "true") {
    const found = rows.map((row) => row.objectId);
    return { objectIdFieldName: "OBJECTID", objectIds: found.length === 0 ? null : found };
  }
  const corrupt = rows.some((row) => layer.corruptRows?.includes(row.objectId) === true);
  if (corrupt || !works(service, "query")) {
    throw new PortalError(400, "Cannot perform query. Invalid query parameters.", undefined, [
      "Unable to perform query operation.",
    ]);
  }
  const offset = Number(param(call, "resultOffset") || 0);
  const most = Math.min(
    Number(param(call, "resultRecordCount") || service.maxRecordCount),
    service.maxRecordCount,
  );
  const page = rows.slice(offset, offset + most);
  const geometry = param(call, "returnGeometry") !== "false" && layer.multipatch !== true;
  return {
    objectIdFieldName: "OBJECTID",
    ...(layer.geometry === undefined ? {} : { spatialReference: SPATIAL_REFERENCE }),
    fields: fieldsOf(layer),
    ...(offset + page.length < rows.length ? { exceededTransferLimit: true } : {}),
    features: page.map((row) => ({
      attributes: { OBJECTID: row.objectId, ...row.attributes },
      ...(geometry && row.geometry !== null ? { geometry: row.geometry } : {}),
    })),
  };
}

function infoOf(call: Call, service: Service, layer: Layer, attachment: Attachment): object {
  const base = `${serviceUrl(call, service)}/${layer.id}/${attachment.row}/attachments/${attachment.id}`;
  return {
    id: attachment.id,
    name: attachment.name,
    contentType: attachment.contentType,
    size: attachment.content.size,
    keywords: "",
    ...(param(call, "returnUrl") === "true" ? { url: base } : {}),
  };
}

function queryAttachments(call: Call): object {
  const { service } = usable(call);
  const layer = layerOf(call, service);
  if (!layer.hasAttachments || !layer.supportsQueryAttachments) {
    throw new PortalError(400, "This operation is not supported.", undefined, [""]);
  }
  const ids = idsOf(param(call, "objectIds"));
  const clause = param(call, "definitionExpression");
  if (ids.length === 0 && clause === "") {
    throw new PortalError(400, "'objectIds', 'globalIds' or 'definitionExpression' must be specified.");
  }
  const test = where(clause);
  const parents = layer.rows.filter((row) => test(row) && (ids.length === 0 || ids.includes(row.objectId)));
  const offset = Number(param(call, "resultOffset") || 0);
  const most = Math.min(
    Number(param(call, "resultRecordCount") || service.maxRecordCount),
    service.maxRecordCount,
  );
  const groups = parents
    .map((row) => ({ row, of: layer.attachments.filter((attachment) => attachment.row === row.objectId) }))
    .filter(({ of }) => of.length > 0);
  const countOnly = param(call, "returnCountOnly") === "true";
  const page = groups.slice(offset, offset + most);
  return {
    ...(offset + page.length < groups.length ? { exceededTransferLimit: true } : {}),
    attachmentGroups: page.map(({ row, of }) => ({
      parentObjectId: row.objectId,
      ...(countOnly
        ? { count: of.length }
        : { attachmentInfos: of.map((attachment) => infoOf(call, service, layer, attachment)) }),
    })),
  };
}

function ofRow(call: Call): { service: Service; layer: Layer; attachments: Attachment[] } {
  const { service } = usable(call);
  const layer = layerOf(call, service);
  if (!layer.hasAttachments) throw new PortalError(400, "This operation is not supported.", undefined, [""]);
  return {
    service,
    layer,
    attachments: layer.attachments.filter(({ row }) => String(row) === call.at["row"]),
  };
}

function listOfRow(call: Call): object {
  const { service, layer, attachments } = ofRow(call);
  return { attachmentInfos: attachments.map((attachment) => infoOf(call, service, layer, attachment)) };
}

function attachment(call: Call): Answer {
  const found = ofRow(call).attachments.find(({ id }) => String(id) === call.at["attachment"]);
  if (found === undefined) throw new PortalError(404, "Attachment not found.", undefined, []);
  if (found.unreadable === true) throw new PortalError(500, "Unable to read the attachment.");
  return bytes(found.content, found.contentType);
}

export const featureRoutes: readonly Route[] = [
  { method: "ANY", path: `${SERVICES}/:layer/query`, form: "json", answer: query },
  { method: "ANY", path: `${SERVICES}/:layer/queryAttachments`, form: "json", answer: queryAttachments },
  { method: "ANY", path: `${SERVICES}/:layer/:row/attachments`, form: "json", answer: listOfRow },
  { method: "ANY", path: `${SERVICES}/:layer/:row/attachments/:attachment`, form: "raw", answer: attachment },
];
