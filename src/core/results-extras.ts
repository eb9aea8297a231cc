// The parts of Results.txt that tell of what lies beside the items: the organisation itself, and which items use which.
import type { DependencyCounts } from "./dependency-graph.ts";
import { type OrganisationKept, organisationWords } from "./organisation.ts";
import { printable } from "./printable.ts";
import { section, WIDTH } from "./results-items.ts";
import { formatCount, formatOf } from "./units.ts";
import { wrap } from "./wrap.ts";

const INDENT = "     ";
const MOST_TOLD = 20;

/** What of the organisation could not be read or stored: no count shows it. */
export function organisationTroubleSection(kept: OrganisationKept | undefined): string[] {
  const problems = kept?.problems ?? [];
  if (problems.length === 0) return [];
  return section(`ORGANISATION NOT SAVED IN FULL (${formatCount(problems.length)})`, [
    ...told(problems),
    ...wrap(
      "Do: start the run again; a restore needs the members and groups.",
      WIDTH,
      INDENT,
      `${INDENT}    `,
    ),
  ]);
}

/** Members, groups and roles that are kept, and what the account could not see of them. */
export function organisationSection(kept: OrganisationKept | undefined): string[] {
  if (kept === undefined) return [];
  return section("ORGANISATION", [`${INDENT}${organisationWords(kept)}`, ...told(kept.notes)]);
}

/** How much was read for references, and what was cut. */
export function dependenciesSection(counts: DependencyCounts | undefined): string[] {
  if (counts === undefined) return [];
  const { read, capped, betweenItems, toOutside, outside, leftOut } = counts;
  return section("DEPENDENCIES", [
    `${INDENT}${formatOf(read, "item")} read for what they use: ${formatCount(betweenItems)} uses of listed items, ` +
      `${formatCount(toOutside)} of ${formatOf(outside, "item or service", "items and services")} elsewhere`,
    ...(capped === 0
      ? []
      : [
          `${INDENT}${formatOf(capped, "item")} not read to the end: too large, or more than 2,000 references`,
        ]),
    ...(leftOut === 0
      ? []
      : [`${INDENT}${formatOf(leftOut, "use was", "uses were")} left out: too many to keep`]),
  ]);
}

function told(texts: readonly string[]): string[] {
  return [
    ...texts
      .slice(0, MOST_TOLD)
      .flatMap((text) => wrap(printable(text), WIDTH, `${INDENT}- `, `${INDENT}  `)),
    ...(texts.length <= MOST_TOLD ? [] : [`${INDENT}... and ${formatCount(texts.length - MOST_TOLD)} more`]),
  ];
}
