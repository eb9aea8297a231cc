// Config -> Deps: the only wiring. What activities reach of the outside world, they reach through this.
import { inspectGdb, inspectZip } from "./clients/archive.ts";
import { inspectShapefiles } from "./clients/shapefile.ts";
import { makeBundle } from "./clients/bundle.ts";
import { type Mailer, sendGridMailer } from "./clients/mail.ts";
import { createPortal } from "./clients/portal/client.ts";
import type { Portal } from "./clients/portal/portal.ts";
import { type Identity, credentialOf } from "./clients/identity.ts";
import { type ReadSecret, secretsOf } from "./clients/secrets/sources.ts";
import { type StorageAccess, azureBlobStore } from "./clients/store/azure-blob.ts";
import { folderStore } from "./clients/store/folder-store.ts";
import type { Store } from "./clients/store/store.ts";
import { zipStream } from "./clients/zip-stream.ts";
import { zipTexts } from "./clients/zip-texts.ts";
import { type Config, environmentSecret } from "./config.ts";
import { type Profile, parseProfileText } from "./core/profile.ts";
import { type Result, failed, ok } from "./core/result.ts";
import { type TelemetryEvent, eventLine } from "./core/telemetry.ts";
import { refusedSignInPath } from "./core/work-paths.ts";
import { APP_VERSION } from "./version.ts";

