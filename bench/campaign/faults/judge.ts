// What came of a case in a few words, and what of it is wrong whatever the words are.
import type { SamplePortal } from "../../../test/portal/portal.ts";
import { printable } from "../../../src/core/printable.ts";
import type { Driven } from "./drive.ts";
import { TARGET } from "./scenes.ts";
import type { Seen, SeenItem } from "./seen.ts";
import { untrue } from "./truth.ts";
import { PASSWORD } from "./world.ts";

/** What a run leaves as it was. */
export interface Before {
  readonly items: ReadonlySet<string>;
  /** Tile services whose tiles may be exported. */
  readonly exporting: ReadonlySet<string>;
}

export function beforeOf({ state }: SamplePortal): Before {
  return { items: new Set(state.items.keys()), exporting: exportingIn(state) };
}

function exportingIn({ tileServices }: SamplePortal["state"]): ReadonlySet<string> {
  return new Set(
    [...tileServices.values()].filter((each) => each.exportTilesAllowed).map(({ name }) => name),
  );
}

export interface Case {
  readonly sample: SamplePortal;
  readonly driven: Driven;
  readonly seen: Seen;
  /** The same scene without a fault. */
  readonly undisturbed: Seen;
  /** The portal before the run. */
  readonly before: Before;
}

/**
 * The outcome of the item that the fault strikes and what the run tells beside it, each as far as it differs from the
 * undisturbed run: `saved`, `saved, noted`, `saved by replica, noted`, `failed transient`, `run failed transient`, ...
 */
export function observe({ seen, undisturbed }: Pick<Case, "seen" | "undisturbed">): string {
  const { summary } = seen;
  if (summary.failure !== null) return `run failed ${summary.failure.reason}`;
  const target = seen.items.find(({ item }) => item.title === TARGET);
  const usual = undisturbed.items.find(({ item }) => item.title === TARGET);
  const words = [target === undefined || usual === undefined ? "not listed" : outcomeWords(target, usual)];
  const books = summary.books;
  if ((books?.unlisted.length ?? 0) > 0) words.push("unlisted");
  if ((books?.notes.length ?? 0) > 0) words.push("books noted");
  const kept = summary.organisationKept;
  if ((kept?.problems.length ?? 0) > 0) words.push("organisation lost");
  if ((kept?.notes.length ?? 0) > 0) words.push("organisation noted");
  if (summary.leftBehind.length > 0) words.push("left behind");
  return words.join(", ");
}

function outcomeWords({ outcome }: SeenItem, { outcome: usual }: SeenItem): string {
  const words: string[] = [];
  if (outcome.state === "failed") words.push(`failed ${outcome.failure.reason}`);
  else words.push(outcome.state === usual.state ? "saved" : outcome.state);
  if (outcome.state !== "failed" && outcome.rung !== usual.rung)
    words[0] += ` by ${outcome.rung ?? "no rung"}`;
  const kinds = (of: typeof outcome) => (of.state === "saved" ? of.loss.map(({ kind }) => kind) : []);
  for (const kind of new Set(kinds(outcome))) if (!kinds(usual).includes(kind)) words.push(`lost ${kind}`);
  if (outcome.state !== "failed" && outcome.notes.length > usual.notes.length) words.push("noted");
  return words.join(", ");
}

/** Everything that no fault may bring about. */
export function wrongIn(of: Case): readonly string[] {
  return [
    ...of.driven.thrown.map((text) => printable(text, 300)),
    ...untrue(of.seen, of.undisturbed, of.sample.state),
    ...unaccounted(of),
    ...touched(of),
    ...untold(of.seen),
    ...leaked(of),
    ...leftAtPortal(of),
  ];
}

function unaccounted({ seen }: Case): string[] {
  const { listed, saved, unchanged, skipped, failed } = seen.summary.counts;
  const sum = saved + unchanged + skipped + failed;
  return sum === listed ? [] : [`${listed} items are listed and ${sum} have an outcome`];
}

