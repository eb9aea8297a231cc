// Wraps a store and fails on cue: the third put, every read of one path, an answer that gets lost after the write.
import type { Store } from "../src/clients/store/store.ts";
import { failed } from "../src/core/result.ts";
import type { Failure } from "../src/core/result.ts";

export interface StoreCall {
  readonly method: Exclude<keyof Store, "name">;
  /** Path or prefix; empty for `ready`. */
  readonly path: string;
  /** Number of this call among those of its method, from 1. */
  readonly nth: number;
}

/** A failure: answered instead. `lost`: done, then answered as transient. `thrown`: the worker died before it was done. */
export type Fault = Failure | "lost" | "thrown" | undefined;

/** The first fault that `script` names for a call happens; `calls` tells them all in order. */
export function faultyStore(
  base: Store,
  script: (call: StoreCall) => Fault,
): { readonly store: Store; readonly calls: readonly StoreCall[] } {
  const calls: StoreCall[] = [];
  async function through<T>(
    method: StoreCall["method"],
    path: string,
    work: () => Promise<T>,
  ): Promise<T | ReturnType<typeof failed>> {
    const nth = calls.filter((call) => call.method === method).length + 1;
    const call = { method, path, nth };
    calls.push(call);
    const fault = script(call);
    if (fault === "thrown") throw new Error(`scripted: ${method} "${path}" threw`);
    if (typeof fault === "object") return { ok: false, failure: fault };
    const result = await work();
    if (fault === "lost")
      return failed("transient", `Cannot ${method} "${path}": the answer got lost`, "Try again");
    return result;
  }
  const store: Store = {
    name: base.name,
    ready: () => through("ready", "", () => base.ready()),
    put: (path, bytes, options) => through("put", path, () => base.put(path, bytes, options)),
    get: (path) => through("get", path, () => base.get(path)),
    range: (path, offset, length) => through("range", path, () => base.range(path, offset, length)),
    info: (path) => through("info", path, () => base.info(path)),
    list: (prefix, next) => through("list", prefix, () => base.list(prefix, next)),
    putStream: (path, body, beforeCommit, options) =>
      through("putStream", path, () => base.putStream(path, body, beforeCommit, options)),
    delete: (path) => through("delete", path, () => base.delete(path)),
  };
  return { store, calls };
}
