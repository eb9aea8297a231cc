// The one table of the campaign: what a run promises for each call that meets each kind of trouble. Outcomes are those of
// `observe` in judge.ts, as sources of regular expressions; a kind that a row does not name costs nothing: `saved`.
import type { CallName } from "./calls.ts";
import { KIND_NAMES, type KindName } from "./kinds.ts";
import type { MailCase } from "./mail-case.ts";
import type { PortalCase } from "./portal-case.ts";
import { OPERATIONS, type StorageCase } from "./storage-case.ts";

type Losses = Readonly<Partial<Record<KindName, string>>>;
interface Row {
  readonly once: Losses;
  readonly always: Losses;
}

const TOKEN = ["401", "498", "499"] as const;
/** Trouble below HTTP, and what a server says of itself: asked again for at most a minute. */
const PASSING = [
  "429 in seconds",
  "429 with a date",
  "500",
  "503",
  "reset before",
  "reset after",
  "cut",
  "length too long",
  "length too short",
  "hang",
] as const;
/** Answers that are none: no JSON, or another host's. */
const ODD = ["html", "empty", "short, cleanly", "redirect elsewhere"] as const;
const FINAL = ["403", "404", "json error", "redirect in a circle"] as const;
const ALL = KIND_NAMES.filter((kind) => kind !== "drip");

function all(kinds: readonly KindName[], outcome: string): Losses {
  return Object.fromEntries(kinds.map((kind) => [kind, outcome]));
}

function but(row: Row, once: Losses, always: Losses = {}): Row {
  return { once: { ...row.once, ...once }, always: { ...row.always, ...always } };
}

/** A question that is asked again when the trouble may pass, and with another token when the token is not taken. */
function read(lost: (reason: string) => string): Row {
  const final = {
    "403": lost("no-access"),
    "404": lost("not-found"),
    ...all(["json error", "redirect in a circle"], lost("portal-error")),
  };
  return {
    once: final,
    always: {
      ...final,
      ...all(["401", "499"], lost("no-access")),
      "498": lost("portal-error"),
      ...all([...PASSING, ...ODD], lost("(transient|truncated)")),
    },
  };
}

/** What is posted follows no redirect to another host. */
function post(lost: (reason: string) => string): Row {
  return but(
    read(lost),
    { "redirect elsewhere": lost("portal-error") },
    { "redirect elsewhere": lost("portal-error") },
  );
}

/** A file or another content: a web page is known by its first bytes. */
function content(lost: (reason: string) => string): Row {
  return but(read(lost), {}, { html: lost("wrong-content") });
}

/** The same however the question fails in the end; `once`: kinds that nothing is asked again for. */
function same(outcome: string, once: readonly KindName[] = FINAL): Row {
  return { once: all(once, outcome), always: all(ALL, outcome) };
}

const failed = (reason: string) => `failed ${reason}`;
const runFailed = (reason: string) => `run failed ${reason}`;
const NOTED = "saved, noted";
const LOST_RESOURCE = "saved, lost resource-missing";
const LOST_ORGANISATION = "saved, organisation lost";
const NOTED_ORGANISATION = "saved, organisation noted";
const BY_ROWS = "saved by rows, lost lesser-format, noted";
const ANOTHER = "saved by (fgdb-again|replica), noted";

