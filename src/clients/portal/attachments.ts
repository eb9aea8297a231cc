// Attachments of a layer (rest-api 12.3): listed for many features by one question, or feature by feature where the layer
// has no such question. A list that says it is cut is asked for again by halves, because servers page by different things.
import { failed, ok, type Result } from "../../core/result.ts";
import type { Reply } from "./answer.ts";
import { isFields, listOf, numberOf, textOf, type Fields } from "../../core/fields.ts";
import type { JsonReply } from "./portal.ts";
import { lostRead } from "./refusals.ts";
import type { Sender } from "./send.ts";
import { serviceAddress, told } from "./service-address.ts";
import type { AttachmentInfo, ServiceCalls } from "./service-calls.ts";

/** Features in one question. */
const FEATURES = 200;
/** Features that are asked for one by one at the same time. */
const WIDTH = 4;
const NEXT = "Open an attachment of the layer on the portal's web site";

type Infos = Result<readonly AttachmentInfo[]>;

export function attachments(sender: Sender): Pick<ServiceCalls, "attachments" | "attachment"> {
  return {
    attachments: async (serviceUrl, layerId, objectIds) => {
      const action = `list attachments of layer ${layerId} of ${told(serviceUrl)}`;
      const layer = serviceAddress(serviceUrl, `/${layerId}`, action);
      if (!layer.ok) return layer;
      const all: AttachmentInfo[] = [];
      const asked = { sender, layer: layer.value, action };
      let together = true;
      for (let start = 0; start < objectIds.length; start += FEATURES) {
        const some = objectIds.slice(start, start + FEATURES);
        let found: Infos | "one by one" = together ? await ofMany(asked, some) : "one by one";
        if (found === "one by one") {
          together = false;
          found = await oneByOne(asked, some);
        }
        if (!found.ok) return found;
        all.push(...found.value);
      }
      return ok(all);
    },
    attachment: async (serviceUrl, layerId, objectId, attachmentId) => {
      const action = `read attachment ${attachmentId} of row ${objectId} of layer ${layerId} of ${told(serviceUrl)}`;
      const at = serviceAddress(serviceUrl, `/${layerId}/${objectId}/attachments/${attachmentId}`, action);
      if (!at.ok) return at;
      const reply = await sender.open({ action, at: at.value, repeat500: 1 }, "any");
      return reply.ok ? reply : lostRead(reply);
    },
  };
}

interface Asked {
  readonly sender: Sender;
  /** Address of the layer. */
  readonly layer: URL;
  readonly action: string;
}

async function ofMany(asked: Asked, objectIds: readonly number[]): Promise<Infos | "one by one"> {
  const { sender, layer, action } = asked;
  const at = new URL(`${layer.href}/queryAttachments`);
  const params = { objectIds: objectIds.join(",") };
  const reply = await sender.json({ action, at, method: "POST", params });
  if (!reply.ok) return offersNone(reply) ? "one by one" : lostRead(reply);
  const { value } = reply.value;
  const groups = listOf(value, "attachmentGroups");
  if (groups === undefined) return "one by one";
  if (value["exceededTransferLimit"] === true) {
    if (objectIds.length === 1) return "one by one";
    const half = Math.ceil(objectIds.length / 2);
    return joined(asked, [objectIds.slice(0, half), objectIds.slice(half)]);
  }
  const wanted = new Set(objectIds);
  const all: AttachmentInfo[] = [];
  for (const group of groups) {
    const objectId = isFields(group) ? numberOf(group, "parentObjectId") : undefined;
    if (!isFields(group) || objectId === undefined) return unreadable(action);
    if (!wanted.has(objectId)) continue;
    const infos = infosOf(group, objectId, action);
    if (!infos.ok) return infos;
    all.push(...infos.value);
  }
  return ok(all);
}

async function joined(asked: Asked, halves: readonly (readonly number[])[]): Promise<Infos> {
  const all: AttachmentInfo[] = [];
  for (const half of halves) {
    const many = await ofMany(asked, half);
    const found = many === "one by one" ? await oneByOne(asked, half) : many;
    if (!found.ok) return found;
    all.push(...found.value);
  }
  return ok(all);
}

async function oneByOne({ sender, layer, action }: Asked, objectIds: readonly number[]): Promise<Infos> {
  const all: AttachmentInfo[] = [];
  for (let start = 0; start < objectIds.length; start += WIDTH) {
    const some = objectIds.slice(start, start + WIDTH);
    const found = await Promise.all(
      some.map(async (objectId): Promise<Infos> => {
        const reply = await sender.json({ action, at: new URL(`${layer.href}/${objectId}/attachments`) });
        return reply.ok ? infosOf(reply.value.value, objectId, action) : lostRead(reply);
      }),
    );
    for (const one of found) {
      if (!one.ok) return one;
      all.push(...one.value);
    }
  }
  return ok(all);
}

function infosOf(value: Fields, objectId: number, action: string): Infos {
  const infos: AttachmentInfo[] = [];
  for (const info of listOf(value, "attachmentInfos") ?? [undefined]) {
    const id = isFields(info) ? numberOf(info, "id") : undefined;
    if (!isFields(info) || !Number.isSafeInteger(id) || id === undefined) return unreadable(action);
    const name = textOf(info, "name") ?? "";
    const contentType = textOf(info, "contentType") ?? "";
    infos.push({ objectId, id, name, contentType, size: numberOf(info, "size") ?? -1 });
  }
  return ok(infos);
}

function unreadable(action: string): Infos {
  return failed("portal-error", `Cannot ${action}: the answer is no list of attachments`, NEXT);
}

/** Layers without the question say so in many words, the old ones as if nobody had such an address. */
function offersNone(reply: Extract<Reply<JsonReply>, { readonly ok: false }>): boolean {
  return reply.error?.code === 400 || reply.error?.code === 404;
}
