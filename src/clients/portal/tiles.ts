// Tile packages by exportTiles (rest-api 11.1, 11.2): the start, the job, and its files in the forms of ArcGIS Online and of
// Enterprise. Starting a job has an effect and is repeated only after a certain refusal.
import { failed, ok, type Result } from "../../core/result.ts";
import { quoted } from "./clean.ts";
import { fieldsOf, isFields, listOf, textOf, type Fields } from "../../core/fields.ts";
import { lostRead, lostStart } from "./refusals.ts";
import type { Sender } from "./send.ts";
import { answeredAddress, asJson, fileNameIn, serviceAddress, told } from "./service-address.ts";
import type { ServiceCalls, ServiceFile, TileJob } from "./service-calls.ts";

const STORAGE = "esriMapCacheStorageModeCompactV2";
const PACKAGE = /\.(tpkx?|vtpk|zip)$/i;
/** Where jobs lie: as documented, and as the Python client asks. */
const JOBS = ["/jobs", "/exportTiles/jobs"] as const;
/** Services whose job address is remembered. */
const MOST_REMEMBERED = 1_000;

export function tiles(
  sender: Sender,
  clean: (text: string) => string,
): Pick<ServiceCalls, "startTiles" | "tileJob"> {
  const known = new Map<string, (typeof JOBS)[number]>();
  const remember = (serviceUrl: string, jobs: (typeof JOBS)[number]): void => {
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(serviceUrl, jobs);
  };
  return {
    startTiles: async (serviceUrl, start) => {
      const action = `export the tiles of ${told(serviceUrl)}`;
      const at = serviceAddress(serviceUrl, "/exportTiles", action);
      if (!at.ok) return at;
      const reply = await sender.json({
        action,
        at: at.value,
        method: "POST",
        repeat: "refused-only",
        params: {
          tilePackage: "true",
          exportBy: "levelId",
          levels: start.levels,
          exportExtent: "DEFAULT",
          optimizeTilesForSize: "false",
          // One name is Enterprise's, the other one the clients'. Vector tiles have one form only.
          ...(start.format === "tpkx" ? { storageFormatType: STORAGE, storageFormat: STORAGE } : {}),
        },
      });
      if (!reply.ok) return lostStart(reply);
      const jobId = textOf(reply.value.value, "jobId");
      const itemId = textOf(reply.value.value, "itemId");
      if (jobId !== undefined) return ok({ jobId, ...(itemId === undefined ? {} : { itemId }) });
      const next = "Export the tiles once in ArcGIS Pro and look whether that succeeds";
      return failed("export-failed", `Cannot ${action}: the answer names no job`, next);
    },
    tileJob: async (serviceUrl, jobId) => {
      const action = `read tile job ${quoted(jobId)} of ${told(serviceUrl)}`;
      const first = known.get(serviceUrl);
      for (const jobs of first === undefined ? JOBS : [first]) {
        const job = serviceAddress(serviceUrl, `${jobs}/${encodeURIComponent(jobId.toWellFormed())}`, action);
        if (!job.ok) return job;
        const reply = await sender.json({ action, at: job.value, jobStatus: true });
        if (reply.ok) {
          remember(serviceUrl, jobs);
          return jobOf(reply.value.value, { sender, job: job.value, action, clean });
        }
        const unknown = reply.error?.code === 400 || reply.error?.code === 404;
        if (!unknown) return lostRead(reply);
        if (jobs === (first ?? JOBS[1]))
          return { ok: false, failure: { ...reply.failure, reason: "not-found" } };
      }
      return failed("program-error", `Cannot ${action}: no address was asked`, "Report this");
    },
  };
}

interface Asked {
  readonly sender: Sender;
  readonly job: URL;
  readonly action: string;
  readonly clean: (text: string) => string;
}

async function jobOf(value: Fields, asked: Asked): Promise<Result<TileJob>> {
  const status = (textOf(value, "jobStatus") ?? textOf(value, "status") ?? "").toLowerCase();
  const message = asked.clean(wordsOf(value));
  if (/failed|cancell|timedout|deleted/.test(status)) {
    return ok({ state: "failed", message: message === "" ? asked.clean(status) : message, files: [] });
  }
  if (!status.endsWith("succeeded")) return ok({ state: "working", message, files: [] });
  const output = fieldsOf(value, "output");
  const itemId = textOf(output, "itemId");
  const made = itemId === undefined ? {} : { itemId };
  const files = await filesOf(value, output, asked);
  if (!files.ok) return files;
  if (files.value.length > 0 || itemId !== undefined) {
    return ok({ state: "succeeded", message, files: files.value, ...made });
  }
  const nothing = "the job succeeded and made no file";
  return ok({ state: "failed", message: message === "" ? nothing : `${nothing}: ${message}`, files: [] });
}

async function filesOf(value: Fields, output: Fields, asked: Asked): Promise<Result<readonly ServiceFile[]>> {
  const url = output["outputUrl"];
  const written = (Array.isArray(url) ? (url as readonly unknown[]) : [url]).filter(
    (one) => typeof one === "string" && one !== "",
  ) as string[];
  if (written.length > 0) return filesAt(written, asked.action);
  if (!isFields(fieldsOf(value, "results")["out_service_url"])) return ok([]);
  return filesInFolder(asked);
}

function filesAt(written: readonly string[], action: string): Result<readonly ServiceFile[]> {
  const files: ServiceFile[] = [];
  for (const one of written) {
    const url = answeredAddress(one, action);
    if (!url.ok) return url;
    files.push({ name: fileNameIn(url.value), url: url.value.href });
  }
  return ok(files);
}

/** Enterprise: the job's result is the address of a folder, whose listing names the files. */
async function filesInFolder({ sender, job, action }: Asked): Promise<Result<readonly ServiceFile[]>> {
  const at = new URL(`${job.href}/results/out_service_url`);
  const result = await sender.json({ action, at });
  if (!result.ok) return lostRead(result);
  const inside = result.value.value["value"];
  const written = typeof inside === "string" ? inside : isFields(inside) ? textOf(inside, "url") : undefined;
  const folder = answeredAddress(written ?? "", action);
  if (!folder.ok) return folder;
  if (PACKAGE.test(folder.value.pathname)) return filesAt([folder.value.href], action);
  const listing = await sender.json({ action, ...asJson(folder.value) });
  if (!listing.ok) return lostRead(listing);
  const base = new URL(`${folder.value.origin}${folder.value.pathname.replace(/\/+$/, "")}/`);
  const files: ServiceFile[] = [];
  for (const file of listOf(listing.value.value, "files")?.filter(isFields) ?? []) {
    const name = textOf(file, "name");
    const place =
      textOf(file, "url") ?? (name === undefined ? undefined : encodeURIComponent(name.toWellFormed()));
    if (place === undefined) continue;
    const url = answeredAddress(place, action, base);
    if (!url.ok) return url;
    files.push({ name: name?.split(/[/\\]/).at(-1) ?? fileNameIn(url.value), url: url.value.href });
  }
  const packages = files.filter(({ name }) => PACKAGE.test(name));
  return ok(packages.length > 0 ? packages : files);
}

/** Online tells one message, Enterprise a list of them, in which the errors count most. */
function wordsOf(value: Fields): string {
  const entries = listOf(value, "messages")?.filter(isFields) ?? [];
  const errors = entries.filter((entry) => /error/i.test(textOf(entry, "type") ?? ""));
  const told = (errors.length > 0 ? errors : entries.slice(-1)).map((entry) => textOf(entry, "description"));
  const words = [textOf(value, "message"), ...told].filter((word) => word !== undefined);
  return [...new Set(words)].join(" ");
}