/** A part of the organisation: what the account may not see is a note, anything else a loss of the run. */
const part = but(
  read(() => LOST_ORGANISATION),
  { "403": NOTED_ORGANISATION },
  all(["401", "403", "499"], NOTED_ORGANISATION),
);
/** A part that not every portal has. */
const rarePart = but(part, all(FINAL, NOTED_ORGANISATION), all([...FINAL, ...TOKEN], NOTED_ORGANISATION));
/** Thumbnail and metadata: what the portal says it has not is told, and the item is worth keeping without. */
const info = but(
  content(failed),
  { ...all(["404", "json error", "empty"], NOTED) },
  {
    ...all(["404", "500", "json error", "empty"], NOTED),
    "short, cleanly": "saved",
    "redirect elsewhere": "(saved|failed wrong-content)",
  },
);
const resource = but(content(failed), all(["403", "404"], LOST_RESOURCE), {
  ...all(["401", "403", "404", "499", "empty", "short, cleanly"], LOST_RESOURCE),
  "redirect elsewhere": `(${LOST_RESOURCE}|failed wrong-content)`,
});
/** The signed address of an object storage: asked for anew whatever it answers, for a minute. */
const storage = {
  once: { "redirect in a circle": "failed portal-error", empty: "saved" },
  always: {
    ...all([...TOKEN, ...PASSING, "403", "404", "json error"], "failed (transient|truncated)"),
    ...all(["html", "empty", "redirect elsewhere"], "failed wrong-content"),
    "redirect in a circle": "failed portal-error",
  },
} satisfies Row;

const tilesStart = but(
  post((reason) => failed(reason === "portal-error" || reason === "not-found" ? "export-failed" : reason)),
  {},
  all(["498"], "failed export-failed"),
);
/** Where no other way is left, the item has failed as its queries did. */
const rowsPost = post((reason) => failed(reason === "not-found" ? "export-failed" : reason));
const NO_TOKEN: Losses = {
  ...all(["403", "404", "498", "html", "redirect elsewhere"], "run failed portal-error"),
  ...all(["401", "499"], "run failed (sign-in-refused|portal-error|no-access)"),
  "json error": "run failed sign-in-refused",
};

