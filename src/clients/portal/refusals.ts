// What the refusal of an operation means: that the service does not offer it at all is told apart from its failure, so
// that the caller takes another way instead of trying again. Pure.
import type { FailureReason } from "../../core/result.ts";
import type { Reply } from "./answer.ts";
import { saysNotSupported, saysUnknownAddress } from "./portal-error.ts";

type Lost = Extract<Reply<never>, { readonly ok: false }>;

const NEXT = "Look in the layer's settings whether it allows export, sync and queries";

/** A read that failed: `not-supported` where the service says so. */
export function lostRead({ failure, error }: Lost): Omit<Lost, "error"> {
  if (error === undefined || !saysNotSupported(error)) return { ok: false, failure };
  return { ok: false, failure: { ...failure, reason: "not-supported", next: NEXT } };
}

/** A start that was refused: an operation that has no address at the service is not supported either. */
export function lostStart({ failure, error }: Lost): Omit<Lost, "error"> {
  const unknown = error !== undefined && (saysNotSupported(error) || saysUnknownAddress(error));
  if (unknown) return { ok: false, failure: { ...failure, reason: "not-supported", next: NEXT } };
  const reason: FailureReason = failure.reason === "portal-error" ? "export-failed" : failure.reason;
  return { ok: false, failure: { ...failure, reason } };
}
