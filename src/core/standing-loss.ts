// Which loss is new: every loss of an item gets a mark (what is lost of it) and an amount. A mark that did not stand
// before, or a greater amount, is a new loss; the same words with other figures are not.
import type { Loss } from "./outcome.ts";
import { shortHash } from "./short-hash.ts";

/** Amount by mark. */
export type Marks = Readonly<Record<string, number>>;

const MOST_MARKS = 50;
const REST = "rest";

/** The marks of an item's losses, at most 51: past that the rest is one mark that counts them. */
export function marksOf(losses: readonly Loss[]): Marks {
  const marks = new Map<string, number>();
  for (const loss of losses) {
    const { subject, amount } = read(loss);
    const own = shortHash(`${loss.kind}:${subject}`);
    const mark = marks.has(own) || marks.size < MOST_MARKS ? own : REST;
    marks.set(mark, (marks.get(mark) ?? 0) + (mark === own ? amount : 1));
  }
  return Object.fromEntries(marks);
}

/** True when something is lost now that was not lost before, or more of it. */
export function hasNewLoss(now: Marks, before: Marks | undefined): boolean {
  return Object.entries(now).some(([mark, amount]) => amount > (before?.[mark] ?? 0));
}

/** A loss reads `Layer 0: 12 of 8204 attachments ...` or `Resource "a.png": why`; only what is counted has an amount. */
function read({ kind, text }: Loss): { readonly subject: string; readonly amount: number } {
  const cut = text.indexOf(": ");
  const [subject, rest] =
    cut < 0 ? [text.replace(/\d[\d,]*/g, "#"), text] : [text.slice(0, cut), text.slice(cut)];
  const counted = kind === "attachments-missing" || kind === "rows-excluded";
  const figure = counted ? /\d[\d,]*/.exec(rest)?.[0].replaceAll(",", "") : undefined;
  return { subject, amount: Math.max(1, Number(figure ?? 1)) };
}
