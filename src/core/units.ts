// Numbers, sizes, durations and times as people read them. Sizes are decimal (1 GB = 1,000,000,000 bytes), times UTC.

const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const SIZES = ["kB", "MB", "GB", "TB", "PB"] as const;
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** `1,225,884` */
export function formatCount(count: number): string {
  return GROUPED.format(count);
}

/** `3 items`, `1 item`: the count and its noun; `many` is the plural where an s is not enough. */
export function formatOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `48.2 GB`; under 1,000 as `312 bytes`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return formatOf(bytes, "byte");
  let value = bytes;
  let unit: string = SIZES[0];
  for (unit of SIZES) {
    value /= 1000;
    // 999.95 would round to "1000.0" and belongs to the next unit.
    if (value < 999.95) break;
  }
  return `${value.toFixed(1)} ${unit}`;
}

/** `52 s`, `41 min`, `2 h 14 min`, `3 d 4 h`; under a second as `under 1 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return "under 1 s";
  if (ms < 2 * MINUTE) return `${String(Math.floor(ms / 1000))} s`;
  if (ms < HOUR) return `${String(Math.floor(ms / MINUTE))} min`;
  if (ms < 48 * HOUR) return pair(Math.floor(ms / HOUR), "h", Math.floor((ms % HOUR) / MINUTE), "min");
  return pair(Math.floor(ms / (24 * HOUR)), "d", Math.floor((ms % (24 * HOUR)) / HOUR), "h");
}

function pair(major: number, majorUnit: string, minor: number, minorUnit: string): string {
  return `${String(major)} ${majorUnit}${minor === 0 ? "" : ` ${String(minor)} ${minorUnit}`}`;
}

/** `2026-11-23T23:53:00.123Z`; empty for a number that is no time (a portal may send anything). */
export function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

/** `14 May 2026 02:00-04:14 UTC`, with both days when the run went past midnight. */
export function formatSpan(fromMs: number, toMs: number): string {
  const [from, to] = [formatDay(fromMs), formatDay(toMs)];
  const end = from === to ? `-${formatHour(toMs)}` : ` - ${to} ${formatHour(toMs)}`;
  return `${from} ${formatHour(fromMs)}${end} UTC`;
}

/** `14 May 2026` */
export function formatDay(ms: number): string {
  const date = new Date(ms);
  const month = 3 * date.getUTCMonth();
  return `${String(date.getUTCDate())} ${MONTHS.slice(month, month + 3)} ${String(date.getUTCFullYear())}`;
}

/** `02:00` */
export function formatHour(ms: number): string {
  return isoTime(ms).slice(11, 16);
}
