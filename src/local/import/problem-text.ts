// What is wrong with a sheet of parameters, in words that name the label and the cell. A text is never shown: a password
// may stand in the wrong cell, and the cell is named.
import type { ProfileProblem } from "../../core/profile.ts";
import type { Labelled } from "./arrangement.ts";

/** A value that does not say what its label asks for. */
export function readProblem({ label, place, value }: Labelled, expected: string): string {
  return `"${label}" (${place}): found a text of ${value.length} characters (not shown), expected ${expected}`;
}

/** A field that the profile does not take; `origins` tells the label of each path. */
export function problemText(
  { path, found, expected, text }: ProfileProblem,
  origins: ReadonlyMap<string, Labelled>,
): string {
  const [origin] = [...origins].filter(([from]) => path === from || path.startsWith(`${from}.`));
  if (origin !== undefined) {
    const [, { label, place }] = origin;
    return `"${label}" (${place}): found ${found}, expected ${expected}`;
  }
  const missing = MISSING[path];
  return missing === undefined ? text : `${missing}; expected ${expected}`;
}

const MISSING: Readonly<Record<string, string>> = {
  "portal.url": 'The sheet has no value for the portal\'s address (label "ArcGIS URL")',
  "portal.auth.username": 'The sheet has no value for the account (label "ArcGIS Username")',
};
