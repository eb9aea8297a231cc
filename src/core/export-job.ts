// When an export is done. A job's status is a hint: it may say completed before the file is whole, answer errors while the
// job goes on, or vanish. The bytes decide, and errors only lengthen the waiting, up to the hard limit.
import type { Failure, FailureReason } from "./result.ts";
import { failed } from "./result.ts";

const POLL_LEAST_S = 15;
const POLL_MOST_S = 300;
const MEBIBYTE = 1024 * 1024;

/**
 * Seconds to the next look: as long as the export has lasted so far, 15 at least and 300 at most. A large source (bytes, -1 =
 * unknown) is first looked at later.
 */
export function nextPollSeconds(elapsedMs: number, sourceBytes: number): number {
  const least = sourceBytes > 1024 * MEBIBYTE ? 120 : sourceBytes > 64 * MEBIBYTE ? 45 : POLL_LEAST_S;
  return Math.min(POLL_MOST_S, Math.max(least, Math.round(elapsedMs / 1000)));
}

/** The temporary item as one look found it. `sizeBytes` -1 = not told. */
export interface ExportItemLook {
  readonly sizeBytes: number;
  readonly name: string | null;
}

type Told<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Pick<Failure, "reason" | "text"> };

export interface ExportLook {
  /** Title of the exported item, for messages. */
  readonly title: string;
  /** `status` lower-cased. */
  readonly status: Told<{ readonly status: string; readonly message: string }>;
  readonly item: Told<ExportItemLook>;
  /** The item at the previous look; null at the first look or when it could not be read then. */
  readonly previous: ExportItemLook | null;
  /** Size at which the file was fetched and was not whole, with the number of looks since; null = not tried. */
  readonly tried: { readonly sizeBytes: number; readonly looksAgo: number } | null;
  readonly elapsedMs: number;
  /** The profile's timeout: from here on the export is overdue. */
  readonly timeoutMs: number;
  /** The end of all waiting. */
  readonly hardLimitMs: number;
}

export type ExportDecision =
  /** `overdue`: the profile's timeout is over; what the lane does about it is its affair. */
  | {
      readonly do: "wait";
      readonly why: string;
      readonly overdue: boolean;
      /** The portal says completed and only a second look is missing: that need not wait for a timer. */
      readonly soon: boolean;
    }
  /** Fetch the file now. A file that is not whole is no failure yet: look again with `tried` set. */
  | { readonly do: "save"; readonly why: string }
  | { readonly do: "failed"; readonly failure: Failure };

/** A file that was not whole is fetched again at the same size only after so many looks: it may be gigabytes. */
const LOOKS_BETWEEN_TRIES = 5;

/** A file that the portal calls completed, and that is something else each time it is fetched. */
const TRIES_OF_COMPLETED = 5;

/** A part of a file, something else, no file at all. */
const MAY_COME: ReadonlySet<FailureReason> = new Set(["truncated", "wrong-content", "export-timeout"]);

export interface BadFile {
  readonly reason: FailureReason;
  /** How often the file was fetched, this time included. */
  readonly tries: number;
  readonly saidCompleted: boolean;
  readonly elapsedMs: number;
  readonly hardLimitMs: number;
}

/**
 * What a fetched file that is no whole zip means. Completed is what the bytes say, so it may only not be whole yet; until the
 * portal says completed, what lies there may even be nothing at all.
 */
export function afterBadFile({
  reason,
  tries,
  saidCompleted,
  elapsedMs,
  hardLimitMs,
}: BadFile): "wait" | "failed" {
  if (!MAY_COME.has(reason) || elapsedMs >= hardLimitMs) return "failed";
  return reason !== "truncated" && saidCompleted && tries >= TRIES_OF_COMPLETED ? "failed" : "wait";
}

const GONE_AFTER_MS = 10 * 60_000;

/** What one look at an export means. */
export function judgeExport(look: ExportLook): ExportDecision {
  const { status, item } = look;
  if (status.ok && status.value.status === "failed") return exportFailed(look, status.value.message);
  const refused = [status, item].find((told) => !told.ok && told.failure.reason === "sign-in-refused");
  if (refused !== undefined && !refused.ok) return ended(look, "sign-in-refused", refused.failure.text);

  const ready = readiness(look);
  if (ready.isReady) return { do: "save", why: ready.why };
  if (look.elapsedMs >= look.hardLimitMs) {
    return ended(look, "export-timeout", `not finished after ${duration(look.elapsedMs)}: ${ready.why}`);
  }
  if (
    !item.ok &&
    item.failure.reason === "not-found" &&
    !status.ok &&
    status.failure.reason === "not-found"
  ) {
    // Right after the start a portal may not know its own new item yet.
    if (look.previous !== null || look.elapsedMs >= GONE_AFTER_MS)
      return exportFailed(look, "the temporary item is no longer there");
  }
  const soon = ready.soon === true;
  return { do: "wait", why: ready.why, overdue: look.elapsedMs >= look.timeoutMs, soon };
}

interface Readiness {
  readonly isReady: boolean;
  readonly why: string;
  readonly soon?: boolean;
}

function readiness(look: ExportLook): Readiness {
  const { status, item, previous, tried } = look;
  const isCompleted = status.ok && status.value.status === "completed";
  const says = status.ok
    ? `the portal says ${status.value.status === "" ? "nothing" : status.value.status}`
    : `its status cannot be read (${status.failure.text})`;
  // A status may also stay behind: once overdue, the bytes are asked whatever it says.
  if (status.ok && !isCompleted && look.elapsedMs < look.timeoutMs) return { isReady: false, why: says };
  if (!item.ok) return { isReady: false, why: `${says}, its item cannot be read (${item.failure.text})` };
  const size = item.value.sizeBytes;
  const isSteady = previous !== null && previous.sizeBytes === size && previous.name === item.value.name;
  if (!isSteady) {
    return { isReady: false, why: `${says}, the file may still grow (${bytes(size)})`, soon: isCompleted };
  }
  // Unless the portal says completed, only bytes can tell that there is a file at all.
  if (!isCompleted && size <= 0) return { isReady: false, why: `${says}, and there is no file yet` };
  if (tried !== null && tried.sizeBytes === size && tried.looksAgo < LOOKS_BETWEEN_TRIES) {
    return { isReady: false, why: `${says}, but the file was not whole (${bytes(size)})` };
  }
  return { isReady: true, why: `${says}, the file is the same in two looks (${bytes(size)})` };
}

function exportFailed(look: ExportLook, message: string): ExportDecision {
  const said = message.trim().slice(0, 300).toWellFormed();
  return ended(look, "export-failed", said === "" ? "the portal gives no reason" : said);
}

function ended(look: ExportLook, reason: keyof typeof NEXT, what: string): ExportDecision {
  const { failure } = failed(reason, `Cannot export ${JSON.stringify(look.title)}: ${what}`, NEXT[reason]);
  return { do: "failed", failure };
}

const NEXT = {
  "export-failed":
    "Open the item page and export the layer as a file geodatabase; if that fails too, republish the layer or ask Esri support",
  "export-timeout": "Raise exports.hardLimitHours in the profile, or split the layer",
  "sign-in-refused": "Check the user name and the password that the profile names",
} as const satisfies Partial<Record<FailureReason, string>>;

function duration(elapsedMs: number): string {
  const minutes = Math.round(elapsedMs / 60_000);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

function bytes(size: number): string {
  return size < 0 ? "size not told" : `${size} bytes`;
}