/** Items that the fault does not strike are as ever, and one that is saved without a word lacks nothing. */
function touched({ seen, undisturbed }: Case): string[] {
  if (seen.summary.failure !== null) return [];
  return undisturbed.items.flatMap((usual) => {
    const { title } = usual.item;
    const now = seen.items.find(({ item }) => item.id === usual.item.id);
    if (now === undefined) {
      const told = (seen.summary.books?.unlisted.length ?? 0) + (seen.summary.books?.notes.length ?? 0);
      return told > 0 ? [] : [`"${title}" is not listed, and nothing tells it`];
    }
    if (title !== TARGET) {
      const words = outcomeWords(now, usual);
      return words === "saved" && sameParts(now, usual)
        ? []
        : [`"${title}", which nothing struck, is ${words}`];
    }
    const silent = now.outcome.state !== "failed" && outcomeWords(now, usual) === "saved";
    return silent && !sameParts(now, usual)
      ? [`"${title}" is saved without a word and lacks ${lacking(now, usual)}`]
      : [];
  });
}

function sameParts(now: SeenItem, usual: SeenItem): boolean {
  const files = ({ outcome }: SeenItem) => outcome.artifacts.filter(({ kind }) => kind !== "bundle").length;
  return lacking(now, usual) === "" && files(now) === files(usual);
}

function lacking(now: SeenItem, usual: SeenItem): string {
  const has = new Set(partsOf(now));
  return partsOf(usual)
    .filter((name) => !has.has(name))
    .join(", ");
}

/** Names of entries; windows of rows, whose bounds depend on what failed on the way, by their rows. */
function partsOf({ entries }: SeenItem): string[] {
  return [...entries].flatMap(([name, bytes]) => {
    if (/^attachments\/\d+\/\d+-\d+\.json$/.test(name)) return [];
    const [, layer] = /^rows\/(\d+)\//.exec(name) ?? [];
    if (layer === undefined) return [name];
    const { features } = JSON.parse(bytes.toString()) as { features: { attributes: { OBJECTID: number } }[] };
    return features.map(({ attributes }) => `row ${attributes.OBJECTID} of layer ${layer}`);
  });
}

/** What an item may fail with that is not its own: its service, its server, the sign-in there. */
const SHARED = ["Target/FeatureServer", "Target/MapServer", "/server", "the portal's servers", "sign in as"];

/** What failed names what it is about and what to do, and stands in the report. */
function untold({ summary, items, results }: Seen): string[] {
  const wrong: string[] = [];
  if (summary.failure !== null && (summary.failure.text === "" || summary.failure.next === ""))
    wrong.push("the run failed without telling why and what to do");
  for (const { item, outcome } of items) {
    if (outcome.state !== "failed") continue;
    const { text, next } = outcome.failure;
    const names = [item.title, item.id, ...SHARED].some((name) => text.includes(name));
    if (!names) wrong.push(`the failure of "${item.title}" does not name it: ${printable(text, 200)}`);
    if (next === "") wrong.push(`the failure of "${item.title}" does not tell what to do`);
    if (!results.includes(item.title)) wrong.push(`"${item.title}" failed, and Results.txt does not tell it`);
  }
  return wrong;
}

/** The password and every token, in anything that was written or told. */
function leaked({ sample, seen, driven }: Case): string[] {
  const secrets = secretsOf(sample);
  const texts = [
    ...seen.written,
    ...seen.items.flatMap(({ item, entries }) =>
      [...entries].map(([name, bytes]) => [`${item.title}: ${name}`, bytes] as const),
    ),
  ];
  const places = texts
    .filter(([, bytes]) => secrets.some((secret) => bytes.includes(secret)))
    .map(([place]) => place);
  const told = secrets.some((secret) => driven.thrown.join().includes(secret)) ? ["what a step threw"] : [];
  return [...places, ...told].map((place) => `a secret is in ${place}`);
}

export function secretsOf({ state }: SamplePortal): readonly string[] {
  return [PASSWORD, encodeURIComponent(PASSWORD), ...state.tokens.keys()];
}

/** Temporary items that are left are told, nothing else is gone, and every switch is as it was or told. */
function leftAtPortal({ sample: { state }, seen, before }: Case): string[] {
  const told = seen.summary.leftBehind;
  const left = [...state.items.values()].filter(
    ({ id, binnedAt }) => !before.items.has(id) && binnedAt === null,
  );
  const on = [...exportingIn(state)].filter((name) => !before.exporting.has(name));
  return [
    ...left
      .filter(({ fields }) => !told.some(({ title }) => title === fields.title))
      .map(({ fields }) => `"${fields.title}" is left at the portal, and nothing tells it`),
    ...[...before.items]
      .filter((id) => !state.items.has(id))
      .map((id) => `item ${id} is gone from the portal`),
    ...(on.length > 0 && told.length === 0
      ? ["the export of tiles is left switched on, and nothing tells it"]
      : []),
  ];
}
