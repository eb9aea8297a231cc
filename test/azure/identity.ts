// The endpoint on an instance of a function app that gives tokens to its managed identities.
import { type Server, createServer } from "node:http";

export interface Claims {
  readonly aud: string;
  /** Seconds since 1970. */
  readonly exp: number;
  readonly appid: string;
}

export class SampleIdentity {
  static readonly header = "identity-header-of-this-instance";
  /** Resources that tokens were given for. */
  readonly given: string[] = [];
  /** Answers in place of the endpoint: an HTTP status, or nothing at all. */
  trouble: number | "hang" | undefined;
  readonly clientId: string;

  /** The app has one identity, of this client id. */
  constructor(clientId: string) {
    this.clientId = clientId;
  }

  serve(): Server {
    return createServer((request, reply) => {
      if (this.trouble === "hang") return;
      const query = new URL(request.url ?? "/", "http://x").searchParams;
      const resource = query.get("resource") ?? "";
      const isKnown = query.get("client_id") === this.clientId;
      const status =
        this.trouble ??
        (request.headers["x-identity-header"] !== SampleIdentity.header ? 401 : isKnown ? 200 : 400);
      reply.writeHead(status, { "content-type": "application/json" });
      if (status !== 200) {
        reply.end(
          JSON.stringify({ statusCode: status, message: "No managed identity found: SECRET-ISH DETAIL" }),
        );
        return;
      }
      this.given.push(resource);
      const expires = Math.floor(Date.now() / 1000) + 86_400;
      const token = tokenOf({ aud: resource, exp: expires, appid: this.clientId });
      reply.end(
        JSON.stringify({ access_token: token, expires_on: String(expires), resource, token_type: "Bearer" }),
      );
    });
  }
}

/** A token as those who look into it read it; nobody here checks the signature. */
export function tokenOf(claims: Claims): string {
  const from = claims.exp - 86_400;
  const body = {
    iss: "https://sts.windows.net/11111111-2222-3333-4444-555555555555/",
    iat: from,
    nbf: from,
    ...claims,
  };
  const part = (json: object) => Buffer.from(JSON.stringify(json)).toString("base64url");
  return `${part({ alg: "RS256", typ: "JWT" })}.${part(body)}.c2lnbmF0dXJl`;
}

/** undefined: no token. */
export function claimsOf(authorization: string | undefined): Claims | undefined {
  const body = /^Bearer [\w-]+\.([\w-]+)\./.exec(authorization ?? "")?.[1];
  if (body === undefined) return undefined;
  return JSON.parse(Buffer.from(body, "base64url").toString()) as Claims;
}
