// What a paged listing of a huge organisation was made of, kept from its first page on: each page would otherwise go through
// all items anew.
import { param, type Call } from "./call.ts";
import type { Item, PortalState } from "./state.ts";

const HUGE = 5_000;
const kept = new WeakMap<
  PortalState,
  { readonly key: string; readonly items: number; readonly found: readonly Item[] }
>();

/** The items that `find` finds; those of the first page as long as no item comes or goes. */
export function snapshot(call: Call, find: () => readonly Item[]): readonly Item[] {
  const { state, caller, path, params } = call;
  if (state.items.size < HUGE) return find();
  const asked = [...params].filter(([name]) => name !== "start" && name !== "num");
  const key = JSON.stringify([path, caller?.username ?? null, asked]);
  const last = kept.get(state);
  if (Number(param(call, "start") || 1) > 1 && last?.key === key && last.items === state.items.size)
    return last.found;
  const found = find();
  kept.set(state, { key, items: state.items.size, found });
  return found;
}
