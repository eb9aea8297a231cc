// Wraps a portal and fails on cue, as test/faulty-store.ts does for a store.
import type { Portal } from "../src/clients/portal/portal.ts";
import type { Failure } from "../src/core/result.ts";

export interface PortalCall {
  /** `item`, or `organisation.users`. */
  readonly method: string;
  /** Number of this call among those of its method, from 1. */
  readonly nth: number;
}

type Method = (...args: unknown[]) => Promise<unknown>;

/** A failure that `script` names for a call is answered instead; `calls` tells them all in order. */
export function faultyPortal(
  base: Portal,
  script: (call: PortalCall) => Failure | undefined,
): { readonly portal: Portal; readonly calls: readonly PortalCall[] } {
  const calls: PortalCall[] = [];
  const wrapped = <T extends object>(of: T, prefix: string): T =>
    new Proxy(of, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown;
        if (typeof name !== "string") return value;
        if (typeof value === "object" && value !== null) return wrapped(value, `${name}.`);
        if (typeof value !== "function") return value;
        return async (...args: unknown[]): Promise<unknown> => {
          const method = `${prefix}${name}`;
          const call = { method, nth: calls.filter((each) => each.method === method).length + 1 };
          calls.push(call);
          const failure = script(call);
          return failure === undefined ? (value as Method).apply(target, args) : { ok: false, failure };
        };
      },
    });
  return { portal: wrapped(base, ""), calls };
}
