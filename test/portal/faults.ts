// Scripted trouble. "The third export answers 503, then all is well":
//   { match: { path: "/export$", nth: 3 }, answer: { status: 503 } }
import type { Item, PortalState, ServerName } from "./state.ts";

export interface FaultMatch {
  readonly method?: string;
  /** Regular expression on the decoded path without query. */
  readonly path?: string;
  /** Id of the item that the request is about: in its path, or as the parameter `itemId`. */
  readonly id?: string;
  /** Title of that item, whole. */
  readonly itemTitle?: string;
  /** Title of the item that was exported, where that item is the temporary one of an export. */
  readonly exportOf?: string;
  /** Name of a parameter that the request carries. */
  readonly param?: string;
  /** The portal itself unless said otherwise by the path; see `ServerName`. */
  readonly server?: ServerName;
  /** Signed-in user. */
  readonly user?: string;
  /** From the n-th matching request on; default the first. */
  readonly nth?: number;
  /** How many in a row; default 1. */
  readonly times?: number | "always";
}

export interface FaultAnswer {
  /** Default 200, or what the effect answered. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** An HTML page instead of the answer; true = a page with a redirecting script. */
  readonly html?: boolean | string;
  /** The portal's error form inside HTTP 200 (or `status`). */
  readonly error?: {
    readonly code?: number;
    readonly message?: string | null;
    readonly messageCode?: string;
    readonly details?: unknown;
  };
  /** Seconds, or a date that many seconds from now. */
  readonly retryAfter?: number | { readonly dateInSeconds: number };
  /** The connection is cut: before the request has an effect, or after it. */
  readonly reset?: "before" | "after";
  /**
   * Only the first bytes, or this share of them: with Content-Length of the whole and a cut connection, or cleanly as if
   * that were all.
   */
  readonly truncate?: { readonly clean?: boolean } & (
    { readonly bytes: number } | { readonly share: number }
  );
  /** Never answers: without effect, after the effect, or in the middle of the body. */
  readonly hang?: "before" | "after" | "body";
  readonly slow?: { readonly chunkBytes: number; readonly everyMs: number };
  /** Content-Length tells so many bytes more (then the connection ends) or, negative, fewer. */
  readonly lengthExtra?: number;
  /** No Content-Length. */
  readonly chunked?: boolean;
  /** `loop`: back to the same address. Else an absolute address. */
  readonly redirect?: string;
  /** The request takes effect, and this is answered instead of the result. */
  readonly effect?: boolean;
}

/**
 * How the job of a matching export request behaves. Extracts (createReplica) and tile jobs (exportTiles) heed `fails`,
 * `minutes` and `junk`, extracts the missing rows and attachments too.
 */
export interface ExportFault {
  /** Status message of a job that fails. */
  readonly fails?: string;
  readonly minutes?: number;
  /** `completed` is told so many scaled minutes before the file is whole. */
  readonly earlyMinutes?: number;
  /** `completed` is told so many scaled minutes after the file is whole. */
  readonly lateMinutes?: number;
  /** The status call answers this error while the job goes on, and after it. */
  readonly statusError?: { readonly code: number; readonly message: string };
  /** The job is unknown once it is done. */
  readonly forgotten?: boolean;
  readonly dropTags?: boolean;
  /** Owner of the new item, whatever the path says. */
  readonly owner?: string;
  /** Rows missing from the end of each table. */
  readonly dropRows?: number;
  readonly dropAttachments?: number;
  /** The file is this text instead of a zip. */
  readonly junk?: string;
  /** An extract ends as CompletedWithErrors, with its file. */
  readonly withErrors?: boolean;
}

/** What somebody does at the portal right before a matching request is answered, as if nothing had happened. */
export interface FaultChange {
  /** Title of an item that is deleted for good. */
  readonly remove?: string;
  /** User name of a member who is disabled. */
  readonly disable?: string;
  /** Anything else, for who runs the portal in the own process. */
  readonly do?: (state: PortalState) => void;
}

export type FaultRule =
  | { readonly match: FaultMatch; readonly answer: FaultAnswer }
  | { readonly match: FaultMatch; readonly export: ExportFault }
  | { readonly match: FaultMatch; readonly change: FaultChange };
export type FaultScript = readonly FaultRule[];

interface Armed {
  readonly rule: FaultRule;
  seen: number;
  fired: number;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly server: ServerName;
  readonly user: string | null;
  readonly itemId: string | undefined;
  readonly params: ReadonlyMap<string, string>;
}

export class Faults {
  readonly #armed: Armed[] = [];

  add(...rules: FaultScript): void {
    this.#armed.push(...rules.map((rule) => ({ rule, seen: 0, fired: 0 })));
  }

  clear(): void {
    this.#armed.length = 0;
  }

  /** How often each rule has struck, in the order they were added. */
  get fired(): number[] {
    return this.#armed.map((armed) => armed.fired);
  }

  /** The first rule that strikes this request, after the changes that are due; counts it for every rule that it matches. */
  strike(asked: Asked, state: PortalState): FaultRule | undefined {
    const item = asked.itemId === undefined ? undefined : state.items.get(asked.itemId);
    let struck: FaultRule | undefined;
    for (const armed of this.#armed) {
      if (!matches(armed.rule.match, asked, item) || !isExportOf(armed.rule.match, asked, state)) continue;
      armed.seen += 1;
      const { nth = 1, times = 1 } = armed.rule.match;
      const last = times === "always" ? Infinity : nth + times - 1;
      if (armed.seen < nth || armed.seen > last) continue;
      if ("change" in armed.rule) change(state, armed.rule.change);
      else if (struck === undefined) struck = armed.rule;
      else continue;
      armed.fired += 1;
    }
    return struck;
  }
}

function change(state: PortalState, { remove, disable, do: act }: FaultChange): void {
  for (const item of [...state.items.values()]) if (item.fields.title === remove) state.items.delete(item.id);
  const member = disable === undefined ? undefined : state.members.get(disable);
  if (member !== undefined) member.disabled = true;
  act?.(state);
}

function matches(match: FaultMatch, asked: Asked, item: Item | undefined): boolean {
  return (
    (match.method === undefined || match.method === asked.method) &&
    (match.server === undefined || match.server === asked.server) &&
    (match.user === undefined || match.user === asked.user) &&
    (match.path === undefined || new RegExp(match.path).test(asked.path)) &&
    (match.id === undefined || match.id === asked.itemId) &&
    (match.itemTitle === undefined || match.itemTitle === item?.fields.title) &&
    (match.param === undefined || asked.params.has(match.param))
  );
}

function isExportOf({ exportOf }: FaultMatch, { itemId }: Asked, state: PortalState): boolean {
  if (exportOf === undefined) return true;
  const job = [...state.jobs.values()].find((each) => each.itemId === itemId);
  return job !== undefined && state.items.get(job.sourceId)?.fields.title === exportOf;
}
