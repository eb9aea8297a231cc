// The secrets of a sheet of parameters. They go into a store of secrets under names that every store takes: letters and
// digits, as an environment variable has no "-" and a Key Vault no "_".
import { checkConnectionString } from "../../clients/store/connection.ts";
import { type Result, failed, ok } from "../../core/result.ts";

export interface FoundSecret {
  readonly name: string;
  /** What it is, for messages. */
  readonly what: string;
  /** undefined: the sheet does not hold it. */
  readonly value: string | undefined;
}

export interface Connection {
  readonly connectionString: string;
  /** Named by the address of a container; undefined: the string names none. */
  readonly container: string | undefined;
}

/** `acmeEastPortalPassword` for the profile `acme-east`. */
export function secretNameFor(profile: string, what: "PortalPassword" | "Storage"): string {
  const words = profile.split(/[^a-z0-9]+/i).filter((word) => word !== "");
  const joined = words
    .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join("");
  return `${/^[a-z]/i.test(joined) ? joined : `profile${joined}`}${what}`;
}

/** True for the word by which the original is told to ask Windows Credential Manager, which keeps the secret to itself. */
export function isElsewhere(value: string): boolean {
  return /^(?:wcm|windows credential manager)$/i.test(value.trim());
}

/** A connection string, or the address of an account or a container with a signature (SAS). Failures repeat no part of it. */
export function connectionOf(value: string): Result<Connection> {
  const typed = value.trim();
  if (!/^https:/i.test(typed)) {
    const checked = checkConnectionString(typed);
    return checked.ok ? ok({ connectionString: typed, container: undefined }) : checked;
  }
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  if (url === undefined || !url.searchParams.has("sig")) {
    return failed(
      "bad-input",
      "it is an address without a signature",
      "Copy the whole connection string or SAS URL into the cell",
    );
  }
  const connectionString = `BlobEndpoint=${url.origin};SharedAccessSignature=${url.search.slice(1)}`;
  const checked = checkConnectionString(connectionString);
  if (!checked.ok) return checked;
  const [container] = url.pathname.split("/").filter((part) => part !== "");
  return ok({ connectionString, container });
}
