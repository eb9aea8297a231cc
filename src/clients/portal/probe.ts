// Finds the portal behind a typed address: asks each candidate anonymously who it is. A site that lets nobody look
// without signing in is known by the shape of its refusal.
import { failed, ok, type Failure, type Result } from "../../core/result.ts";
import { parseAddress, type Address, type Candidate } from "./address.ts";
import type { Answer, PortalError } from "./answer.ts";
import { textOf, type Fields } from "../../core/fields.ts";
import { isArcgisOnline, isLoopback } from "./hosts.ts";
import type { JsonReply } from "./portal.ts";

/** Where the portal lives. */
export interface Home {
  /** Requests go below it. */
  readonly base: URL;
  /** Further addresses that the portal gives itself. */
  readonly others: readonly URL[];
  /** It may have federated servers: an Enterprise, or a portal that does not tell before the sign-in. */
  readonly federates: boolean;
}

/** One anonymous GET of JSON, without repeats, told with the address that answered in the end. */
export type Look = (url: URL) => Promise<{ readonly answer: Answer<JsonReply>; readonly url: URL }>;

const NEXT =
  "Enter the portal's address as the browser shows it, e.g. https://acme.maps.arcgis.com or https://gis.acme.org/portal";

/** One pass over all candidates; transient when none answers as a portal and one may yet. */
export async function findPortal(typed: string, look: Look): Promise<Answer<Home>> {
  const address = parseAddress(typed);
  if (!address.ok) return { state: "final", failure: address.failure };
  const tried: string[] = [];
  let waiting: Extract<Answer<never>, { state: "transient" }> | undefined;
  for (const candidate of await candidatesOf(address.value, look)) {
    const { answer, url } = await look(below(candidate.base));
    const home = judge(candidate, answer, url);
    if (home.ok) return { state: "good", value: home.value };
    tried.push(home.failure.text);
    if (answer.state === "transient" && !/no host of this name/.test(answer.failure.text)) waiting ??= answer;
  }
  const text = `No ArcGIS portal answers at "${address.value.shown}": tried ${tried.join("; ")}`;
  if (waiting === undefined) return { state: "final", failure: failed("portal-unknown", text, NEXT).failure };
  return { ...waiting, failure: failed("transient", text, `Check that the portal is up. ${NEXT}`).failure };
}

async function candidatesOf(address: Address, look: Look): Promise<readonly Candidate[]> {
  if (address.serverInfo === undefined) return address.candidates;
  const { answer } = await look(address.serverInfo);
  const owner = answer.state === "good" ? textOf(answer.value.value, "owningSystemUrl") : undefined;
  const portal = owner === undefined ? undefined : parseAddress(owner);
  return [...(portal?.ok === true ? portal.value.candidates : []), ...address.candidates];
}

function judge(candidate: Candidate, answer: Answer<JsonReply>, url: URL): Result<Home> {
  const place = `${candidate.base.host}${candidate.base.pathname.replace(/\/$/, "")}`;
  if (answer.state !== "good") {
    const portal = wantsSignIn(answer);
    if (portal && candidate.urlKey === undefined)
      return ok({ base: baseOf(url, candidate.base), others: [], federates: true });
    return refused(`${place} (${short(answer.failure)})`);
  }
  const self = answer.value.value;
  if (typeof self["isPortal"] !== "boolean") return refused(`${place} (it does not say that it is a portal)`);
  const urlKey = textOf(self, "urlKey");
  if (candidate.urlKey !== undefined && urlKey?.toLowerCase() !== candidate.urlKey) {
    return refused(`${place} (there is no organisation of this name)`);
  }
  const base = baseOf(url, candidate.base);
  return ok({ base, others: ownAddress(self, base), federates: self["isPortal"] === true });
}

/** True for an error that only an ArcGIS portal sends: its site shows nothing to those who have not signed in. */
function wantsSignIn(answer: Exclude<Answer<JsonReply>, { state: "good" }>): boolean {
  if (answer.state === "token") return answer.code !== 401;
  const error: PortalError | undefined = answer.state === "final" ? answer.error : undefined;
  return error?.messageCode === "GWM_0003";
}

/** The base that answered, after redirects; the one that was asked when the last address is another page. */
function baseOf(url: URL, asked: URL): URL {
  const match = /^(.*)\/sharing\/rest\/portals\/self\/?$/i.exec(url.pathname);
  return match === null ? asked : new URL(match[1] === "" ? "/" : (match[1] ?? "/"), url.origin);
}

/**
 * The address that a portal gives itself. An Enterprise portal reached through another name has its services under this
 * one. A portal on this machine is where it answered, whatever it says.
 */
export function ownAddress(self: Fields, base: URL): readonly URL[] {
  const enterprise = self["isPortal"] === true;
  if (isLoopback(base.hostname) || (isArcgisOnline(base.hostname) && enterprise)) return [];
  const organisation = [textOf(self, "urlKey"), textOf(self, "customBaseUrl")];
  const host = enterprise ? textOf(self, "portalHostname") : organisation.join(".");
  if (host === undefined || (!enterprise && organisation.includes(undefined))) return [];
  if (!URL.canParse(`https://${host}`)) return [];
  const url = new URL(`https://${host}`);
  return url.username === "" && url.password === "" && url.search === "" ? [url] : [];
}

function below(base: URL): URL {
  return new URL(`${base.pathname.replace(/\/+$/, "")}/sharing/rest/portals/self`, base);
}

function refused(text: string): Result<never> {
  return failed("portal-unknown", text, NEXT);
}

/** What an answer said, without the sentence around it. */
function short(failure: Failure): string {
  return failure.text.replace(/^Cannot [^:]*: (GET|POST) \S+?:? (?=\S)/, "");
}
