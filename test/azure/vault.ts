// A Key Vault with state, as its REST interface behaves: the challenge, versions, attributes, and the refusals of the real one.
import { randomBytes } from "node:crypto";
import { type Server, createServer } from "node:https";
import { claimsOf } from "./identity.ts";

interface Version {
  readonly id: string;
  readonly value: string;
  enabled: boolean;
  /** Seconds since 1970. */
  readonly nbf?: number;
  readonly exp?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object | string;
}

export class SampleVault {
  readonly secrets = new Map<string, Version[]>();
  /** Reads with a token: `name` or `name/version`. */
  readonly reads: string[] = [];
  /** Requests without a token, which are answered with the challenge. */
  challenges = 0;
  /** Answers in place of the vault, when it answers anything. */
  trouble: ((name: string, nth: number) => Answer | "hang" | undefined) | undefined;
  resource = "https://vault.azure.net";

  /** Stores a new version; its id. */
  set(name: string, value: string, dates: { nbf?: number; exp?: number } = {}): string {
    const id = randomBytes(16).toString("hex");
    const versions = this.secrets.get(name) ?? [];
    this.secrets.set(name, [...versions, { id, value, enabled: true, ...dates }]);
    return id;
  }

  serve(tls: { readonly key: string; readonly certificate: string }): Server {
    return createServer({ key: tls.key, cert: tls.certificate }, (request, reply) => {
      const url = new URL(request.url ?? "/", `https://${request.headers.host ?? ""}`);
      const answer = this.#answer(url, request.headers.authorization);
      if (answer === "hang") return;
      reply.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
      reply.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
    });
  }

  #answer(url: URL, authorization: string | undefined): Answer | "hang" {
    const claims = claimsOf(authorization);
    if (claims?.aud !== "https://vault.azure.net" || claims.exp * 1000 < Date.now()) {
      this.challenges += 1;
      const challenge = `Bearer authorization="https://login.example/11111111-2222-3333-4444-555555555555", resource="${this.resource}"`;
      return {
        status: 401,
        headers: { "www-authenticate": challenge },
        body: error("Unauthorized", "AKV10000: no token"),
      };
    }
    const [, kind, name = "", version = ""] = url.pathname.split("/");
    if (kind !== "secrets" || !url.searchParams.has("api-version"))
      return { status: 400, body: error("BadParameter", "?") };
    const read = version === "" ? name : `${name}/${version}`;
    this.reads.push(read);
    const trouble = this.trouble?.(name, this.reads.filter((one) => one === read).length);
    return trouble ?? this.#secret(url, name, version);
  }

  #secret(url: URL, name: string, version: string): Answer {
    const versions = this.secrets.get(name) ?? [];
    const found = version === "" ? versions.at(-1) : versions.find(({ id }) => id === version);
    if (found === undefined) {
      const message = `A secret with (name/id) ${name}/${version} was not found in this key vault.`;
      return { status: 404, body: error("SecretNotFound", message) };
    }
    if (!found.enabled) {
      return {
        status: 403,
        body: error("Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled"),
      };
    }
    const { id, value, enabled, nbf, exp } = found;
    const attributes = {
      enabled,
      nbf,
      exp,
      created: 1_700_000_000,
      updated: 1_700_000_000,
      recoveryLevel: "Recoverable",
    };
    return { status: 200, body: { value, id: `${url.origin}/secrets/${name}/${id}`, attributes } };
  }
}

/** What the real vault says: the case is in the inner code, the message names who asked and from where. */
export const FORBIDDEN = {
  rbac: error(
    "Forbidden",
    "Caller is not authorized to perform action on resource.\r\nCaller: appid=9;oid=8;iss=https://sts.windows.net/7/\r\nAction: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'\r\nVault: acme;location=westeurope\r\n",
    "ForbiddenByRbac",
  ),
  policy: error(
    "Forbidden",
    "The user, group or application 'appid=9;oid=8' does not have secrets get permission on key vault 'acme;location=westeurope'.",
    "AccessDenied",
  ),
  firewall: error(
    "Forbidden",
    "Client address is not authorized and caller is not a trusted service.\r\nClient address: 203.0.113.7\r\nCaller: appid=9;oid=8\r\nVault: acme;location=westeurope",
    "ForbiddenByFirewall",
  ),
  connection: error(
    "Forbidden",
    "Public network access is disabled and request is not from a trusted service nor via an approved private link.\r\nCaller: appid=9;oid=8\r\nVault: acme",
    "ForbiddenByConnection",
  ),
} as const;

export function error(code: string, message: string, inner?: string): object {
  return { error: { code, message, ...(inner !== undefined && { innererror: { code: inner } }) } };
}
