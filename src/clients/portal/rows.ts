// The rows of a layer by its own queries (rest-api 12.2): all ids first, then windows of ids, which stay right while the
// layer is edited and never get slow as deep offsets do.
import { failed, ok, type Result } from "../../core/result.ts";
import { quoted } from "./clean.ts";
import { fieldsOf, listOf, textOf } from "../../core/fields.ts";
import { lostRead } from "./refusals.ts";
import type { Sender } from "./send.ts";
import { serviceAddress, told } from "./service-address.ts";
import type { RowWindow, ServiceCalls } from "./service-calls.ts";

/** Bytes of one window. Parsed, they take several times as much memory. */
const LARGEST_WINDOW = 32 * 1024 * 1024;
const NAME = /^[\p{L}_][\p{L}\p{N}_.]*$/u;
const NEXT = "Open the layer on the portal's web site and look at its table";

export function rows(sender: Sender): Pick<ServiceCalls, "objectIds" | "rows"> {
  return {
    objectIds: async (serviceUrl, layerId) => {
      const action = `list the object ids of layer ${layerId} of ${told(serviceUrl)}`;
      const at = serviceAddress(serviceUrl, `/${layerId}/query`, action);
      if (!at.ok) return at;
      const params = { where: "1=1", returnIdsOnly: "true" };
      const reply = await sender.json({ action, at: at.value, method: "POST", params });
      if (!reply.ok) return lostRead(reply);
      const value = reply.value.value;
      const bad = (what: string): Result<never> => failed("portal-error", `Cannot ${action}: ${what}`, NEXT);
      const field = textOf(value, "objectIdFieldName");
      if (field === undefined || !NAME.test(field)) return bad("the answer names no field of object ids");
      if (value["exceededTransferLimit"] === true) return bad("the answer holds only a part of them");
      // An empty layer answers null.
      const ids = value["objectIds"] === null ? [] : listOf(value, "objectIds");
      if (ids === undefined) return bad("the answer holds no ids");
      if (!ids.every((id) => Number.isSafeInteger(id))) return bad("the answer holds what is no object id");
      return ok({ field, ids: [...new Set(ids as readonly number[])].sort((a, b) => a - b) });
    },
    rows: async (serviceUrl, layerId, window) => {
      const action = `read rows ${window.from} to ${window.to} of layer ${layerId} of ${told(serviceUrl)}`;
      if (!NAME.test(window.field)) {
        return failed("bad-input", `Cannot ${action}: ${quoted(window.field)} is no name of a field`, NEXT);
      }
      const at = serviceAddress(serviceUrl, `/${layerId}/query`, action);
      if (!at.ok) return at;
      const reply = await sender.json({
        action,
        at: at.value,
        method: "POST",
        params: queryOf(window),
        // A row that cannot be read fails each time, and the caller searches for it by halves.
        repeat500: 1,
        mostBytes: LARGEST_WINDOW,
      });
      if (!reply.ok) return lostRead(reply);
      const { value } = reply.value;
      const features = listOf(value, "features");
      if (features === undefined) {
        return failed("portal-error", `Cannot ${action}: the answer holds no rows`, NEXT);
      }
      const exceeded = [value, fieldsOf(value, "properties")].some(
        (one) => one["exceededTransferLimit"] === true,
      );
      return ok({ ...reply.value, features: features.length, exceeded });
    },
  };
}

function queryOf({ field, from, to }: RowWindow): Record<string, string> {
  return {
    where: `${field} >= ${from} AND ${field} <= ${to}`,
    outFields: "*",
    returnGeometry: "true",
    returnZ: "true",
    returnM: "true",
    returnTrueCurves: "true",
    orderByFields: field,
  };
}
