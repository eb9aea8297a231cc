// The parts of Results.txt that account for the run as a whole: what was saved, skipped, not seen, left.
import { SKIP_CAUSES } from "./item.ts";
import { printable } from "./printable.ts";
import { nameOf, section, WIDTH } from "./results-items.ts";
import type { Books, LeftBehind, PortalSummary, RunSummary } from "./run.ts";
import { MISSING_LABELS } from "./standing-missing.ts";
import { missingWords } from "./standing-words.ts";
import type { CountBy, Tally } from "./tally.ts";
import { formatCount, formatOf } from "./units.ts";
import { wrap } from "./wrap.ts";

const INDENT = "     ";
const MOST_LEFT = 20;

/** What ArcGIS does not give out, or this product does not take, whatever the run's verdict. */
const NOT_INCLUDED = [
  "members' passwords, licences and sign-in settings, and keys and tokens of the organisation",
  "passwords and keys that ArcGIS keeps inside items, such as stored credentials of services",
  "schedules of notebooks and tasks, webhooks, Hub domains, usage figures, comments and ratings",
  "data of services outside the organisation: the item that points to them says only where they are",
];

/** Said when the account's privileges hide items: the hole in the backup that no count can show. */
export function blindSpotSection(portal: PortalSummary | null): string[] {
  if (portal === null || portal.seesAllItems) return [];
  const account = `"${printable(portal.username, 40)}"`;
  return section("NOT VISIBLE TO THE ACCOUNT", [
    ...wrap(
      `${account} sees its own items and what others share with it. Items of other members are neither in this` +
        " backup nor in the counts above.",
      WIDTH,
      INDENT,
    ),
    ...wrap(
      "Do: give the account a role with the administrative privileges Members > View and Content > View" +
        " (portal:admin:viewUsers, portal:admin:viewItems).",
      WIDTH,
      INDENT,
      `${INDENT}    `,
    ),
  ]);
}

/** Members whose items may be missing altogether: no count can show those. */
export function unlistedSection(books: Books | null): string[] {
  const unlisted = books?.unlisted ?? [];
  return section(unlisted.length === 0 ? "" : `NOT LISTED IN FULL (${formatCount(unlisted.length)})`, [
    ...unlisted
      .slice(0, MOST_LEFT)
      .flatMap(({ username, text }) =>
        wrap(`${printable(username, 40)}: ${printable(text)}`, WIDTH, INDENT, `${INDENT}    `),
      ),
    ...more(unlisted.length - MOST_LEFT, "manifest.json"),
  ]);
}

/** What the run before listed and this one did not. */
export function missingSection({ compared }: RunSummary): string[] {
  const missing = compared?.missing ?? null;
  if (missing === null || missing.total === 0) return [];
  return section(`NOT LISTED ANY MORE (${formatCount(missing.total)})`, [
    ...missingWords(missing, "UTC", 0).flatMap((line) => wrap(`${line}.`, WIDTH, INDENT)),
    ...missing.items
      .slice(0, MOST_LEFT)
      .map((item) => `${INDENT}  ${MISSING_LABELS[item.label]}: ${nameOf(item)}   ${item.id}`),
    ...(missing.total <= MOST_LEFT
      ? []
      : [`${INDENT}  ... and ${formatCount(missing.total - MOST_LEFT)} more`]),
  ]);
}

/** How many of each type were saved, the most frequent first. */
export function savedSection({ counts, savedByType }: Tally): string[] {
  const parts = byCount(savedByType).map(([type, count]) => `${printable(type, 40)} ${formatCount(count)}`);
  return section(`SAVED BY TYPE (${formatCount(counts.saved)})`, wrap(parts.join(" · "), WIDTH, INDENT));
}

/** Every cause of a skip with its sentence. */
export function skippedSection({ counts, skippedByCause }: Tally): string[] {
  return section(
    `SKIPPED (${formatCount(counts.skipped)})`,
    byCount(skippedByCause).map(
      ([cause, count]) => `${formatCount(count).padStart(8)}  ${SKIP_CAUSES[cause]}`,
    ),
  );
}

/** Types that the type table does not know, so that somebody can say what they need. */
export function unknownTypesSection({ unknownTypes }: Tally): string[] {
  if (unknownTypes.length === 0) return [];
  const parts = byCount(unknownTypes).map(([type, count]) => `${printable(type, 40)} ${formatCount(count)}`);
  return section("TYPES THAT THIS VERSION DOES NOT KNOW", [
    ...wrap("Treated by the safe default: everything that ArcGIS gave for them was taken.", WIDTH, INDENT),
    ...wrap(parts.join(" · "), WIDTH, INDENT),
  ]);
}

/** The fixed list of what no run holds. */
export function notIncludedSection(): string[] {
  return section(
    "NOT INCLUDED BY NATURE",
    NOT_INCLUDED.map((text) => `${INDENT}${text}`),
  );
}

/** Temporary exports that lie in ArcGIS still: ours that could not be deleted, and those of others. */
export function leftBehindSection(left: readonly LeftBehind[], swept: number): string[] {
  const lines = left
    .slice(0, MOST_LEFT)
    .flatMap(({ id, title, owner, ours, text }) => [
      `${INDENT}${ours ? "of this product" : "of another product"}: ${printable(title, 50)} (${printable(owner, 30)})   ${id}`,
      ...wrap(printable(text), WIDTH, `${INDENT}  `),
    ]);
  return section("LEFT BEHIND IN ARCGIS", [
    ...(lines.length === 0 ? [`${INDENT}nothing`] : lines),
    ...more(left.length - MOST_LEFT, "manifest.json"),
    ...(swept === 0
      ? []
      : [`${INDENT}${formatOf(swept, "temporary export")} of earlier runs of this product removed`]),
  ]);
}

/** Who ran what against whom, for whoever reads it years later. */
export function runSection({ run, portal, portalRequests, counts }: RunSummary): string[] {
  const kind = portal?.kind === "online" ? "ArcGIS Online" : "ArcGIS Enterprise";
  return section("RUN", [
    `${INDENT}${run.runId}, started by ${run.startedBy}, ArcGIS Backup for Azure ${run.appVersion}`,
    ...(portalRequests === 0
      ? []
      : [
          `${INDENT}${formatCount(portalRequests)} requests to ArcGIS, ${perItem(portalRequests, counts.listed)}`,
        ]),
    portal === null
      ? `${INDENT}${printable(run.portalUrl, 90)} (not signed in)`
      : `${INDENT}${printable(portal.base, 80)} (${kind} ${printable(portal.version, 20)}) as "${printable(portal.username, 40)}"`,
  ]);
}

function perItem(requests: number, items: number): string {
  return items === 0 ? "before any item was listed" : `${(requests / items).toFixed(1)} for each listed item`;
}

function byCount<W extends string>(counts: CountBy<W>): CountBy<W> {
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function more(count: number, where: string): string[] {
  return count <= 0 ? [] : [`${INDENT}... and ${formatCount(count)} more: see ${where}`];
}