const TABLE: Readonly<Record<CallName, Row>> = {
  // The portal's candidates are asked one after another; an answer that wants a token is a portal.
  "find the portal": but(
    read(runFailed),
    {
      ...all(FINAL, "saved"),
      "403": "(saved|run failed portal-error)",
      ...all(["498", "499"], "run failed portal-error"),
    },
    {
      ...all(["401", "404", "json error", "redirect in a circle"], "run failed portal-unknown"),
      "403": "run failed portal-(unknown|error)",
      "redirect elsewhere": "run failed (transient|portal-unknown)",
      ...all(["498", "499"], "run failed portal-error"),
    },
  ),
  // A password that is refused once is not sent again, and neither is one to a portal that gives nobody a token.
  generateToken: but(read(runFailed), NO_TOKEN, NO_TOKEN),
  // A token that is seconds old is not the reason why it is not taken.
  "portals/self": but(read(runFailed), all(["401", "499"], "run failed no-access")),
  members: read(runFailed),
  folders: same("saved, unlisted"),
  "root folder": same("saved, unlisted"),
  folder: same("saved, unlisted"),
  search: same("saved, books noted"),
  "search as listing": read(runFailed),
  "count of content": same("saved, books noted"),
  "named groups": read(runFailed),
  "content of a named group": read(runFailed),

  item: read(failed),
  thumbnail: info,
  metadata: info,
  groups: read(failed),
  related: but(same(NOTED, []), {}, all([...PASSING, ...ODD], "failed transient")),
  "data, json": but(
    content(failed),
    {},
    {
      empty: NOTED,
      "short, cleanly": "saved",
      // Signed storage is another host too: JSON from there is the item's, a page is not.
      "redirect elsewhere": "(saved|failed (wrong-content|portal-error|transient))",
    },
  ),
  resources: read(failed),
  resource,
  "resource, json": resource,
  "data, zip": but(
    content(failed),
    { "redirect elsewhere": "(saved|failed wrong-content)" },
    // The portal's own answer is a redirect, which has no body to speak of.
    {
      ...all(["cut", "length too long", "length too short", "short, cleanly"], "saved"),
      ...all(["empty", "redirect elsewhere"], "failed wrong-content"),
      hang: "(saved|failed transient)",
    },
  ),
  "storage, zip": but(
    storage,
    { "short, cleanly": "failed truncated", "redirect elsewhere": "(saved|failed wrong-content)" },
    { "short, cleanly": "failed truncated" },
  ),
  "storage, photo": but(storage, { "redirect elsewhere": "(saved|failed wrong-content)" }),
  "storage, any file": but(storage, {}, { "redirect elsewhere": "(saved|failed wrong-content)" }),

  "layers before": but(read(failed), all(FINAL, "saved")),
  "count before": same(NOTED, []),
  "layer before": same(NOTED, []),
  "attachments before": same(NOTED, []),
  "look for the title": { once: {}, always: {} },
  "export start": {
    once: all(["404", "json error", "redirect in a circle", "redirect elsewhere"], ANOTHER),
    always: {
      ...all(
        [...TOKEN, ...FINAL, ...ODD, "429 in seconds", "429 with a date", "500", "503", "reset before"],
        ANOTHER,
      ),
      hang: `(saved|${ANOTHER})`,
      "short, cleanly": "saved",
    },
  },
  "export adopted": same("failed export-timeout", []),
  "export tags": { once: {}, always: {} },
  "export status": { once: {}, always: {} },
  "export item": same("failed export-timeout", []),
  "export data": {
    once: all(["403", "404", "json error", "redirect in a circle"], ANOTHER),
    always: {
      ...all([...TOKEN, ...FINAL, ...PASSING], ANOTHER),
      ...all(["html", "empty", "redirect elsewhere"], "failed export-timeout"),
      ...all(["cut", "length too long", "length too short"], "saved"),
      hang: `(saved|${ANOTHER})`,
    },
  },
  "export storage": {
    once: { "redirect in a circle": ANOTHER },
    always: {
      ...all([...TOKEN, ...FINAL, ...PASSING], ANOTHER),
      ...all([...ODD, "cut", "length too long", "length too short"], "failed export-timeout"),
      hang: `(${ANOTHER}|failed export-timeout)`,
    },
  },
  "layers after": but(read(failed), all(FINAL, "saved")),
  "count after": { once: {}, always: {} },
  "export delete": same("saved, left behind", []),
  service: read(failed),
  layers: read(failed),
  admin: but(same(NOTED), {}, all([...PASSING, ...ODD], "failed transient")),
  // A view whose sources are not told is exported by itself.
  sources: but(
    same("saved by fgdb, noted"),
    all(FINAL, "saved by fgdb(, noted)?"),
    all([...PASSING, ...ODD], "failed transient"),
  ),
  "service of a view": read(failed),

  "extract start": {
    once: all([...FINAL, "redirect elsewhere"], BY_ROWS),
    always: all(ALL, BY_ROWS),
  },
  "extract status": same(BY_ROWS, []),
  // Another host's page is known for one and asked for again; what it calls a file is not.
  "extract file": but(same(BY_ROWS, [...FINAL, "empty", "short, cleanly"]), {
    "redirect elsewhere": `(saved|${BY_ROWS})`,
  }),
  "row ids": rowsPost,
  // A window that fails is asked for again in smaller ones.
  rows: { once: {}, always: rowsPost.always },
  "attachments of rows": but(
    same("saved, lost attachments-missing", []),
    {},
    all(["404", "json error"], "saved"),
  ),
  attachment: same("saved, lost attachments-missing", FINAL),

  "tile service": but(
    read(failed),
    { "404": "failed (not-found|export-failed)" },
    { "404": "failed (not-found|export-failed)" },
  ),
  "tiles start": tilesStart,
  "tiles start, switched on": tilesStart,
  // A job that its service does not know is begun anew in another round, which meets the same.
  "tiles status": but(same("failed export-timeout", []), {}, all(["404", "json error"], "failed transient")),
  "tiles file": but(
    content(failed),
    {
      ...all(["401", "499"], "failed no-access"),
      "498": "failed portal-error",
      "403": "saved",
      "404": "failed export-failed",
      empty: "failed export-timeout",
      "short, cleanly": "failed truncated",
      "redirect elsewhere": "(saved|failed wrong-content)",
    },
    {
      "403": "failed transient",
      "404": "failed export-failed",
      empty: "failed export-timeout",
      "redirect elsewhere": "failed wrong-content",
    },
  ),
  // The switch is put back where it may have been turned; where that is not answered either, it is told.
  "tiles switch": post(
    (reason) => `${failed(reason === "not-found" ? "export-failed" : reason)}(, left behind)?`,
  ),
  "tiles switch back": same("saved, left behind", []),

  settings: part,
  users: part,
  roles: rarePart,
  categories: rarePart,
  "search of groups": part,
  // A group that is not found a moment after it was listed was deleted meanwhile.
  group: but(part, { "404": "saved" }, { "404": "saved" }),
  "users of a group": part,
  "categories of a group": rarePart,
  "items of a group": part,

  // A server that does not say whose it is gets no token.
  "server info": but(
    same("failed no-access", [...TOKEN, ...FINAL]),
    {},
    all([...PASSING, ...ODD], "failed (transient|no-access)"),
  ),
  servers: { once: {}, always: all([...PASSING, ...ODD], "failed transient") },
  "server token": but(post(failed), all([...FINAL, "redirect elsewhere"], "saved"), {
    ...all(TOKEN, "failed (export-failed|no-access|portal-error|sign-in-refused)"),
    ...all(FINAL, "failed (no-access|export-failed|portal-error|not-found)"),
  }),
  "federated layers": but(read(failed), all(FINAL, "saved")),
};

