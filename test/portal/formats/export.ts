// What an export of an item holds, by its format, and whether it can be made.
import { PortalError } from "../answer.ts";
import { param, type Call } from "../call.ts";
import type { ExportFault } from "../faults.ts";
import { exportZip } from "../fgdb/of-service.ts";
import { exported, troubleOf } from "../rungs.ts";
import type { Item, Layer, Service, TileService } from "../state.ts";
import { levelsOf, tileInfo } from "../tiling.ts";
import { csvExport } from "./csv.ts";
import { slpk, vtpk } from "./packages.ts";
import { shapefileExport } from "./shapefile.ts";

export interface Made {
  readonly whole: Uint8Array;
  readonly fails: string | null;
  /** Type of the new item, and the ending of its file. */
  readonly type: string;
  readonly ending: string;
  readonly minutes: number;
}

const notSupported = (format: string): PortalError =>
  new PortalError(400, `Export format ${format} is not supported for this item.`);

/** What an export of the item is; throws for items and formats that cannot be. */
export function madeOf(call: Call, item: Item, format: string, fault: ExportFault): Made {
  const isHosted = item.fields.typeKeywords.includes("Hosted Service");
  const layers = [...call.state.services.values()].find(({ itemId }) => itemId === item.id);
  const tiles = [...call.state.tileServices.values()].find(({ itemId }) => itemId === item.id);
  if (isHosted && layers !== undefined) return ofLayers(call, item, layers, format, fault);
  if (isHosted && tiles !== undefined) return ofTiles(tiles, format);
  throw new PortalError(400, `Item ${item.id} is not a hosted service.`);
}

function ofTiles(service: TileService, format: string): Made {
  const type = service.exportFormats.find((known) => known.toLowerCase() === format.toLowerCase());
  if (type === undefined) throw notSupported(format);
  const scene = type === "Scene Package";
  return {
    type,
    fails: null,
    minutes: service.exportMinutes,
    ending: scene ? "slpk" : "vtpk",
    whole: scene ? slpk(service.name) : vtpk(service.name, levelsOf(service), tileInfo(service)),
  };
}

function ofLayers(call: Call, item: Item, service: Service, format: string, fault: ExportFault): Made {
  const wanted = format.toLowerCase().replaceAll(" ", "");
  const layers = chosenLayers(call, service);
  const missing = { rows: fault.dropRows ?? 0, attachments: fault.dropAttachments ?? 0 };
  const rest = { minutes: service.exportMinutes, ending: "zip" };
  switch (wanted) {
    case "filegeodatabase": {
      const tracking = ["Location Tracking Service", "Location Tracking View"];
      if (item.fields.typeKeywords.some((keyword) => tracking.includes(keyword))) throw notSupported(format);
      const all = param(call, "exportParameters") === "";
      const fails = troubleOf(service, layers, all ? "whole" : "per-layer");
      return { ...rest, fails, type: "File Geodatabase", whole: exportZip(service, layers, missing) };
    }
    case "shapefile": {
      const fails = troubleOf(service, layers, "shapefile");
      return { ...rest, fails, type: "Shapefile", whole: shapefileExport(layers, missing.rows) };
    }
    case "csv": {
      const [type, ending] = layers.length === 1 ? ["CSV", "csv"] : ["CSV Collection", "zip"];
      const fails = troubleOf(service, layers, "csv");
      return { ...rest, ending, fails, type, whole: csvExport(layers, missing.rows) };
    }
    default:
      throw notSupported(format);
  }
}

function chosenLayers(call: Call, service: Service): readonly Layer[] {
  const parameters = param(call, "exportParameters");
  if (parameters === "") return exported(service);
  const parsed = JSON.parse(parameters) as { layers?: { id: number }[] };
  if (parsed.layers === undefined)
    throw new PortalError(400, "'layers' must be specified in exportParameters.");
  const ids = parsed.layers.map(({ id }) => id);
  return service.layers.filter((layer) => ids.includes(layer.id));
}
