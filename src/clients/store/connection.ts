// A storage connection string, taken apart and checked before anything is sent.
// Its key and its signature leave this file inside a client only: no failure and no label repeats a part of them.
import { AnonymousCredential, BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { failed, ok } from "../../core/result.ts";
import type { Failure, Result } from "../../core/result.ts";
import type { Credential } from "../identity.ts";

export type StorageAccess =
  | {
      readonly connectionString: string;
      /** The connection string as it is now: asked when the storage does not accept the sign-in. Its key may have been rotated. */
      readonly renewed?: () => Promise<Result<string>>;
    }
  | { readonly serviceUri: string; readonly credential: Credential };

export interface StorageConnection {
  readonly service: BlobServiceClient;
  /** Account or address for messages. */
  readonly account: string;
  readonly signIn: "key" | "sas" | "identity";
  /** Epoch milliseconds; absent where the SAS does not tell. */
  readonly sasExpires?: number;
}

const NEXT =
  'Copy the whole connection string from the storage account (Azure portal, "Access keys" or "Shared access signature") into the setting or secret';

// What Azurite documents for everyone: not a secret.
const EMULATOR_NAME = "devstoreaccount1";
const EMULATOR_KEY =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/** Says whether a connection string can be used, without sending anything: key, SAS or `UseDevelopmentStorage=true`. */
export function checkConnectionString(text: string): Result<void> {
  const connection = openConnection({ connectionString: text });
  return connection.ok ? ok(undefined) : connection;
}

/** Builds the SDK's client; `bad-input` when the address or the connection string cannot be one. */
export function openConnection(access: StorageAccess): Result<StorageConnection> {
  if ("connectionString" in access) return fromConnectionString(access.connectionString);
  const endpoint = checkEndpoint(access.serviceUri, "service address");
  if (!endpoint.ok) return endpoint;
  const service = new BlobServiceClient(endpoint.value.href, access.credential, CLIENT_OPTIONS);
  return ok({ service, account: labelOf(endpoint.value), signIn: "identity" });
}

// One try per call: repeating is decided in repeating.ts, which also knows deadlines.
const CLIENT_OPTIONS = { retryOptions: { maxTries: 1 } } as const;

function fromConnectionString(text: string): Result<StorageConnection> {
  const trimmed = text.trim();
  if (trimmed === "") return bad("it is empty");
  if (/^["']/.test(trimmed)) return bad("it stands in quotation marks", "Remove the quotation marks");
  if (/^https?:/i.test(trimmed)) return bad("it is a URL, not a connection string");
  const parts = partsOf(trimmed);
  if (parts === undefined) return bad("it is not a list of name=value parts separated by semicolons");
  if (parts.get("usedevelopmentstorage")?.toLowerCase() === "true") return emulator(parts);

  const sas = parts.get("sharedaccesssignature");
  const name = parts.get("accountname");
  const key = parts.get("accountkey");
  if (key === undefined && sas === undefined) {
    return bad("it has neither AccountKey nor SharedAccessSignature");
  }
  const given = parts.get("blobendpoint") ?? derivedEndpoint(name, parts);
  if (given === undefined) return bad("it has neither BlobEndpoint nor AccountName with EndpointSuffix");
  const endpoint = checkEndpoint(given, "BlobEndpoint");
  if (!endpoint.ok) return endpoint;
  if (key !== undefined) return withKey(endpoint.value, name, key);
  return withSas(endpoint.value, sas ?? "");
}

function withKey(endpoint: URL, name: string | undefined, key: string): Result<StorageConnection> {
  if (name === undefined || name === "") return bad("it has an AccountKey without AccountName");
  if (!/^[A-Za-z0-9+/]{16,}={0,2}$/.test(key) || key.length % 4 !== 0) {
    return bad("its AccountKey is not whole");
  }
  const service = new BlobServiceClient(
    endpoint.href,
    new StorageSharedKeyCredential(name, key),
    CLIENT_OPTIONS,
  );
  return ok({ service, account: labelOf(endpoint), signIn: "key" });
}

function withSas(endpoint: URL, text: string): Result<StorageConnection> {
  const query = new URLSearchParams(text.replace(/^\?/, ""));
  if (!query.has("sig") || !query.has("sv")) return bad("its SharedAccessSignature is not whole");
  const expires = Date.parse(query.get("se") ?? "");
  const url = `${endpoint.href}?${text.replace(/^\?/, "")}`;
  const service = new BlobServiceClient(url, new AnonymousCredential(), CLIENT_OPTIONS);
  return ok({
    service,
    account: labelOf(endpoint),
    signIn: "sas",
    ...(Number.isNaN(expires) ? {} : { sasExpires: expires }),
  });
}

function emulator(parts: ReadonlyMap<string, string>): Result<StorageConnection> {
  const proxy = parts.get("developmentstorageproxyuri") ?? "http://127.0.0.1";
  const endpoint = checkEndpoint(
    `${proxy.replace(/\/$/, "")}:10000/${EMULATOR_NAME}`,
    "DevelopmentStorageProxyUri",
  );
  return endpoint.ok ? withKey(endpoint.value, EMULATOR_NAME, EMULATOR_KEY) : endpoint;
}

function partsOf(text: string): ReadonlyMap<string, string> | undefined {
  const parts = new Map<string, string>();
  for (const part of text.split(";")) {
    if (part.trim() === "") continue;
    const at = part.indexOf("=");
    if (at <= 0) return undefined;
    parts.set(part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim());
  }
  return parts;
}

function derivedEndpoint(name: string | undefined, parts: ReadonlyMap<string, string>): string | undefined {
  if (name === undefined || name === "") return undefined;
  const protocol = parts.get("defaultendpointsprotocol") ?? "https";
  return `${protocol}://${name}.blob.${parts.get("endpointsuffix") ?? "core.windows.net"}`;
}

function checkEndpoint(text: string, what: string): Result<URL> {
  if (!URL.canParse(text)) return bad(`its ${what} is not a URL`);
  const url = new URL(text);
  // A signature over plain http could be read on the way.
  const loopback = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback)) {
    return bad(`its ${what} does not begin with https:`);
  }
  if (url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") {
    return bad(`its ${what} holds more than an address`);
  }
  url.pathname = url.pathname.replace(/\/+$/, "");
  return ok(url);
}

function labelOf(endpoint: URL): string {
  const azure = /^([a-z0-9-]+)\.blob\./.exec(endpoint.hostname);
  return azure?.[1] ?? `${endpoint.host}${endpoint.pathname}`.replace(/\/$/, "");
}

function bad(why: string, next: string = NEXT): { readonly ok: false; readonly failure: Failure } {
  return failed("bad-input", `Cannot use the storage connection: ${why}`, next);
}
