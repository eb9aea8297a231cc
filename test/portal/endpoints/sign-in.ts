// Root, info, portals/self and generateToken.
import { createHash } from "node:crypto";
import { PortalError, tokenRequired } from "../answer.ts";
import { memberOf, param, signedIn, tokenOf, type Call } from "../call.ts";
import type { Route } from "../routes.ts";
import { SETTINGS } from "./organisation.ts";
import type { Member } from "../state.ts";

const MINUTE = 60_000;
const LOCK_TRIES = 5;
const LOCK_MINUTES = 15;
const MOST_TOKEN_MINUTES = 20_160;

const refused = (detail: string): PortalError =>
  new PortalError(400, "Unable to generate token.", undefined, [detail]);

function generateToken(call: Call): object {
  if (call.method !== "POST") throw new PortalError(405, "Method not supported. Use POST.");
  if (call.params.has("serverUrl")) return serverToken(call);
  const member = call.state.members.get(param(call, "username"));
  if (member === undefined) throw refused("Invalid username or password.");
  member.wrongPasswords = member.wrongPasswords.filter((at) => call.now - at < LOCK_MINUTES * MINUTE);
  if (member.wrongPasswords.length >= LOCK_TRIES) {
    throw refused("Too many invalid sign in attempts. Please try again in 15 minutes.");
  }
  if (member.password !== param(call, "password") || member.disabled || member.system) {
    member.wrongPasswords.push(call.now);
    throw refused("Invalid username or password.");
  }
  const client = param(call, "client");
  const referer = param(call, "referer");
  if (client === "referer" && referer === "") throw refused("'referer' must be specified.");
  const asked = Number(param(call, "expiration")) || call.state.options.tokenMinutes;
  const expires = Math.round(call.now + Math.min(asked, MOST_TOKEN_MINUTES) * MINUTE);
  const token = newToken(call, member);
  call.state.tokens.set(token, {
    username: member.username,
    referer: client === "ip" || client === "requestip" ? null : referer,
    expires,
    serverUrl: null,
  });
  return { token, expires, ssl: true };
}

/** Gives a portal token's member a token for one federated server, and for no other. */
function serverToken(call: Call): object {
  const { referer } = call.headers;
  const { token: given } = tokenOf(call.headers, call.params, []);
  const member = memberOf(call.state, given, { referer, serverUrl: null }, call.now);
  if (member === null) throw tokenRequired();
  const serverUrl = param(call, "serverUrl").replace(/\/+$/, "");
  if (!call.state.org.isPortal || serverUrl.toLowerCase() !== call.services.toLowerCase()) {
    throw refused("'serverUrl' is not the address of a federated server.");
  }
  const { serverTokenMinutes } = call.state.options;
  const asked = Number(param(call, "expiration")) || serverTokenMinutes;
  const expires = Math.round(call.now + Math.min(asked, serverTokenMinutes) * MINUTE);
  const token = newToken(call, member);
  call.state.tokens.set(token, {
    username: member.username,
    referer: null,
    expires,
    serverUrl: call.services,
  });
  return { token, expires, ssl: true };
}

function servers(call: Call): object {
  signedIn(call);
  if (!call.state.org.isPortal) throw new PortalError(400, "Invalid request.");
  return {
    servers: [
      {
        id: "S4mpleH0stingSrv",
        name: new URL(call.services).host,
        url: call.services,
        adminUrl: call.services,
        isHosted: true,
        serverType: "ArcGIS",
        serverRole: "HOSTING_SERVER",
        serverFunction: "GeneralPurposeServer",
      },
    ],
  };
}

function newToken(call: Call, member: Member): string {
  call.state.serial += 1;
  const digest = createHash("sha512").update(`token ${member.username} ${call.state.serial} ${call.now}`);
  return `${digest.digest("base64url")}.`;
}

function self(call: Call): object {
  const { org } = call.state;
  const asked = call.at["portal"];
  if (asked !== undefined && asked !== "self" && asked !== org.id) {
    throw new PortalError(400, "Portal does not exist or is inaccessible.", "ORG_3101");
  }
  const member = call.caller;
  return {
    id: org.id,
    name: org.name,
    ...(org.isPortal ? { urlKey: null } : { urlKey: org.urlKey, customBaseUrl: "maps.arcgis.com" }),
    portalHostname: call.portal.replace(/^https?:\/\//, ""),
    isPortal: org.isPortal,
    portalMode: org.isPortal ? "singletenant" : "multitenant",
    portalName: org.isPortal ? "Portal for ArcGIS" : "ArcGIS Online",
    access: "public",
    allSSL: true,
    region: "WO",
    culture: "en",
    currentVersion: org.version,
    supportsHostedServices: true,
    supportsOAuth: true,
    maxTokenExpirationMinutes: -1,
    ...(org.isPortal ? {} : { recycleBinSupported: true, recycleBinEnabled: org.recycleBinEnabled }),
    helperServices: {
      geometry: { url: "https://utility.arcgisonline.com/arcgis/rest/services/Geometry/GeometryServer" },
    },
    ...(member === null
      ? {}
      : { user: userOf(call, member), ...SETTINGS, subscriptionInfo: { type: "In House", state: "active" } }),
  };
}

function userOf(call: Call, member: Member): object {
  return {
    username: member.username,
    fullName: member.fullName,
    role: member.role,
    ...(member.roleId === undefined ? {} : { roleId: member.roleId }),
    orgId: call.state.org.id,
    level: "2",
    userLicenseTypeId: "creatorUT",
    privileges: member.privileges,
    disabled: member.disabled,
    groups: [],
  };
}

export const signInRoutes: readonly Route[] = [
  {
    method: "ANY",
    path: "/sharing/rest",
    form: "json",
    answer: ({ state: { org } }) => ({
      currentVersion: org.version,
      ...(org.enterpriseVersion === null ? {} : { enterpriseVersion: org.enterpriseVersion }),
    }),
  },
  {
    method: "ANY",
    path: "/sharing/rest/info",
    form: "json",
    answer: (call) => ({
      owningSystemUrl: call.portal,
      authInfo: { tokenServicesUrl: `${call.portal}/sharing/rest/generateToken`, isTokenBasedSecurity: true },
    }),
  },
  { method: "ANY", path: "/sharing/rest/generateToken", form: "json", answer: generateToken },
  { method: "ANY", path: "/sharing/generateToken", form: "json", answer: generateToken },
  { method: "ANY", path: "/sharing/rest/portals/:portal/servers", form: "json", answer: servers },
  { method: "ANY", path: "/sharing/rest/portals/:portal", form: "json", answer: self },
];
