// The secrets of a sheet, by name in the profile: their values go another way.
import type { Labelled } from "./arrangement.ts";
import type { Draft } from "./draft.ts";
import { connectionOf, isElsewhere, secretNameFor } from "./secrets-of.ts";

/** Without a label, or with `wcm`, it is to be set anew. */
export function readPassword(draft: Draft, name: string, labelled: Labelled | undefined): void {
  const secret = secretNameFor(name, "PortalPassword");
  const isHere = labelled !== undefined && !isElsewhere(labelled.value);
  draft.set("portal.auth.secret", secret);
  draft.secrets.push({
    name: secret,
    what: "the password of the portal account",
    value: isHere ? labelled.value : undefined,
  });
  draft.understood.push({
    label: labelled?.label ?? "",
    path: "portal.auth.secret",
    shown: isHere ? `(secret, ${labelled.value.length} characters: stored)` : "(secret, to be set anew)",
    ...noteOn(labelled?.value ?? "", isHere),
  });
}

function noteOn(value: string, isHere: boolean): { readonly note?: string } {
  if (value !== "" && !isHere)
    return { note: "Windows Credential Manager keeps it and hands it out to nobody" };
  if (value !== value.trim()) return { note: "it begins or ends with a blank, which is kept" };
  return /^\d+$/.test(value) ? { note: "it is all digits: zeros before a number are lost in a sheet" } : {};
}

/** `container`: the label that names it, where there is one. */
export function readConnection(
  draft: Draft,
  name: string,
  labelled: Labelled | undefined,
  container: Labelled | undefined,
): void {
  if (labelled === undefined) return;
  const secret = secretNameFor(name, "Storage");
  const add = (value: string | undefined, shown: string): void => {
    draft.set("destination.connectionSecret", secret);
    draft.secrets.push({ name: secret, what: "the connection string of the storage account", value });
    draft.understood.push({ label: labelled.label, path: "destination.connectionSecret", shown });
  };
  if (isElsewhere(labelled.value)) {
    add(undefined, "(secret, to be set anew)");
    return;
  }
  const read = connectionOf(labelled.value);
  if (!read.ok) {
    draft.problems.push(
      `"${labelled.label}" (${labelled.place}): ${read.failure.text}. ${read.failure.next}`,
    );
    return;
  }
  add(read.value.connectionString, `(secret, ${labelled.value.length} characters: stored)`);
  const named = read.value.container;
  if (named === undefined) return;
  if (container === undefined) {
    draft.set("destination.container", named);
    draft.origins.set("destination.container", labelled);
    draft.understood.push({
      label: labelled.label,
      path: "destination.container",
      shown: named,
    });
  } else if (container.value.toLowerCase() !== named) {
    draft.problems.push(
      `"${labelled.label}" (${labelled.place}): it opens another container than "${container.label}" (${container.place}) names`,
    );
  }
}
