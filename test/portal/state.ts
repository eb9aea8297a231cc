// Everything the sample portal knows. Tests read and change it; the endpoints hold nothing of their own.
import { createHash } from "node:crypto";
import type { Content } from "./content.ts";
import type { Faults } from "./faults.ts";
import type { ReplicaJob, Service, TileJob, TileService } from "./service-state.ts";

export type {
  Attachment,
  Layer,
  LayerField,
  LayerRow,
  ReplicaJob,
  Service,
  TileJob,
  TileService,
} from "./service-state.ts";

export interface Member {
  readonly username: string;
  fullName: string;
  password: string;
  role: "org_admin" | "org_publisher" | "org_user";
  /** Set for a custom role: then `privileges` tells, not `role`. */
  roleId?: string;
  privileges: string[];
  disabled: boolean;
  /** esri_*: left out of the members with excludeSystemUsers=true. */
  system: boolean;
  created: number;
  /** Times of wrong passwords, on the sample's clock. */
  wrongPasswords: number[];
}

export interface Folder {
  readonly id: string;
  readonly owner: string;
  title: string;
  created: number;
}

export interface Group {
  readonly id: string;
  title: string;
  owner: string;
  access: string;
  readonly members: string[];
}

export interface Resource {
  /** With its prefix: `images/a b.png`. */
  readonly name: string;
  content: Content;
  created: number;
  access: "inherit" | "private";
}

export type ItemData =
  | { readonly kind: "none"; readonly answer: "empty" | "400" | "500" }
  | { readonly kind: "json"; readonly content: Content }
  /** `picky`: asked with f or Accept JSON it answers an HTML page with a script. */
  | { readonly kind: "file"; readonly content: Content; readonly picky?: boolean };

/** The fields of the item object that are stored; the rest of the object is derived when it is sent. */
export interface ItemFields {
  title: string;
  type: string;
  typeKeywords: string[];
  description: string | null;
  snippet: string | null;
  tags: string[];
  name: string | null;
  url: string | null;
  access: "private" | "shared" | "org" | "public";
  size: number;
  created: number;
  modified: number;
  protected: boolean;
  numViews: number;
  lastViewed: number;
  categories: string[];
  properties: Record<string, unknown> | null;
  extent: number[][];
}

export interface Item {
  readonly id: string;
  owner: string;
  /** null = root folder. */
  folderId: string | null;
  orgId: string;
  readonly fields: ItemFields;
  data: ItemData;
  readonly resources: Resource[];
  thumbnail: Content | null;
  metadata: Content | null;
  readonly groups: string[];
  readonly related: { readonly type: string; readonly id: string }[];
  /** Its JSON is sent with raw control characters inside strings. */
  rawControls: boolean;
  /** The search leaves it out, now and for ever. */
  hidden: boolean;
  /** When it went to the recycle bin. */
  binnedAt: number | null;
}

export interface ExportJob {
  readonly id: string;
  readonly itemId: string;
  readonly sourceId: string;
  readonly startedAt: number;
  readonly doneAt: number;
  /** When the status says completed; before or after `doneAt` for a job that lies. */
  readonly toldDoneAt: number;
  readonly fails: string | null;
  readonly statusError: { readonly code: number; readonly message: string } | null;
  readonly forgotten: boolean;
  readonly whole: Uint8Array;
  polls: number;
}

export interface Token {
  readonly username: string;
  readonly referer: string | null;
  readonly expires: number;
  /** Root of the federated server that it is for; null = for the portal. */
  readonly serverUrl: string | null;
}

/** `storage`: the object storage behind downloads (ArcGIS Online). `hosting`: the federated server (ArcGIS Enterprise). */
export type ServerName = "portal" | "storage" | "hosting";

/** One request; where the token came, never the token. */
export interface RequestLogEntry {
  readonly at: number;
  readonly server: ServerName;
  readonly method: string;
  readonly path: string;
  readonly user: string | null;
  readonly token: "none" | "form" | "query" | "header";
  readonly status: number | "reset" | "hang";
}

export interface PortalState {
  readonly org: {
    id: string;
    name: string;
    urlKey: string;
    /** ArcGIS Enterprise. */
    isPortal: boolean;
    version: string;
    /** Enterprise only: the version that administrators know. */
    enterpriseVersion: string | null;
    recycleBinEnabled: boolean;
  };
  readonly members: Map<string, Member>;
  readonly folders: Folder[];
  readonly groups: Map<string, Group>;
  readonly items: Map<string, Item>;
  readonly services: Map<string, Service>;
  /** By `{name}/{type}`. */
  readonly tileServices: Map<string, TileService>;
  readonly replicas: Map<string, ReplicaJob>;
  readonly tileJobs: Map<string, TileJob>;
  readonly jobs: Map<string, ExportJob>;
  readonly tokens: Map<string, Token>;
  readonly requests: RequestLogEntry[];
  readonly faults: Faults;
  readonly options: {
    /** Results that a search can page to. */
    searchCap: number;
    /** Scaled minutes until a new item is found by the search. */
    indexLagMinutes: number;
    /** An export's tags are dropped, as some portals do. */
    dropExportTags: boolean;
    /** Scaled minutes that a token lives when `expiration` is not sent. */
    tokenMinutes: number;
    /** Scaled minutes that the token of a federated server lives at most. */
    serverTokenMinutes: number;
    /** Member whose content listing sends its first page for ever. */
    repeatsPagesOf: string | null;
    /** A list of several relation types is refused, as older portals may. */
    oneRelationAtATime: boolean;
    /** Bytes of exports that fit on the server's disk; a job that needs more fails. Deleting an export frees its bytes. */
    exportDiskBytes: number;
  };
  serial: number;
}

export const PRIVILEGES = [
  "portal:admin:viewUsers",
  "portal:admin:viewItems",
  "portal:admin:updateItems",
  "portal:admin:deleteItems",
  "portal:admin:viewGroups",
  "portal:admin:reassignItems",
  "portal:user:createItem",
  "portal:user:createGroup",
  "portal:publisher:publishFeatures",
  "features:user:fullEdit",
];

/** 32 hex digits, always the same for a name. */
export function idOf(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 32);
}

export type PortalKind = "online" | "enterprise";

const ORGANISATIONS: Readonly<Record<PortalKind, PortalState["org"]>> = {
  online: {
    id: "AcmeOrg1Sample00",
    name: "City of Acme (sample)",
    urlKey: "acme-sample",
    isPortal: false,
    version: "2025.1",
    enterpriseVersion: null,
    recycleBinEnabled: true,
  },
  // Every portal of ArcGIS Enterprise has this id.
  enterprise: {
    id: "0123456789ABCDEF",
    name: "City of Acme (sample portal)",
    urlKey: "",
    isPortal: true,
    version: "2024.1",
    enterpriseVersion: "11.3.0",
    recycleBinEnabled: false,
  },
};

export function emptyState(faults: Faults, kind: PortalKind = "online"): PortalState {
  return {
    org: { ...ORGANISATIONS[kind] },
    members: new Map(),
    folders: [],
    groups: new Map(),
    items: new Map(),
    services: new Map(),
    tileServices: new Map(),
    replicas: new Map(),
    tileJobs: new Map(),
    jobs: new Map(),
    tokens: new Map(),
    requests: [],
    faults,
    options: {
      searchCap: 10_000,
      indexLagMinutes: 0,
      dropExportTags: false,
      tokenMinutes: 60,
      serverTokenMinutes: 60,
      repeatsPagesOf: null,
      oneRelationAtATime: false,
      exportDiskBytes: Infinity,
    },
    serial: 0,
  };
}
