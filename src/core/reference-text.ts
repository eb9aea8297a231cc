// Ids of items and addresses of services inside one text, whatever the text is: an expression, a link, JSON that was
// packed into a query. Reading takes time in proportion to the text (rest-api.md section 9).
import { catching } from "./catching.ts";

/** How an id stands in a text: after what only an item's id follows (a link, an expression), or just so. */
export type InText = "link" | "expression" | "text";

export interface IdInText {
  /** 32 lower-case hex digits. */
  readonly id: string;
  readonly how: InText;
}

const ID =
  /(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![0-9a-f])/gi;
const SHORTEST = 32;
/** Characters before an id that may tell what it is. */
const BEFORE = 120;
const LINK =
  /(?:\/(?:items|stories|collections|experience|dashboards|surveys)\/|[?&#](?:id|itemid|appid|webmap|webscene)=|itemid["'\\:\s=]{1,12})$/i;
const EXPRESSION = /featuresetbyportalitem\s*\(\s*portal\s*\([^()]*\)\s*,\s*["']$/i;

/** Every id in the text, also in GUID form and inside encoded queries; one id may come more than once. */
export function idsIn(text: string): readonly IdInText[] {
  if (text.length < SHORTEST) return [];
  const ids: IdInText[] = [];
  for (const form of formsOf(text)) {
    for (const match of form.matchAll(ID)) {
      const before = form.slice(Math.max(0, match.index - BEFORE), match.index);
      const how = LINK.test(before) ? "link" : EXPRESSION.test(before) ? "expression" : "text";
      ids.push({ id: match[0].replaceAll("-", "").toLowerCase(), how });
    }
  }
  return ids;
}

const ADDRESS = /https?:\/\/[^\s"'<>\\^`{|}]{1,2000}/gi;

/** The service of every address in the text, as `serviceKey` writes it. */
export function servicesIn(text: string): readonly string[] {
  if (text.length < SHORTEST) return [];
  const keys: string[] = [];
  for (const form of formsOf(text)) {
    if (!/\/services\//i.test(form)) continue;
    for (const [address] of form.matchAll(ADDRESS)) {
      const key = serviceKey(address);
      if (key !== undefined) keys.push(key);
    }
  }
  return keys;
}

const SERVERS = ["FeatureServer", "MapServer", "ImageServer", "SceneServer", "VectorTileServer"] as const;
const SERVER = new RegExp(`/(${SERVERS.join("|")})(?=[/?#]|$)`, "i");
const SERVICES = /\/rest\/(?:admin\/)?services\//i;

/**
 * The one way to write a service's address, so that two can be compared: `https://`, the host in lower case, the path to
 * the server without layer, query or the admin form. Case counts in the path, but for the words of ArcGIS itself.
 * undefined: no address of a service. Neither a user name nor a token survives.
 */
export function serviceKey(address: string): string | undefined {
  const scheme = /^https?:\/\//i.exec(address)?.[0];
  if (scheme === undefined) return undefined;
  const slash = address.indexOf("/", scheme.length);
  if (slash < 0) return undefined;
  const authority = address.slice(scheme.length, slash);
  const host = authority.slice(authority.lastIndexOf("@") + 1).toLowerCase();
  const path = address.slice(slash).replace(/[?#].*$/s, "");
  const services = SERVICES.exec(path);
  if (services === null || host === "") return undefined;
  const name = path.slice(services.index + services[0].length);
  const server = SERVER.exec(`/${name}`);
  const kind = SERVERS.find((known) => known.toLowerCase() === server?.[1]?.toLowerCase());
  if (server === null || kind === undefined) return undefined;
  const folder = path.slice(0, services.index).replace(/\/arcgis$/i, "/arcgis");
  const service = decoded(name.slice(0, Math.max(0, server.index - 1)));
  return `https://${host.replace(/:(?:80|443)$/, "")}${folder}/rest/services/${service}/${kind}`;
}

/** The text as it is and, where it holds escapes, without them: queries may be encoded twice. */
function formsOf(text: string): readonly string[] {
  if (!text.includes("%")) return [text];
  const once = unescaped(text);
  return once === text ? [text] : [...new Set([text, once, unescaped(once)])];
}

/** Escapes of single ASCII characters are undone one by one, so that a broken escape spoils nothing else. */
function unescaped(text: string): string {
  return text.replaceAll(/%([2-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function decoded(segment: string): string {
  const whole = catching(() => decodeURIComponent(segment), URIError);
  return whole.ok ? whole.value : segment;
}
