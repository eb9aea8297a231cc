// How the mail's lines are set: narrow enough for any mail program, with a label in front where a part is short.
import { wrap } from "./wrap.ts";

export const MAIL_WIDTH = 76;
const LABEL = 12;

/** `TOOK        2 h 14 min, ...`: the text beside its label, wrapped. */
export function labelled(label: string, text: string): readonly string[] {
  return wrap(text, MAIL_WIDTH, label.padEnd(LABEL), " ".repeat(LABEL));
}

/** A heading, its lines and an empty line; nothing when there are no lines. */
export function part(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [heading, ...lines, ""];
}

/** A paragraph with a hanging indent. */
export function hanging(text: string, first: string): readonly string[] {
  return wrap(text, MAIL_WIDTH, first, " ".repeat(first.length));
}