export interface Deps {
  readonly appVersion: string;
  /** The app's own mutable state. */
  readonly work: Store;
  /** The profile of this name: `stored` is its blob where there is one, else the default profile of the settings. */
  profile(name: string, stored: Uint8Array | undefined): Result<Profile>;
  /** The profile of the settings; a blob of its name stands in front of it. */
  readonly defaultProfile: Profile | undefined;
  /** Profiles may name a folder of this machine. */
  readonly takesFolders: boolean;
  /** Where a profile's backups go. */
  backups(profile: Profile): Promise<Result<Store>>;
  /** The portal of a run; one client per process and run, so that a token is asked for once. */
  portal(profile: Profile, runId: string): Portal;
  /** Requests that this process has asked the portal in a run. */
  portalRequests(runId: string): number;
  /** This process, while it lives. */
  readonly workerId: string;
  /** undefined: the app has no mail service. */
  readonly mail: Mailer | undefined;
  /** Tells an event to whoever watches the app; an activity tells by its own log. */
  readonly tell: (event: TelemetryEvent) => void;
  readonly makeBundle: typeof makeBundle;
  readonly zipStream: typeof zipStream;
  readonly inspectGdb: typeof inspectGdb;
  readonly inspectShapefiles: typeof inspectShapefiles;
  readonly inspectZip: typeof inspectZip;
  readonly zipTexts: typeof zipTexts;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** Builds every client; nothing is sent until one is used. */
export function makeDeps(config: Config): Deps {
  const now = () => Date.now();
  const credential = credentials();
  const secrets = secretsOf(config.secrets, { credential, environment: environmentSecret, now });
  const access = (settings: Config["workStorage"]): StorageAccess =>
    "connectionString" in settings
      ? settings
      : { serviceUri: settings.serviceUri, credential: credential(settings.identity) };
  const work = azureBlobStore({ access: access(config.workStorage), container: "work" });
  if (!work.ok) throw new Error(`AzureWebJobsStorage: ${work.failure.text}`);
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  return {
    appVersion: APP_VERSION,
    work: work.value,
    profile: (name, stored) => profileOf(config, name, stored),
    defaultProfile: config.defaultProfile,
    takesFolders: config.takesFolders,
    backups: (profile) => backupsOf(config, access(config.backupStorage), secrets, profile),
    mail: mailerOf(config, secrets, now, wait),
    ...portals(secrets, work.value, now, wait),
    workerId: globalThis.crypto.randomUUID(),
    tell: (event) => console.log(eventLine(event)),
    makeBundle,
    zipStream,
    inspectGdb,
    inspectShapefiles,
    inspectZip,
    zipTexts,
    now,
    wait,
  };
}

function profileOf(config: Config, name: string, stored: Uint8Array | undefined): Result<Profile> {
  if (stored === undefined) {
    if (config.defaultProfile?.name === name) return ok(config.defaultProfile);
    return failed("bad-input", `No profile is called "${name}"`, "Check the name, or set DEFAULT_PROFILE");
  }
  const parsed = parseProfileText(new TextDecoder().decode(stored), config.takesFolders);
  if (parsed.ok && parsed.profile.name !== name) {
    return failed(
      "bad-input",
      `The profile "${name}" calls itself "${parsed.profile.name}"`,
      "Give it the name under which it is stored",
    );
  }
  if (parsed.ok) return ok(parsed.profile);
  const problems = parsed.problems.map((problem) => problem.text).join("; ");
  return failed("bad-input", `The profile "${name}" has mistakes: ${problems}`, "Correct the profile");
}

async function backupsOf(
  { takesFolders }: Config,
  access: StorageAccess,
  secrets: ReadSecret,
  profile: Profile,
): Promise<Result<Store>> {
  const { container, connectionSecret, folder } = profile.destination;
  if (folder !== undefined) return takesFolders ? folderStore({ folder }) : noFolders(profile.name);
  if (connectionSecret === undefined) return azureBlobStore({ access, container });
  const connectionString = await secrets(connectionSecret);
  if (!connectionString.ok) return connectionString;
  const renewed = () => secrets(connectionSecret, { afresh: true });
  return azureBlobStore({ access: { connectionString: connectionString.value, renewed }, container });
}

/** A run keeps the profile that it was opened with: it may have begun where folders are taken. */
function noFolders(name: string): Result<Store> {
  return failed(
    "bad-input",
    `The profile "${name}" keeps its backups in a folder, and this app keeps no files on a disk`,
    "Name a container in destination.container, or run the profile on one machine with npm run backup or npm start",
  );
}

/** One credential for each identity, so that its tokens serve all clients. */
function credentials() {
  const made = new Map<string, ReturnType<typeof credentialOf>>();
  return (identity: Identity) => {
    const key = JSON.stringify(identity);
    const credential = made.get(key) ?? credentialOf(identity);
    made.set(key, credential);
    return credential;
  };
}

function mailerOf(
  { mail }: Config,
  secrets: ReadSecret,
  now: () => number,
  wait: (ms: number) => Promise<void>,
): Mailer | undefined {
  if (mail === undefined) return undefined;
  const { from, baseUrl, secret } = mail;
  return sendGridMailer({ from, baseUrl, key: () => secrets(secret, { afresh: true }), now, wait });
}

/** A handful of runs at a time is the most that a worker sees; older clients are forgotten with their tokens. */
const CLIENTS_KEPT = 4;
/** A client that was forgotten and made again goes on counting. */
const COUNTS_KEPT = 50;

function portals(
  secrets: ReadSecret,
  work: Store,
  now: () => number,
  wait: (ms: number) => Promise<void>,
): Pick<Deps, "portal" | "portalRequests"> {
  const kept = new Map<string, Portal>();
  const requests = new Map<string, number>();
  const portalOf = (profile: Profile, runId: string): Portal => {
    const known = kept.get(runId);
    if (known !== undefined) return known;
    const refused = refusedSignInPath(profile.name);
    const portal = createPortal({
      url: profile.portal.url,
      auth: {
        kind: "password",
        username: profile.portal.auth.username,
        password: async () => {
          // ArcGIS Online locks an account after five refusals: no worker tries what another one was refused with.
          const before = await work.get(refused);
          if (before.ok && before.value !== undefined && markedBy(before.value.bytes) === runId) {
            return failed(
              "sign-in-refused",
              `The portal refused the password of "${profile.portal.auth.username}" earlier in this run`,
              "Correct the secret that the profile names, then start another run",
            );
          }
          // A password that was changed a moment ago must not be tried once more as it was.
          return secrets(profile.portal.auth.secret, { afresh: true });
        },
      },
      onSignInRefused: async (failure) => {
        await work.put(refused, JSON.stringify({ runId, at: now(), text: failure.text }));
      },
      onRequest: () => requests.set(runId, (requests.get(runId) ?? 0) + 1),
      now,
      wait,
      userAgent: `arcgis-backup-for-azure/${APP_VERSION}`,
    });
    kept.set(runId, portal);
    for (const oldest of kept.keys()) {
      if (kept.size <= CLIENTS_KEPT) break;
      kept.delete(oldest);
    }
    for (const oldest of requests.keys()) {
      if (requests.size <= COUNTS_KEPT) break;
      requests.delete(oldest);
    }
    return portal;
  };
  return { portal: portalOf, portalRequests: (runId) => requests.get(runId) ?? 0 };
}

function markedBy(bytes: Uint8Array): unknown {
  return (JSON.parse(new TextDecoder().decode(bytes)) as { runId?: unknown }).runId;
}
