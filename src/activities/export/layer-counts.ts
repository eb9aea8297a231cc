// The layers and tables of a service that hold rows, and how many rows and attachments it counts at one moment.
import type { LadderLayer } from "../../core/ladder.ts";
import type { RunAtWork } from "../run/context.ts";

/** null = the service did not tell. */
export interface LayerCounts {
  readonly id: number;
  readonly name: string;
  readonly rows: number | null;
  readonly attachments: number | null;
}

export interface ServiceLayers {
  /** Empty when the service's description cannot be read. */
  readonly layers: readonly LadderLayer[];
  readonly counts: readonly LayerCounts[];
}

/** Counts the layers and tables that hold rows; `only` some of them where their ids are given. */
export async function countLayers(
  run: RunAtWork,
  serviceUrl: string,
  only?: readonly number[],
): Promise<ServiceLayers> {
  const reply = await run.portal.service(serviceUrl, "/layers");
  if (!reply.ok) return { layers: [], counts: [] };
  const layers = layersOf(reply.value.value).filter(({ id }) => only?.includes(id) ?? true);
  const counts: LayerCounts[] = [];
  for (const layer of layers) {
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
  return { layers, counts };
}

function layersOf(value: Record<string, unknown>): readonly LadderLayer[] {
  const entries = [value["layers"], value["tables"]].flatMap((list) =>
    Array.isArray(list) ? (list as readonly unknown[]) : [],
  );
  return entries.flatMap((entry) => {
    if (typeof entry !== "object" || entry === null) return [];
    const { id, name, type, hasAttachments, geometryType, relationships } = entry as Record<string, unknown>;
    // A group layer is a heading; it holds no rows.
    if (typeof id !== "number" || type === "Group Layer") return [];
    return [
      {
        id,
        name: typeof name === "string" ? name : "",
        hasAttachments: hasAttachments === true,
        isMultipatch: geometryType === "esriGeometryMultiPatch",
        hasRelations: Array.isArray(relationships) && relationships.length > 0,
      },
    ];
  });
}
