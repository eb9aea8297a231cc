// Hosted services of tiles: what they are, and the export of their tiles in the forms of ArcGIS Online and of Enterprise.
import { bytes, PortalError, type Answer } from "../answer.ts";
import { param, type Call } from "../call.ts";
import { held } from "../content.ts";
import type { ExportFault } from "../faults.ts";
import { tpkx, vtpk } from "../formats/packages.ts";
import { mayRead } from "../item-json.ts";
import type { Route } from "../routes.ts";
import { idOf, type TileJob, type TileService } from "../state.ts";
import { FULL_EXTENT, levelsOf, tileCount, tileInfo } from "../tiling.ts";
import { signedAddress } from "./data.ts";

const MINUTE = 60_000;
const KEPT_MINUTES = 10;
export const TILE_TYPES = ["MapServer", "VectorTileServer", "ImageServer", "SceneServer"] as const;
type Type = (typeof TILE_TYPES)[number];
const ROOT = "/:org/arcgis/rest";

/** The service, if the caller may use it; as `usable` of feature services. */
export function usableTiles(call: Call, key: string): TileService {
  const service = call.state.tileServices.get(key);
  const item = service === undefined ? undefined : call.state.items.get(service.itemId);
  if (
    service === undefined ||
    item === undefined ||
    item.binnedAt !== null ||
    call.at["org"] !== call.state.org.id
  )
    throw new PortalError(404, "Service not found", undefined, "");
  if (!mayRead(call.state, call.caller, item)) throw new PortalError(499, "Token Required", undefined, []);
  return service;
}

function description(call: Call, key: string): object {
  const service = usableTiles(call, key);
  const capabilities = service.type === "VectorTileServer" ? "TilesOnly,Tilemap" : "Map,Tilemap";
  if (service.type === "SceneServer") {
    const layers = [{ id: 0, name: service.name, layerType: "3DObject" }];
    return { currentVersion: 11.5, serviceItemId: service.itemId, serviceName: service.name, layers };
  }
  return {
    currentVersion: 11.5,
    serviceItemId: service.itemId,
    name: service.name,
    capabilities,
    singleFusedMapCache: true,
    tileInfo: tileInfo(service),
    fullExtent: FULL_EXTENT,
    initialExtent: FULL_EXTENT,
    minLOD: 0,
    maxLOD: service.maxLevel,
    exportTilesAllowed: service.exportTilesAllowed,
    maxExportTilesCount: service.maxExportTilesCount,
  };
}

/** One layer that draws the tiles; only map services have such a list. */
function layers(call: Call, key: string): object {
  const service = usableTiles(call, key);
  if (service.type !== "MapServer") throw new PortalError(404, "Invalid URL");
  return { layers: [{ id: 0, name: service.name, type: "Raster Layer" }], tables: [] };
}

/** `0-3`, `0,1,3` or both mixed; each must be a level of the cache. */
function levelsIn(call: Call, service: TileService): readonly number[] {
  const levels = param(call, "levels")
    .split(",")
    .flatMap((part) => {
      const [, from = "", to = from] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? [];
      if (from === "")
        throw new PortalError(400, "Invalid or missing input parameters.", undefined, ["levels"]);
      const last = Math.min(Number(to), service.maxLevel + 1);
      return Array.from({ length: Math.max(0, last - Number(from) + 1) }, (_, n) => Number(from) + n);
    });
  const known = levelsOf(service);
  if (levels.length === 0 || !levels.every((level) => known.includes(level)))
    throw new PortalError(400, "Invalid or missing input parameters.", undefined, [
      "levels are not in the cache",
    ]);
  return levels;
}

function start(call: Call, key: string, fault: ExportFault): object {
  const service = usableTiles(call, key);
  if (service.type === "SceneServer" || !service.exportTilesAllowed)
    throw new PortalError(400, "This operation is not supported.", undefined, [""]);
  if (param(call, "exportBy") !== "levelId" || param(call, "exportExtent") === "")
    throw new PortalError(400, "Invalid or missing input parameters.", undefined, []);
  const vector = service.type === "VectorTileServer";
  const { isPortal } = call.state.org;
  const form = param(call, isPortal ? "storageFormatType" : "storageFormat");
  const packaged = param(call, "tilePackage") === "true" && form === "esriMapCacheStorageModeCompactV2";
  if (!vector && !packaged) throw new PortalError(400, "The sample portal makes .tpkx packages only.");
  const levels = levelsIn(call, service);
  const tiles = tileCount(service, levels);
  const most = service.maxExportTilesCount;
  const tooMany =
    tiles > most
      ? `ERROR 001564: Requested tile count(${tiles}) exceeds the maximum allowed tile count(${most})`
      : null;
  // Online refuses at once, a job of Enterprise fails.
  if (tooMany !== null && !isPortal) throw new PortalError(400, tooMany);
  call.state.serial += 1;
  const made = (vector ? vtpk : tpkx)(service.name, levels, tileInfo(service));
  const job: TileJob = {
    id: `j${idOf(`tiles ${call.state.serial} ${call.now}`)}`,
    service: key,
    startedAt: call.now,
    doneAt: call.now + (fault.minutes ?? service.exportMinutes) * MINUTE,
    fails: fault.fails ?? tooMany,
    fileName: `${service.name}.${vector ? "vtpk" : "tpkx"}`,
    tiles,
    whole: fault.junk === undefined ? made : Buffer.from(fault.junk),
    readAt: call.now,
  };
  call.state.tileJobs.set(job.id, job);
  return isPortal
    ? { jobId: job.id, jobStatus: "esriJobSubmitted" }
    : { id: job.id, name: service.name, status: "success", itemId: null, jobId: job.id, message: "success" };
}

