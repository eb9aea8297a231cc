// What the organisation has beside members, groups and items: roles, categories, and settings that hold secrets.
import { noPermission } from "../answer.ts";
import { may, paged, signedIn, type Call } from "../call.ts";
import type { Route } from "../routes.ts";
import { oneGroup } from "./search.ts";

/** Values in portals/self that no backup may hold. */
export const SELF_SECRETS = ["sample-bing-key-AbC", "sample-client-secret-DeF", "sample-helper-token-GhI"];
const [BING_KEY, CLIENT_SECRET, HELPER_TOKEN] = SELF_SECRETS;

/** Settings as an administrator reads them; some are nobody else's business. */
export const SETTINGS = {
  bingKey: BING_KEY,
  canShareBingPublic: false,
  portalProperties: {
    sharedTheme: { logo: null },
    signIn: { clientId: "acme", clientSecret: CLIENT_SECRET },
  },
  basemapGalleryGroupQuery: 'title:"Basemaps" AND owner:acme',
  geocoder: `https://geo.acme.example/arcgis/rest/services/World/GeocodeServer?token=${HELPER_TOKEN ?? ""}&f=json`,
};

export const ROLES = [
  { id: "ZoAmxdLocwElpsJZ", name: "Data keeper", description: 'Keeps "data"', created: 1_600_000_000_000 },
  { id: "iAAAAAAAAAAAAAAA", name: "Viewer", description: "Viewer", created: 1_500_000_000_000 },
];

export const CATEGORIES = [
  { title: "Categories", source: null, categories: [{ title: "Water – Wasser", categories: [] }] },
];

function roles(call: Call): object {
  if (!may(signedIn(call), "portal:admin:viewUsers")) throw noPermission();
  const { page, ...paging } = paged(call, ROLES);
  return { ...paging, roles: page };
}

export const organisationRoutes: readonly Route[] = [
  { method: "ANY", path: "/sharing/rest/portals/:portal/roles", form: "json", answer: roles },
  {
    method: "ANY",
    path: "/sharing/rest/portals/:portal/categorySchema",
    form: "json",
    answer: () => ({ categorySchema: CATEGORIES }),
  },
  {
    method: "ANY",
    path: "/sharing/rest/community/groups/:id/categorySchema",
    form: "json",
    answer: (call) => {
      oneGroup(call);
      return { categorySchema: [] };
    },
  },
];
