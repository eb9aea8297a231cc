// The bytes of an item: data, resources, thumbnail, metadata; and the object storage behind the redirects.
import { createHash } from "node:crypto";
import { bytes, html, json, noPermission, nothing, PortalError, redirect, type Answer } from "../answer.ts";
import { paged, type Call } from "../call.ts";
import { mayChange, readableItem } from "../item-json.ts";
import type { Route } from "../routes.ts";
import { held, type Content } from "../content.ts";
import type { Item, PortalState } from "../state.ts";

const SIGNATURE_MINUTES = 5;

const signature = (path: string, expires: string): string =>
  createHash("sha256").update(`sample signature ${path} ${expires}`).digest("hex");

/** The address in the object storage, good for some minutes. */
export function signedAddress(call: Call, path: string): string {
  const expires = String(Math.round(call.now + SIGNATURE_MINUTES * 60_000));
  return `${call.storage}${path}?X-Amz-Expires=${expires}&X-Amz-Signature=${signature(path, expires)}`;
}

function noData(answer: "empty" | "400" | "500"): Answer {
  if (answer === "empty") return nothing();
  const message = "Item does not have a file.";
  const error = new PortalError(Number(answer), message).answer();
  return answer === "500" ? { ...error, status: 500 } : error;
}

const DOWNLOAD_PAGE =
  "<html><head><script>window.location.replace(document.getElementById('go').href)</script></head><body><a id='go'>Download</a></body></html>";

function data(call: Call): Answer {
  const item = readableItem(call, call.at["id"] ?? "");
  const { data: stored } = item;
  if (stored.kind === "none") return noData(stored.answer);
  if (stored.kind === "json") return { ...bytes(stored.content, "text/plain;charset=utf-8") };
  const wantsJson = call.params.has("f") || String(call.headers.accept ?? "").includes("json");
  if (stored.picky === true && wantsJson) return html(DOWNLOAD_PAGE);
  // Enterprise has no object storage: the portal streams the file, whole.
  if (call.state.org.isPortal) return fileOf(item, stored.content);
  const path = `/storage/${call.state.org.id}/${item.id}/${encodeURIComponent(item.fields.name ?? "data")}`;
  return redirect(signedAddress(call, path));
}

/** Object storage: wants the signature and no sign of a token, and serves ranges. */
export function stored(
  state: PortalState,
  url: URL,
  headers: Readonly<Record<string, unknown>>,
  now: number,
): Answer {
  const xml = (status: number, code: string): Answer => ({
    ...html(`<Error><Code>${code}</Code></Error>`, status),
    headers: { "content-type": "application/xml" },
  });
  if (
    headers["authorization"] !== undefined ||
    headers["x-esri-authorization"] !== undefined ||
    url.searchParams.has("token")
  ) {
    return xml(400, "InvalidArgument");
  }
  const expires = url.searchParams.get("X-Amz-Expires") ?? "";
  if (url.searchParams.get("X-Amz-Signature") !== signature(url.pathname, expires) || Number(expires) < now) {
    return xml(403, "AccessDenied");
  }
  const job = state.tileJobs.get(url.pathname.split("/")[3] ?? "");
  if (job !== undefined) return { ...bytes(held(job.whole), "binary/octet-stream"), ranges: true };
  const item = state.items.get(url.pathname.split("/")[3] ?? "");
  if (item?.data.kind !== "file") return xml(404, "NoSuchKey");
  return { ...fileOf(item, item.data.content), ranges: true };
}

function fileOf(item: Item, content: Content): Answer {
  const name = encodeURIComponent(item.fields.name ?? "data");
  const disposition = `attachment; filename*=UTF-8''${name}`;
  return bytes(content, "binary/octet-stream", { "content-disposition": disposition });
}

function resources(call: Call): Answer {
  const item = readableItem(call, call.at["id"] ?? "");
  const { page, ...paging } = paged(call, item.resources);
  const list = page.map(({ name, created, content, access }) => ({
    resource: name,
    created,
    size: content.size,
    access,
  }));
  return json({ ...paging, resources: list });
}

const TYPES: Record<string, string> = {
  json: "text/plain;charset=utf-8",
  png: "image/png",
  jpg: "image/jpeg",
  mp4: "video/mp4",
};

function resource(call: Call): Answer {
  const item = readableItem(call, call.at["id"] ?? "");
  const found = item.resources.find(({ name }) => name === call.at["name"]);
  if (found === undefined)
    throw new PortalError(404, "Resource does not exist or is inaccessible.", "CONT_0004");
  if (found.access === "private" && !mayChange(call.caller, item, "portal:admin:viewItems"))
    throw noPermission();
  const type = TYPES[found.name.slice(found.name.lastIndexOf(".") + 1).toLowerCase()];
  return bytes(found.content, type ?? "application/octet-stream");
}

function info(call: Call): Answer {
  const item = readableItem(call, call.at["id"] ?? "");
  const name = call.at["name"] ?? "";
  if (name === "thumbnail/ago_downloaded.png" && item.thumbnail !== null)
    return bytes(item.thumbnail, "image/png");
  if (name === "metadata/metadata.xml" && item.metadata !== null) return bytes(item.metadata, "text/xml");
  // Absence is told as 400 or, of one item in eight, as 500, which a client asks for again: each time with HTTP 200.
  const code = Number.parseInt(item.id.slice(0, 1), 16) % 8 === 0 ? 500 : 400;
  throw new PortalError(code, `Unable to find ${name.split("/")[0] ?? "file"}.`, undefined, null);
}

export const dataRoutes: readonly Route[] = [
  { method: "ANY", path: "/sharing/rest/content/items/:id/data", form: "raw", answer: data },
  { method: "ANY", path: "/sharing/rest/content/items/:id/resources", form: "json", answer: resources },
  { method: "ANY", path: "/sharing/rest/content/items/:id/resources/*name", form: "raw", answer: resource },
  { method: "ANY", path: "/sharing/rest/content/items/:id/info/*name", form: "raw", answer: info },
];
