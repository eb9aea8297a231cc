// The portal as activities see it. Every call has deadlines, retries the transient for at most a minute and returns
// its failure; none throws for anything that the portal or the network does. Tokens stay inside.
import type { RelationDirection } from "../../core/relation-types.ts";
import type { Result } from "../../core/result.ts";
import type { ServiceCalls } from "./service-calls.ts";

/** One JSON answer: the parsed value and the bytes exactly as the portal sent them. */
export interface JsonReply {
  readonly value: Record<string, unknown>;
  readonly raw: Uint8Array;
}

export interface PortalSelf {
  readonly id: string;
  readonly name: string;
  /** Canonical base without `/sharing/rest`, e.g. `https://acme.maps.arcgis.com` or `https://gis.acme.org/portal`. */
  readonly base: string;
  readonly kind: "online" | "enterprise";
  readonly version: string;
  readonly username: string;
  readonly privileges: readonly string[];
  /** Judged by privileges viewUsers and viewItems, never by a role's name. */
  readonly seesAllItems: boolean;
}

/** One page of a 1-based paged list. `nextStart` -1 = the end. */
export interface Page<T> {
  readonly total: number;
  readonly nextStart: number;
  readonly entries: readonly T[];
}

export interface Member {
  readonly username: string;
  readonly disabled: boolean;
}

/** A group as a listing of groups tells it. */
export interface Group {
  readonly id: string;
  readonly title: string;
}

/** What one page of a member's content tells of all of it. */
export interface ContentSummary {
  /** Items in the root folder and in all others; in the root folder alone on portals that do not count the others. */
  readonly total: number;
  readonly folders: readonly Folder[];
}

export interface Folder {
  readonly id: string;
  readonly title: string;
}

/** An item as a listing sends it, unchecked beyond `id`, `owner`, `title` and `type`. */
export type RawItem = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly owner: string;
  readonly title: string;
  readonly type: string;
};

/**
 * A body on its way. Read it once, to the end or not at all (`discard`). The iteration throws a
 * `DownloadError` (see download.ts) whose `failure` says why when the body breaks, stalls, ends before or goes past
 * its declared length; it never ends cleanly on a short body. No retry inside: the caller starts again.
 */
export interface Download {
  readonly body: AsyncIterable<Uint8Array>;
  /** Declared bytes; null when the portal does not say (chunked). */
  readonly length: number | null;
  readonly contentType: string;
  /** From Content-Disposition; null when absent. Hostile input. */
  readonly fileName: string | null;
  discard(): void;
}

/** What an item can be exported as (rest-api 10); which layers take which is for the portal to say. */
export type ExportFormat = "File Geodatabase" | "Shapefile" | "CSV" | "Scene Package" | "Vector Tile Package";

export interface ExportStart {
  /** User in whose content the path puts the export: the caller first, then the owner. */
  readonly user: string;
  readonly itemId: string;
  readonly title: string;
  readonly tag: string;
  readonly format: ExportFormat;
  /** Layers and tables by id; absent = all of them. */
  readonly layers?: readonly number[];
}

export interface ExportJob {
  readonly exportItemId: string;
  readonly jobId: string;
}

/** `status` is lower-cased: partial, processing, completed, failed, or whatever else the portal says. */
export interface ExportStatus {
  readonly status: string;
  readonly message: string;
}

/** The organisation itself, read only; every entry as the portal sends it, secrets included. */
export interface Organisation {
  /** portals/self. */
  self(): Promise<Result<JsonReply>>;
  users(start: number): Promise<Result<Page<Readonly<Record<string, unknown>>>>>;
  roles(start: number): Promise<Result<Page<Readonly<Record<string, unknown>>>>>;
  /** `{ categorySchema: [...] }` of the organisation's content categories. */
  categories(): Promise<Result<JsonReply>>;
  /** One page of the search over the groups that the account may see, by their creation; 10,000 at most. */
  groups(
    organisationId: string,
    start: number,
  ): Promise<Result<Page<Readonly<Record<string, unknown>> & { readonly id: string }>>>;
  group(id: string): Promise<Result<JsonReply>>;
  /** `{ owner, admins, users }`: user names. */
  groupUsers(id: string): Promise<Result<JsonReply>>;
  groupCategories(id: string): Promise<Result<JsonReply>>;
  /** Ids of the items that are shared with a group. */
  groupItems(id: string, start: number): Promise<Result<Page<string>>>;
}

