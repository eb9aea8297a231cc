// Tells apart why a portal gave no token. Pure. Only a refusal of the account counts as one: it is never repeated,
// because a few wrong tries lock the account.
import { failed, type FailureReason } from "../../core/result.ts";
import type { Answer } from "./answer.ts";
import { judgeError, looksLikeHtml, type About, type Seen } from "./errors.ts";
import { portalError } from "./portal-error.ts";
import { numberOf, textOf } from "../../core/fields.ts";
import { parseObject } from "./json.ts";

export interface IssuedToken {
  readonly value: string;
  /** Epoch milliseconds by the portal's clock; absent when it does not say. */
  readonly expires?: number;
}

const BUILT_IN =
  "Use a built-in account of the portal, without multifactor authentication and not an organisation login";
const ANOTHER_PAGE = `${BUILT_IN}; on ArcGIS Enterprise with Windows or certificate sign-in, use an address of the portal without it`;
const DISABLED = "Let the portal's administrator allow the generateToken operation for this portal";

export function judgeSignIn(seen: Seen, about: About): Answer<IssuedToken> {
  const value = parseObject(seen.bytes);
  const token = value === undefined ? undefined : textOf(value, "token");
  if (value !== undefined && token !== undefined && seen.status === 200) {
    const expires = numberOf(value, "expires");
    return { state: "good", value: { value: token, ...(expires === undefined ? {} : { expires }) } };
  }
  const error = value === undefined ? undefined : portalError(value, false, seen.status);
  if (error === undefined) return judgeWithoutError(seen, about);
  const told = `${error.code}: ${about.clean(error.message)}`;
  if (/invalid user ?name or password/i.test(error.message)) {
    const next =
      "Correct the user name and the stored password (both are case-sensitive), then start the backup again";
    return final("sign-in-refused", about, told, next);
  }
  if (/\block(ed)?\b/i.test(error.message)) {
    return final(
      "sign-in-refused",
      about,
      told,
      "Wait 15 minutes or unlock the account, then correct the stored password",
    );
  }
  if (
    [403, 404, 405].includes(error.code) ||
    /disabled|not (supported|enabled|available|allowed)/i.test(error.message)
  ) {
    return final("portal-error", about, told, DISABLED);
  }
  if (error.code === 400 || error.code === 401) {
    return final("sign-in-refused", about, told, `Check the user name and the stored password. ${BUILT_IN}`);
  }
  const answer = judgeError(error, seen, about);
  return answer.state === "token" ? final("portal-error", about, told, DISABLED) : answer;
}

function judgeWithoutError(seen: Seen, about: About): Answer<never> {
  const location = seen.status >= 300 && seen.status < 400 ? seen.header("location") : null;
  if (location !== null) {
    const host = URL.canParse(location) ? new URL(location).hostname : "another page";
    return final("portal-error", about, `with a redirect to ${host}`, ANOTHER_PAGE);
  }
  const scheme = seen.header("www-authenticate")?.split(/[\s,]/)[0];
  if (seen.status === 401 || seen.status === 407 || scheme !== undefined) {
    const told = `${seen.status} and asks for a sign-in of the web server${scheme === undefined ? "" : ` (${about.clean(scheme)})`}`;
    return final("portal-error", about, told, ANOTHER_PAGE);
  }
  const page = new TextDecoder().decode(seen.bytes.subarray(0, 65_536));
  if (
    seen.status < 500 &&
    looksLikeHtml(seen.bytes) &&
    /SAMLRequest|type=["']?password|\/adfs\/|oauth2\/authorize/i.test(page)
  ) {
    return final("portal-error", about, `${seen.status} with a sign-in page`, ANOTHER_PAGE);
  }
  if ([403, 404, 405].includes(seen.status)) return final("portal-error", about, `${seen.status}`, DISABLED);
  if (seen.status === 200) return judgeError({ code: 503, message: "no token and no error" }, seen, about);
  return judgeError({ code: seen.status, message: "" }, seen, about);
}

function final(reason: FailureReason, about: About, told: string, next: string): Answer<never> {
  return {
    state: "final",
    failure: failed(reason, `Cannot ${about.action}: the portal answered ${told} (${about.target})`, next)
      .failure,
  };
}
