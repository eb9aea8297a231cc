// What a run takes of the organisation. An item is taken when it is in each `select` list that is given and in no `exclude`
// list; where it is not, the list that decided is told.
import type { ListedItem } from "./item.ts";
import { printable } from "./printable.ts";

export interface Selection {
  readonly ids?: readonly string[];
  readonly owners?: readonly string[];
  /** Titles or ids of groups that the item is shared with. */
  readonly groups?: readonly string[];
  /** Titles of folders; the root folder has none. */
  readonly folders?: readonly string[];
  readonly types?: readonly string[];
  /** One of them is enough. */
  readonly tags?: readonly string[];
}

/** What a run takes, as its record keeps it. */
export interface Taken {
  /** Absent = everything. */
  readonly select?: Selection;
  /** Absent = nothing is left out. */
  readonly exclude?: Selection;
}

/** Ids of the items that are shared with a group, by the word that names it in a list, in lower case. */
export type GroupItems = ReadonlyMap<string, ReadonlySet<string>>;

/** Items that are in no group whose content is known. */
export const NO_GROUPS: GroupItems = new Map();

const LISTS = [
  "ids",
  "owners",
  "groups",
  "folders",
  "types",
  "tags",
] as const satisfies readonly (keyof Selection)[];

/** The list that keeps the item out of the run: `Not in select.owners`, `In exclude.tags: draft`; undefined when it is taken. */
export function leftOutBy(
  item: ListedItem,
  taken: Taken,
  groups: GroupItems = NO_GROUPS,
): string | undefined {
  const { select = {}, exclude = {} } = taken;
  const missed = LISTS.find((list) => select[list] !== undefined && !found(item, list, select[list], groups));
  if (missed !== undefined) return `Not in select.${missed}`;
  for (const list of LISTS) {
    const word = found(item, list, exclude[list] ?? [], groups);
    if (word !== undefined) return `In exclude.${list}: ${printable(word, 60)}`;
  }
  return undefined;
}

/** Words of the `groups` lists, each once, in lower case, with the lists that name it. */
export function groupsNamed({ select, exclude }: Taken): ReadonlyMap<string, readonly string[]> {
  const named = new Map<string, readonly string[]>();
  for (const [field, words] of [
    ["select.groups", select?.groups],
    ["exclude.groups", exclude?.groups],
  ] as const) {
    for (const word of words ?? []) {
      const lists = named.get(plain(word)) ?? [];
      if (!lists.includes(field)) named.set(plain(word), [...lists, field]);
    }
  }
  return named;
}

/** Titles of the folders that the lists name. */
export function foldersNamed({ select, exclude }: Taken): readonly string[] {
  return [...(select?.folders ?? []), ...(exclude?.folders ?? [])];
}

/** True when one of the words names it: letter case and blanks around do not count, people type these. */
export function isNamed(words: readonly string[], name: string): boolean {
  return words.some((word) => plain(word) === plain(name));
}

/** Whether two runs take the same. */
export function takesSame(a: Taken, b: Taken): boolean {
  const text = (selection: Selection | undefined) => {
    const lists = LISTS.flatMap((list) => (selection?.[list] === undefined ? [] : [[list, selection[list]]]));
    return JSON.stringify(lists);
  };
  return text(a.select) === text(b.select) && text(a.exclude) === text(b.exclude);
}

/** The word of the list that the item is in the list by. */
function found(
  item: ListedItem,
  list: keyof Selection,
  words: readonly string[],
  groups: GroupItems,
): string | undefined {
  const named = (name: string) => words.find((word) => plain(word) === plain(name));
  switch (list) {
    case "ids":
      return words.find((word) => word === item.id);
    case "owners":
      return named(item.owner);
    case "groups":
      return words.find((word) => groups.get(plain(word))?.has(item.id) === true);
    case "folders":
      return item.folder === null ? undefined : named(item.folder);
    case "types":
      return named(item.type);
    case "tags":
      return words.find((word) => item.tags.some((tag) => plain(tag) === plain(word)));
  }
}

function plain(word: string): string {
  return word.trim().toLowerCase();
}
