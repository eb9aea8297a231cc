// Ids of runs and names of run folders: both end in the run's start in UTC, so that they sort by time.

const STAMP = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** `yyyyMMddTHHmmssZ` of epoch milliseconds; fractions of a second are dropped. */
export function stamp(atMs: number): string {
  return new Date(atMs)
    .toISOString()
    .replace(/\.\d{3}/, "")
    .replaceAll(/[-:]/g, "");
}

/** Epoch milliseconds of a stamp; undefined for anything that is no moment of the calendar. */
export function parseStamp(text: string): number | undefined {
  const parts = STAMP.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) || stamp(at) !== text ? undefined : at;
}

/** `{profile}-{yyyyMMddTHHmmssZ}`. */
export function runId(profile: string, startedAtMs: number): string {
  return `${profile}-${stamp(startedAtMs)}`;
}

/** `{prefix}_{yyyyMMddTHHmmssZ}`: the run's folder in the backups container. */
export function folderName(prefix: string, startedAtMs: number): string {
  return `${prefix}_${stamp(startedAtMs)}`;
}

export interface NamedMoment {
  readonly name: string;
  /** Epoch milliseconds, whole seconds. */
  readonly at: number;
}

/** Profile and start of a run id; undefined when it is none. */
export function parseRunId(id: string): NamedMoment | undefined {
  const moment = parse(id, "-");
  return moment !== undefined && /^[a-z0-9-]{1,40}$/.test(moment.name) ? moment : undefined;
}

/** Prefix and start of a run folder, also of a numbered one (`..._2`: its name was taken); undefined when it is none. */
export function parseRunFolder(folder: string): NamedMoment | undefined {
  return parse(folder.replace(/Z_\d{1,3}$/, "Z"), "_");
}

function parse(text: string, separator: "-" | "_"): NamedMoment | undefined {
  const cut = text.lastIndexOf(separator);
  if (cut <= 0) return undefined;
  const at = parseStamp(text.slice(cut + 1));
  return at === undefined ? undefined : { name: text.slice(0, cut), at };
}
