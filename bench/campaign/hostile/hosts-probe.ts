// Addresses: what people type, what items hold, and where a server redirects to. The token goes to the portal's hosts alone.
import { parseAddress } from "../../../src/clients/portal/address.ts";
import { mayGetToken, mayReach } from "../../../src/clients/portal/hosts.ts";
import { ownAddress } from "../../../src/clients/portal/probe.ts";
import { follow } from "../../../src/clients/portal/redirects.ts";
import type { WireRequest } from "../../../src/clients/portal/request.ts";
import { isBelow, isWrittenPlace, serverRoot } from "../../../src/clients/portal/server-root.ts";
import {
  answeredAddress,
  asJson,
  fileNameIn,
  serviceAddress,
  told,
} from "../../../src/clients/portal/service-address.ts";
import { WireError } from "../../../src/clients/portal/wire-error.ts";
import { serviceAddress as comparedAddress } from "../../../src/core/service-address.ts";
import { wrongWords } from "./judges.ts";
import { hostileJson, type Next, oneOf, whole } from "./texts.ts";
import { foreignUrl, hostileUrl } from "./urls.ts";

const TOKEN = "the-token-that-nobody-else-may-see";
const PORTALS = ["https://acme.maps.arcgis.com/", "https://gis.acme.example/portal/"] as const;

/** Said a second time, and by the name alone: the portal's own host, and for ArcGIS Online every host of it. */
function isOwn(portal: URL, url: URL): boolean {
  if (url.protocol !== "https:" || `${url.username}${url.password}` !== "") return false;
  if (url.hostname === portal.hostname) return true;
  return /\.arcgis\.com$/.test(portal.hostname) && /^(?:[a-z0-9-]+\.)*arcgis\.com$/.test(url.hostname);
}

export async function probeHosts(next: Next): Promise<readonly string[]> {
  const portal = new URL(oneOf(next, PORTALS));
  const written = Array.from({ length: 6 }, () =>
    next() < 0.7 ? foreignUrl(next, portal.hostname) : hostileUrl(next),
  );
  return [
    ...written.flatMap((each) => [...token(portal, each), ...typed(each), ...services(each)]),
    ...own(next, portal),
    ...(await redirected(next, portal, written)),
  ];
}

function token(portal: URL, written: string): readonly string[] {
  if (!URL.canParse(written)) return [];
  const url = new URL(written);
  const wrong = mayGetToken(portal, url) && !isOwn(portal, url);
  return wrong ? [`the token would go to ${url.origin}`] : [];
}

function typed(written: string): readonly string[] {
  const address = parseAddress(written);
  if (!address.ok) return wrongWords("a failure", address.failure.text.slice(0, 0));
  const odd = address.value.candidates.find(
    ({ base }) => !/^https?:$/.test(base.protocol) || `${base.username}${base.password}` !== "",
  );
  return odd === undefined ? [] : [`what was typed is asked at ${odd.base.protocol}`];
}

function services(written: string): readonly string[] {
  const found = [serviceAddress(written, "/layers", "read it"), answeredAddress(written, "read it")];
  const wrong = found.flatMap((each) => {
    if (!each.ok) return wrongWords("a failure", each.failure.text);
    const { protocol, username, password } = each.value;
    const { at, params } = asJson(each.value);
    const root = serverRoot(each.value);
    return [
      ...(/^https?:$/.test(protocol) && `${username}${password}` === "" ? [] : [`asked at ${protocol}`]),
      ...("token" in params || at instanceof URL === false ? ["a token of an answer is sent on"] : []),
      ...(root === undefined || isBelow(root, each.value) ? [] : ["a service does not lie on its server"]),
      ...(/[/\\]/.test(fileNameIn(each.value)) ? ["the name of a file has a folder in it"] : []),
    ];
  });
  const key = comparedAddress(written)?.host;
  return [
    ...wrong,
    ...wrongWords("a told address", told(written), 400),
    ...(/secret|token=abc/.test(told(written)) ? ["a told address holds what is secret"] : []),
    ...(key !== undefined && /[@\s/]/.test(key) ? [`the host of a service is ${JSON.stringify(key)}`] : []),
  ];
}

function own(next: Next, portal: URL): readonly string[] {
  const fields = { isPortal: next() < 0.5, urlKey: hostileUrl(next), customBaseUrl: "maps.arcgis.com" };
  const hosts = { portalHostname: next() < 0.5 ? hostileUrl(next) : hostileJson(next, 1) };
  const others = ownAddress({ ...fields, ...hosts }, portal);
  const place = isWrittenPlace(portal, hostileUrl(next).replace(portal.hostname, "evil.example"));
  return [
    ...others
      .filter((url) => url.protocol !== "https:")
      .map((url) => `the portal is also at ${url.protocol}`),
    ...(place ? ["another server is taken for the portal"] : []),
  ];
}

/** A server that answers each request with a redirect to the next hostile address. */
async function redirected(next: Next, portal: URL, written: readonly string[]): Promise<readonly string[]> {
  const sent: WireRequest[] = [];
  const status = oneOf(next, [301, 302, 303, 307, 308]);
  const transport = async (wire: WireRequest) => {
    sent.push(wire);
    const location = written[sent.length - 1] ?? null;
    return {
      status: location === null ? 200 : status,
      url: wire.url,
      header: (name: string) => (name === "location" ? location : null),
      body: (async function* () {
        yield new Uint8Array(whole(next, 100));
      })(),
      wireLength: null,
      framed: true,
      discard: () => undefined,
    };
  };
  const request = {
    ...{ method: oneOf(next, ["GET", "POST"]), url: new URL("sharing/rest/x", portal) },
    ...{ params: { f: "json", q: "x" }, accept: "json" as const },
  } as const;
  try {
    await follow(transport, request, {
      ...{ token: TOKEN, fixed: {}, totalMs: 1000 },
      mayGetToken: (url) => mayGetToken(portal, url),
      mayReach: (url) => mayReach(portal, url),
    });
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  return sent.flatMap((wire) => {
    const shows = JSON.stringify([wire.headers, wire.body, wire.url.href]).includes(TOKEN);
    return [
      ...(shows && !isOwn(portal, wire.url) ? [`the token was sent to ${wire.url.origin}`] : []),
      ...(wire.url.href.includes(TOKEN) ? ["the token stands in an address"] : []),
      ...(wire.url.protocol === "https:" ? [] : [`asked at ${wire.url.protocol}//`]),
    ];
  });
}
