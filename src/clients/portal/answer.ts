// What became of one try, as the policies pass it on, and what an operation gets in the end.
import type { Failure, Result } from "../../core/result.ts";

/** The portal's own error, read from any of its shapes. */
export interface PortalError {
  /** HTTP-like; the HTTP status where the body has none. */
  readonly code: number;
  /** E.g. `CONT_0001`; the only key that is not localised. */
  readonly messageCode?: string;
  readonly message: string;
}

export type Answer<T> =
  | { readonly state: "good"; readonly value: T }
  /** The token was not taken, or one is wanted. */
  | { readonly state: "token"; readonly failure: Failure; readonly code: number }
  | {
      readonly state: "transient";
      readonly failure: Failure;
      /** `none`: the portal certainly did not begin the work. */
      readonly effect: "none" | "unknown";
      /** Repeats that are worth while for this kind of trouble; absent = the usual number. */
      readonly mostRepeats?: number;
      /** What the portal asks to wait. */
      readonly afterMs?: number;
      readonly error?: PortalError;
    }
  | { readonly state: "final"; readonly failure: Failure; readonly error?: PortalError };

/** A `Result` that also tells the portal's own error, for the operations that know what it means for them. */
export type Reply<T> =
  | Extract<Result<T>, { readonly ok: true }>
  | { readonly ok: false; readonly failure: Failure; readonly error?: PortalError };
