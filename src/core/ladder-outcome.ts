// What the rungs that were tried amount to for the item: saved, with what it still lacks, or failed.
import { type LadderLayer, type LayerGot, RUNGS, type Rung, type TriedRung, bestOf } from "./ladder.ts";
import type { Loss } from "./outcome.ts";
import { type Failure, failed } from "./result.ts";
import { formatOf } from "./units.ts";

export interface TriedWith extends TriedRung {
  readonly failure?: Failure;
}

export interface Concluded {
  readonly failure: Failure | null;
  readonly loss: readonly Loss[];
  /** Why the rungs above the last one did not do. */
  readonly notes: readonly string[];
  /** The lowest rung that gave something; undefined = none did. */
  readonly rung?: Rung;
}

export interface Climbed {
  /** Title of the item, for messages. */
  readonly title: string;
  readonly ladder: readonly Rung[];
  readonly layers: readonly LadderLayer[];
  /** Rows of each layer by its id before the first rung; absent = not known. */
  readonly rows: ReadonlyMap<number, number>;
  readonly tried: readonly TriedWith[];
}

/** The end of a climb: to be asked when no rung is left or every layer is whole. */
export function conclude(climbed: Climbed): Concluded {
  const { ladder, layers, tried } = climbed;
  const gave = tried.filter(({ got }) => got !== undefined);
  const notes = failedRungs(climbed, tried);
  if (gave.length === 0) {
    const told = mostTelling(tried);
    const rest = tried.filter((each) => each !== told);
    return { failure: nothing(climbed, told), loss: [], notes: failedRungs(climbed, rest) };
  }
  const rung = ladder.findLast((each) => gave.some((was) => was.rung === each));
  const best = bestOf(layers, tried);
  const lost = layers.filter(({ id }) => best.get(id)?.state === "none" && climbed.rows.get(id) !== 0);
  return {
    failure: lost.length === 0 ? null : withoutLayers(climbed, lost),
    loss: [...layers.flatMap((layer) => lacking(layer, best.get(layer.id))), ...lesser(climbed)],
    notes,
    ...(rung !== undefined && { rung }),
  };
}

/** A sentence for each rung that failed, with what the first of its attempts was told. */
function failedRungs({ title, layers }: Climbed, some: readonly TriedWith[]): readonly string[] {
  return [...Map.groupBy(some, ({ rung }) => rung)].flatMap(([rung, attempts]) => {
    const asked = attempts.flatMap((attempt) => (attempt.failure === undefined ? [] : attempt.layers));
    const [first] = attempts.flatMap(({ failure }) => failure ?? []);
    return first === undefined
      ? []
      : [
          `The ${RUNGS[rung]}${ofLayers(asked, layers)} failed: ${first.text.replace(`Cannot export ${JSON.stringify(title)}: `, "")}`,
        ];
  });
}

/** Whose layers an attempt was for, where it was not for all. */
function ofLayers(asked: readonly number[], layers: readonly LadderLayer[]): string {
  if (asked.length === 0 || asked.length === layers.length) return "";
  const shown = asked.slice(0, 5).join(", ");
  return ` of layer ${shown}${asked.length > 5 ? ` and ${asked.length - 5} more` : ""}`;
}

/** That a way is not offered says less than why another one failed, which may be for somebody to change. */
function mostTelling(tried: readonly TriedWith[]): TriedWith | undefined {
  const offered = ({ failure }: TriedWith) => failure !== undefined && failure.reason !== "not-supported";
  return tried.find(offered) ?? tried[0];
}

function nothing({ title, tried }: Climbed, told: TriedWith | undefined): Failure {
  if (told?.failure === undefined) {
    return failed(
      "export-failed",
      `Cannot export ${JSON.stringify(title)}: nothing was tried`,
      "Start the run again; if it happens again, send the log to support",
    ).failure;
  }
  const others = [...new Set(tried.map(({ rung }) => rung))].filter((rung) => rung !== told.rung);
  if (others.length === 0) return told.failure;
  const ways = others.map((rung) => RUNGS[rung]).join("; ");
  return { ...told.failure, text: `${told.failure.text}. Nor did these ways succeed: ${ways}` };
}

function withoutLayers({ title }: Climbed, lost: readonly LadderLayer[]): Failure {
  const names = lost.slice(0, 5).map(({ id, name }) => `${id} "${name}"`);
  const more = lost.length > 5 ? ` and ${lost.length - 5} more` : "";
  return failed(
    "rows-missing",
    `The backup of ${JSON.stringify(title)} is not complete: no way gave anything of layer ${names.join(", ")}${more}`,
    "Export these layers from the item page once and compare; if that fails too, ask Esri support. What the others gave is kept",
  ).failure;
}

function lacking(layer: LadderLayer, got: LayerGot | undefined): readonly Loss[] {
  if (got === undefined || got.state === "none") return [];
  const label = `Layer ${layer.id} "${layer.name}"`;
  return [
    ...(got.rowsLacking > 0
      ? [
          {
            kind: "rows-excluded" as const,
            text: `${label}: ${formatOf(got.rowsLacking, "row")} could be read in no way`,
          },
        ]
      : []),
    ...(got.attachmentsLacking > 0
      ? [
          {
            kind: "attachments-missing" as const,
            text: `${label}: ${formatOf(got.attachmentsLacking, "attachment")} could be read in no way`,
          },
        ]
      : []),
  ];
}

/** What the form of the files loses: only of the layers that have nothing better. */
function lesser({ ladder, layers, tried }: Climbed): readonly Loss[] {
  return ladder.flatMap((rung) => {
    const lose = LOSES[rung];
    if (lose === undefined) return [];
    const own = layers.filter((layer) => sourceOf(layer.id, ladder, tried) === rung);
    // A service whose layers are not known came from the one rung that gave something.
    const isUnknown = layers.length === 0 && tried.some((was) => was.rung === rung && was.got !== undefined);
    if (own.length === 0 && !isUnknown) return [];
    const text = lose(own);
    if (text === undefined) return [];
    const which = isUnknown ? "All layers" : `Layer ${own.map(({ id }) => id).join(", ")}`;
    return [{ kind: "lesser-format" as const, text: `${which}: ${text}` }];
  });
}

/** The best rung that gave anything of a layer: what it gave is what a restore begins with. */
function sourceOf(id: number, ladder: readonly Rung[], tried: readonly TriedRung[]): Rung | undefined {
  const gave = (rung: Rung) =>
    tried.some((was) => was.rung === rung && was.got?.some((got) => got.id === id && got.state !== "none"));
  return ladder.find(gave);
}

const LOSES: Readonly<Partial<Record<Rung, (layers: readonly LadderLayer[]) => string | undefined>>> = {
  "fgdb-layers": (layers) =>
    layers.some(({ hasRelations }) => hasRelations)
      ? "exported one by one, so that the relations between layers are not in the files; layers.json describes them"
      : undefined,
  rows: (layers) =>
    `rows as JSON instead of a file geodatabase; domains and relations are in layers.json${
      layers.some(({ isMultipatch }) => isMultipatch)
        ? ", and of multipatch geometry queries hand out footprints only"
        : ""
    }`,
  shapefile: () =>
    "a shapefile instead of a file geodatabase: without attachments, domains, relations, long field names and times of day",
  csv: () =>
    "CSV instead of a file geodatabase: without attachments, domains, relations, and without geometry other than points",
};