/** The bytes alone cannot show that they were cut or replaced, and the portal tells nothing to hold them against. */
const UNPROVABLE: Readonly<Partial<Record<CallName, readonly KindName[]>>> = {
  thumbnail: ["short, cleanly", "redirect elsewhere"],
  metadata: ["short, cleanly", "redirect elsewhere"],
  "data, json": ["short, cleanly", "redirect elsewhere"],
  "storage, photo": ["short, cleanly", "redirect elsewhere"],
  "storage, any file": ["short, cleanly", "redirect elsewhere"],
  // Kept as they came, and told as a loss.
  resource: ["short, cleanly", "empty", "redirect elsewhere"],
  "resource, json": ["short, cleanly", "empty", "redirect elsewhere"],
};

export function expectedAtPortal({ call, kind, often }: PortalCase): string {
  return TABLE[call][often][kind] ?? "saved";
}

export function isUnprovable(call: CallName, kind: KindName): boolean {
  return UNPROVABLE[call]?.includes(kind) ?? false;
}

/** What the storage refuses for good is the item's, or the run's, failure; what may pass is tried some times. */
export function expectedAtStorage({ operation, kind, often }: StorageCase): string {
  const refuses = kind === "403" || kind === "412" || kind.startsWith("409");
  if (!refuses && often === "once") return "saved";
  if (OPERATIONS[operation].of === "work") {
    return often === "always" ? "not sealed" : "saved|(run )?failed program-error";
  }
  // "It exists" is not believed of what is not there: the folder gets another name, the item its second round.
  const passes = often === "once" && kind.startsWith("409") ? "saved|" : "";
  if (RUN_ENDS.has(operation)) return `${passes}run failed ${STORAGE_REASON}`;
  // Only the export's own file is struck: when it cannot be stored or read again, queries still bring the rows.
  if (EXPORTS.has(operation) && kind !== "403" && kind !== "412")
    return `${passes}${ANOTHER}|${BY_ROWS}|failed ${STORAGE_REASON}`;
  return `${passes}failed ${STORAGE_REASON}`;
}

const STORAGE_REASON = "(storage-refused|transient|already-exists)";
/** Without these there is no restore point. */
const RUN_ENDS: ReadonlySet<StorageCase["operation"]> = new Set([
  "make the container",
  "claim the folder",
  "write the results",
  "write the manifest",
]);
const EXPORTS: ReadonlySet<StorageCase["operation"]> = new Set(["write an export", "read for the proof"]);

export function expectedAtMail({ kind, often }: MailCase): string {
  const passes = !["401", "403", "413"].includes(kind);
  return `saved, mail ${passes && often === "once" ? "sent" : "not sent"}`;
}
