// Addresses that look like the portal's own and are not, and others that no token may go to.
import { hostileText, type Next, oneOf, whole } from "./texts.ts";

/** Hosts of an attacker that resemble `host`. */
function lookAlike(next: Next, host: string): string {
  return oneOf(next, [
    `evil${host}`,
    `${host}.evil.example`,
    host.replace(".", "-"),
    host.replace(/\.com$/, ".com.evil.example"),
    host.replace(/\.com$/, ".co"),
    host.replace("a", "\u0430"),
    `xn--${host}`,
    `evil.example/${host}`,
    `evil.example?${host}`,
    `evil.example#@${host}`,
    `evil.example\\@${host}`,
    `${host}:pass@evil.example`,
    `evil.example:443`,
    `[::ffff:7f00:1]`,
    "127.0.0.1.evil.example",
    "0x7f.evil.example",
    `${host}%2eevil.example`,
    `${host}\u3002evil.example`,
    `${host}..evil.example`,
  ]);
}

/** An address that is not of `host`, or is reached in a way that shows the token to others; it may be no address at all. */
export function foreignUrl(next: Next, host: string): string {
  const path = oneOf(next, [
    "",
    "/",
    "/arcgis/rest/services/Wells/FeatureServer",
    "/sharing/rest",
    "/x?token=abc",
    "/%2e%2e/%2e%2e",
    `/${encodeURIComponent(hostileText(next).slice(0, 200).toWellFormed())}`,
  ]);
  return oneOf<() => string>(next, [
    () => `https://${lookAlike(next, host)}${path}`,
    () => `http://${lookAlike(next, host)}${path}`,
    () => `http://${host}${path}`,
    () => `https://user:secret@${host}${path}`,
    () => `https://user@${host}${path}`,
    () => `https://${host}:${1 + whole(next, 65_000)}@evil.example${path}`,
    () => `ftp://${host}${path}`,
    () => `javascript:alert(1)//${host}`,
    () => `file:///etc/passwd`,
    () => `data:text/html,${host}`,
    () => `//${lookAlike(next, host)}${path}`,
    () => `https:\\\\${lookAlike(next, host)}${path}`,
    () => `ht\ttps://${lookAlike(next, host)}${path}`,
    () => hostileText(next),
  ])();
}

/** Any address that an item may hold. */
export function hostileUrl(next: Next): string {
  return oneOf<() => string>(next, [
    () => foreignUrl(next, "acme.maps.arcgis.com"),
    () =>
      `https://services1.arcgis.com/Acme/arcgis/rest/services/${hostileText(next).slice(0, 300)}/FeatureServer/0`,
    () => `https://services1.arcgis.com/Acme/arcgis/rest/services/Wells/FeatureServer`,
    () => hostileText(next),
  ])();
}
