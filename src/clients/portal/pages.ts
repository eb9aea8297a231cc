// One page of a paged list. `nextStart` is followed and never computed; answers that leave fields out, and those that
// would go round for ever, are survived here.
import { failed, ok, type Result } from "../../core/result.ts";
import type { Reply } from "./answer.ts";
import { isFields, listOf, numberOf, type Fields } from "../../core/fields.ts";
import type { JsonReply, Page } from "./portal.ts";
import type { Ask, Sender } from "./send.ts";

/** Largest page that every operation takes. */
const PAGE = 100;

export interface PagedAsk<T> extends Pick<Ask, "action" | "at" | "params"> {
  readonly start: number;
  /** The field that holds the entries. */
  readonly list: string;
  /** Reads one entry; undefined when it is none. */
  readonly entry: (fields: Fields) => T | undefined;
}

export async function page<T>(sender: Sender, ask: PagedAsk<T>): Promise<Result<Page<T>>> {
  const params = { ...ask.params, start: String(ask.start), num: String(PAGE) };
  const reply = await sender.json({ action: ask.action, at: ask.at, params });
  return reply.ok ? pageOf(reply.value.value, ask) : reply;
}

export function pageOf<T>(
  value: Fields,
  ask: Pick<PagedAsk<T>, "action" | "start" | "list" | "entry">,
): Result<Page<T>> {
  const found = listOf(value, ask.list);
  if (found === undefined) return unreadable(ask.action, `the answer has no list "${ask.list}"`);
  const entries: T[] = [];
  for (const one of found) {
    const entry = isFields(one) ? ask.entry(one) : undefined;
    if (entry === undefined)
      return unreadable(ask.action, `entry ${ask.start + entries.length} has no name or id`);
    entries.push(entry);
  }
  const last = ask.start - 1 + entries.length;
  const total = numberOf(value, "total") ?? last;
  const next = numberOf(value, "nextStart") ?? -1;
  if (next <= 0) return ok({ total, nextStart: -1, entries });
  if (next > ask.start) return ok({ total, nextStart: next, entries });
  if (last >= total) return ok({ total, nextStart: -1, entries });
  return unreadable(ask.action, `the list does not go on after ${last} of ${total} entries`);
}

function unreadable(action: string, what: string): Result<never> {
  return failed(
    "portal-error",
    `Cannot ${action}: ${what}`,
    "Start the backup again; if it stays, report the portal's version",
  );
}

/** The reply without the portal's own error. */
export function resultOf(reply: Reply<JsonReply>): Result<JsonReply> {
  return reply.ok ? reply : { ok: false, failure: reply.failure };
}
