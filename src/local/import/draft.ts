// A profile in the making: what is gathered while the labels of a sheet are gone through.
import type { Labelled } from "./arrangement.ts";
import type { FoundSecret } from "./secrets-of.ts";

export interface Understood {
  /** As written in the sheet; empty for what is not in it. */
  readonly label: string;
  /** Path in the profile. */
  readonly path: string;
  /** The value for people, or words where it is a secret. */
  readonly shown: string;
  readonly note?: string;
}

export class Draft {
  readonly profile: Record<string, unknown> = {};
  readonly understood: Understood[] = [];
  readonly notTaken: string[] = [];
  readonly problems: string[] = [];
  readonly secrets: FoundSecret[] = [];
  /** The label that a path came from, for problems that show later. */
  readonly origins = new Map<string, Labelled>();

  set(path: string, value: unknown): void {
    const names = path.split(".");
    const last = names.pop() ?? path;
    let part = this.profile;
    for (const name of names) part = (part[name] ??= {}) as Record<string, unknown>;
    part[last] = value;
  }
}