export interface Portal extends ServiceCalls {
  readonly organisation: Organisation;
  /** Resolves the address, signs in, reads portals/self. The failure says which of these went wrong. */
  connect(): Promise<Result<PortalSelf>>;
  members(start: number): Promise<Result<Page<Member>>>;
  folders(username: string): Promise<Result<readonly Folder[]>>;
  /** One page of a member's root folder (`folderId` null) or folder. */
  content(username: string, folderId: string | null, start: number): Promise<Result<Page<RawItem>>>;
  /** How much a member's content is, in one call (rest-api 5.3, `foldersContent`). */
  contentSummary(username: string): Promise<Result<ContentSummary>>;
  /** One page of what lies in a member's recycle bin (ArcGIS Online; others take the question for one of `content`). */
  recycled(username: string, start: number): Promise<Result<Page<RawItem>>>;
  /** One page of the organisation's search; `total` counts what the caller may see. Sorted by created, ascending. */
  search(query: string, start: number): Promise<Result<Page<RawItem>>>;
  /** One page of the organisation's groups that the caller may see. */
  groupsOf(orgId: string, start: number): Promise<Result<Page<Group>>>;
  /** A group by its id; `not-found` also for one that the caller may not see. */
  group(id: string): Promise<Result<Group>>;
  /** One page of the items that are shared with a group; items of other organisations may be among them. */
  groupContent(id: string, start: number): Promise<Result<Page<RawItem>>>;
  /** `not-found` when the portal says CONT_0001; `no-access` for permission texts. */
  item(id: string): Promise<Result<JsonReply>>;
  groups(id: string): Promise<Result<JsonReply>>;
  /**
   * One page of the items that are related to this one by any of the types; the answer does not say by which. Types that the
   * portal refused once, or lists of several types, are `not-supported` from then on, without asking.
   */
  related(
    id: string,
    types: readonly string[],
    direction: RelationDirection,
    start: number,
  ): Promise<Result<Page<RawItem>>>;
  /** Addresses of the servers that are federated with the portal, as it lists them; none where it tells this account none. */
  servers(): Promise<Result<readonly string[]>>;
  /** /data. `length` 0 or an empty body = no data; an answer "does not have a file" is an empty download too. */
  data(id: string, expect: "json" | "file"): Promise<Result<Download>>;
  resources(
    id: string,
    start: number,
  ): Promise<Result<Page<{ readonly resource: string; readonly size: number; readonly access: string }>>>;
  resource(id: string, name: string): Promise<Result<Download>>;
  /** info/{name}: thumbnail path or `metadata/metadata.xml`; undefined when the item has none (400, 404, 500 answers). */
  info(id: string, name: string): Promise<Result<Uint8Array | undefined>>;
  /** GET {serviceUrl}{suffix}?f=json, e.g. suffix `/layers`, `/0`, `/sources`. The portal's token only to its own hosts; a federated server gets its own. */
  service(serviceUrl: string, suffix: string): Promise<Result<JsonReply>>;
  /** POST {serviceUrl}/{layerId}/query returnCountOnly. */
  count(serviceUrl: string, layerId: number): Promise<Result<number>>;
  /** Count of attachments of a layer, by queryAttachments or undefined where the layer does not support it. */
  attachmentCount(serviceUrl: string, layerId: number): Promise<Result<number | undefined>>;
  /** Not repeated inside after anything but a certain refusal: the caller looks for its title first. */
  startExport(start: ExportStart): Promise<Result<ExportJob>>;
  exportStatus(owner: string, job: ExportJob): Promise<Result<ExportStatus>>;
  /** Sets the tags of an item (comma list in, replaces). */
  setTags(owner: string, id: string, tags: readonly string[]): Promise<Result<void>>;
  /** permanentDelete=true. An item that is gone already is a success. */
  deleteItem(owner: string, id: string): Promise<Result<void>>;
  /** Name of the user that signed in; after `connect`. */
  readonly username: string;
}
