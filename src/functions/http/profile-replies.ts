// Answers that the functions about profiles share.
import type { HttpResponseInit } from "@azure/functions";
import { printable } from "../../core/printable.ts";
import { errorReply } from "./replies.ts";

/** A name may be anything that somebody typed. */
export function noSuchProfile(name: string): HttpResponseInit {
  return errorReply("not-found", `No profile has the name "${printable(name, 100)}"`, [
    "GET /api/profiles lists them",
  ]);
}

export function changedMeanwhile(name: string): HttpResponseInit {
  return errorReply("profile-changed", `The profile "${name}" is not as the condition of the request says`, [
    "Read it again, make your change in what it is now, and send that",
  ]);
}
