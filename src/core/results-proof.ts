// The parts of Results.txt that hold the run against something else: the listing against ArcGIS's own search, what
// was stored against what ArcGIS counts.
import { printable } from "./printable.ts";
import { nameOf, section, WIDTH } from "./results-items.ts";
import type { Books, ListingDifference } from "./run.ts";
import type { Tally } from "./tally.ts";
import { formatCount, formatOf } from "./units.ts";
import { wrap } from "./wrap.ts";

const INDENT = "     ";
const MOST_TOLD = 20;

const LABELS: Readonly<Record<ListingDifference["label"], string>> = {
  new: "made while the listing went on",
  deleted: "deleted meanwhile",
  "hidden from search": "hidden from search",
  "no access": "not readable by the account",
  "not told": "not explained by ArcGIS",
};

/** The walk against ArcGIS's own search, with every difference labelled. */
export function booksSection(books: Books | null): string[] {
  if (books === null) return [];
  const { walked, searchTotal, searchListed, differences, notes } = books;
  const isQuick = books.search === "quick";
  const onlyWalk = differences.filter(({ onlyIn }) => onlyIn === "walk").length;
  const unexplained = walked - onlyWalk - (searchListed - (differences.length - onlyWalk));
  const compared =
    searchTotal === null
      ? ["ArcGIS search did not answer: the listing could not be compared with it."]
      : [
          isQuick
            ? `Quick search: ArcGIS search counts ${formatOf(searchTotal, "item")}${walked === 0 ? "" : `, the members' content ${formatCount(walked)}`}.`
            : `${formatOf(walked, "item")} found member by member; ArcGIS search counts ${formatCount(searchTotal)}.`,
          ...(searchListed === searchTotal
            ? []
            : [
                `The search named ${formatCount(searchListed)} of the ${formatCount(searchTotal)} it counts.`,
              ]),
          // A quick listing has no walk that could differ item by item.
          ...(differences.length === 0
            ? isQuick
              ? []
              : ["No difference."]
            : [`Different: ${byLabel(differences)}.`]),
          ...(isQuick || unexplained === 0
            ? []
            : [`NOT EXPLAINED: ${formatOf(Math.abs(unexplained), "item")}.`]),
        ];
  return section("LISTING AGAINST ARCGIS SEARCH", [
    ...compared.map((line) => `${INDENT}${line}`),
    ...differences.slice(0, MOST_TOLD).map(differenceLine),
    ...(differences.length <= MOST_TOLD
      ? []
      : [`${INDENT}  ... and ${formatCount(differences.length - MOST_TOLD)} more: see manifest.json`]),
    ...notes.slice(0, MOST_TOLD).flatMap((note) => wrap(printable(note), WIDTH, `${INDENT}- `, INDENT)),
  ]);
}

/** What was read back and compared, in three lines. */
export function proofSection({ proof }: Tally): string[] {
  if (proof.artifacts === 0) return [];
  const transit = proof.artifacts - proof.readBack;
  const judgements = [
    ["exactly the rows that ArcGIS counts", proof.exportsMatching],
    ["the same where a table is certainly a layer's own, the rest not compared", proof.exportsPartlyCompared],
    ["edited meanwhile, between the counts before and after", proof.exportsEditedMeanwhile],
    ["FEWER ROWS THAN ARCGIS COUNTS", proof.exportsShort],
    ["fewer rows, and the rest saved by another way", proof.exportsCompleted],
    ["not to be compared", proof.exportsNotCompared],
  ] as const;
  const exports = judgements
    .filter(([, count]) => count > 0)
    .map(([text, count]) => `${text}: ${formatCount(count)}`);
  return section("PROOF", [
    `${INDENT}${formatOf(proof.artifacts, "artifact")} with a SHA-256 each: ${formatCount(proof.readBack)} read back` +
      ` from the storage, ${formatCount(transit)} checked while passing`,
    ...(proof.bundlesOpened === 0
      ? []
      : [`${INDENT}${formatOf(proof.bundlesOpened, "bundle")} with a SHA-256 of each entry`]),
    ...(proof.exportsOpened === 0
      ? []
      : wrap(
          `${formatOf(proof.exportsOpened, "export")} opened and their rows counted: ${exports.join("; ")}`,
          WIDTH,
          INDENT,
        )),
  ]);
}

function differenceLine(difference: ListingDifference): string {
  const where = difference.onlyIn === "walk" ? "" : " (only the search has it)";
  return `${INDENT}  ${LABELS[difference.label]}${where}: ${nameOf(difference)}   ${difference.id}`;
}

function byLabel(differences: readonly ListingDifference[]): string {
  const counts = new Map<ListingDifference["label"], number>();
  for (const { label } of differences) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, count]) => `${formatCount(count)} ${LABELS[label]}`).join(", ");
}