function jobOf(call: Call, id: string): TileJob {
  const job = call.state.tileJobs.get(id);
  if (job === undefined || call.now > Math.max(job.readAt, job.doneAt) + KEPT_MINUTES * MINUTE)
    throw new PortalError(404, "Job not found.", undefined, []);
  usableTiles(call, job.service);
  return job;
}

function status(call: Call): object {
  const job = jobOf(call, call.at["job"] ?? "");
  const done = call.now >= job.doneAt;
  const jobStatus = !done
    ? call.now === job.startedAt
      ? "esriJobSubmitted"
      : "esriJobExecuting"
    : job.fails === null
      ? "esriJobSucceeded"
      : "esriJobFailed";
  const succeeded = done && job.fails === null;
  if (call.state.org.isPortal) {
    const messages =
      job.fails !== null && done ? [{ type: "esriJobMessageTypeError", description: job.fails }] : [];
    const results = succeeded
      ? { results: { out_service_url: { paramUrl: "results/out_service_url" } } }
      : {};
    return { jobId: job.id, jobStatus, ...results, inputs: {}, messages };
  }
  const path = `/storage/export/${job.id}/${job.fileName}`;
  const message = done ? job.fails : null;
  return {
    jobId: job.id,
    type: "EXPORTTILES",
    jobStatus,
    message,
    estimatedNumTiles: job.tiles,
    numErrorTasks: 0,
    output: { outputUrl: succeeded ? [signedAddress(call, path)] : [], itemId: null },
  };
}

const folderOf = (call: Call, job: TileJob): string =>
  `${call.services}/rest/directories/arcgisjobs/system/cachingtools_gpserver/${job.id}/scratch`;

function resultFolder(call: Call): object {
  const value = folderOf(call, jobOf(call, call.at["job"] ?? ""));
  return { paramName: "out_service_url", dataType: "GPString", value };
}

function listing(call: Call): object {
  const job = jobOf(call, call.at["job"] ?? "");
  job.readAt = call.now;
  return { folders: [], files: [{ name: job.fileName, url: `${folderOf(call, job)}/${job.fileName}` }] };
}

function file(call: Call): Answer {
  const job = jobOf(call, call.at["job"] ?? "");
  job.readAt = call.now;
  return bytes(held(job.whole), "application/octet-stream");
}

function routesOf(type: Type, faultOf: (call: Call) => ExportFault): readonly Route[] {
  const path = `${ROOT}/services/:service/${type}`;
  const key = (call: Call): string => `${call.at["service"] ?? ""}/${type}`;
  // Each kind knows one of the two addresses of a job.
  const job = (place: string, isPortal: boolean, answer: (call: Call) => object): Route => ({
    method: "ANY",
    path: `${path}/${place}`,
    form: "json",
    answer: (call) => {
      if (call.state.org.isPortal !== isPortal) throw new PortalError(isPortal ? 400 : 404, "Invalid URL");
      return answer(call);
    },
  });
  return [
    { method: "ANY", path, form: "json", answer: (call) => description(call, key(call)) },
    { method: "ANY", path: `${path}/layers`, form: "json", answer: (call) => layers(call, key(call)) },
    {
      method: "ANY",
      path: `${path}/exportTiles`,
      form: "json",
      answer: (call) => start(call, key(call), faultOf(call)),
    },
    job("jobs/:job", false, status),
    job("exportTiles/jobs/:job", true, status),
    job("exportTiles/jobs/:job/results/out_service_url", true, resultFolder),
  ];
}

export function tileRoutes(faultOf: (call: Call) => ExportFault): readonly Route[] {
  const folder = `${ROOT}/directories/arcgisjobs/system/cachingtools_gpserver/:job/scratch`;
  return [
    ...TILE_TYPES.flatMap((type) => routesOf(type, faultOf)),
    { method: "ANY", path: folder, form: "json", answer: listing },
    { method: "ANY", path: `${folder}/:file`, form: "raw", answer: file },
  ];
}
