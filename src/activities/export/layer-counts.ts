// Rows and attachments of a service's layers, as the service counts them at one moment.
import type { RunAtWork } from "../run/context.ts";

/** null = the service did not tell. */
export interface LayerCounts {
  readonly id: number;
  readonly name: string;
  readonly rows: number | null;
  readonly attachments: number | null;
}

interface Layer {
  readonly id: number;
  readonly name: string;
  readonly hasAttachments: boolean;
}

/** Counts every layer and table that holds rows; empty when the service's description cannot be read. */
export async function countLayers(run: RunAtWork, serviceUrl: string): Promise<readonly LayerCounts[]> {
  const reply = await run.portal.service(serviceUrl, "/layers");
  if (!reply.ok) return [];
  const counts: LayerCounts[] = [];
  for (const layer of layersOf(reply.value.value)) {
    const rows = await run.portal.count(serviceUrl, layer.id);
    const attachments = layer.hasAttachments
      ? await run.portal.attachmentCount(serviceUrl, layer.id)
      : undefined;
    counts.push({
      id: layer.id,
      name: layer.name,
      rows: rows.ok ? rows.value : null,
      attachments: attachments?.ok === true ? (attachments.value ?? null) : null,
    });
  }
  return counts;
}

function layersOf(value: Record<string, unknown>): readonly Layer[] {
  const entries = [value["layers"], value["tables"]].flatMap((list) =>
    Array.isArray(list) ? (list as readonly unknown[]) : [],
  );
  return entries.flatMap((entry) => {
    if (typeof entry !== "object" || entry === null) return [];
    const { id, name, type, hasAttachments } = entry as Record<string, unknown>;
    // A group layer is a heading; it holds no rows.
    if (typeof id !== "number" || type === "Group Layer") return [];
    return [{ id, name: typeof name === "string" ? name : "", hasAttachments: hasAttachments === true }];
  });
}
