// What an item refers to, read from the parts of it that pass into its bundles, and kept as a record until the run is
// sealed. Only where the profile asks for it.
import type { ItemReferences } from "../../core/dependency-graph.ts";
import { addReferences, findReferences, NOTHING_FOUND, pointers } from "../../core/references.ts";
import type { ListedItem } from "../../core/item.ts";
import type { RunAtWork } from "../run/context.ts";
import { writeRecord } from "../run/records.ts";
import type { BundleWriter } from "./bundle-writer.ts";

export interface ReferenceReader {
  /** The same bundles; what is added to them is read on its way. */
  readonly bundles: BundleWriter;
  /** A text that lies in no bundle, under the name that it has in its file. */
  text(name: string, text: string): void;
  /** Items that this one shows the data of. */
  sources(ids: readonly string[]): void;
  /** A part that went to a blob of its own, as it is too large for a bundle. */
  unread(name: string): void;
  /** Replaces the record of an earlier delivery or round: it tells the item as it is kept now. */
  keep(): Promise<void>;
}

/** A reader of references around the item's bundles; one that does nothing where the profile does not ask for it. */
export function readingReferences(run: RunAtWork, item: ListedItem, bundles: BundleWriter): ReferenceReader {
  const nothing = () => undefined;
  if (!run.profile.dependencies)
    return { bundles, text: nothing, sources: nothing, unread: nothing, keep: async () => undefined };
  let found = NOTHING_FOUND;
  const unread: string[] = [];
  const look = (name: string, text: string) => {
    found = addReferences(found, findReferences({ type: item.type, name, text }));
  };
  return {
    bundles: {
      add: (name, bytes) => {
        if (isRead(name)) look(name, new TextDecoder().decode(bytes));
        return bundles.add(name, bytes);
      },
      finish: () => bundles.finish(),
    },
    text: look,
    sources: (ids) => {
      found = addReferences(found, pointers("source layer", ids));
    },
    unread: (name) => {
      if (isRead(name)) unread.push(name);
    },
    keep: () =>
      writeRecord(run.work, run.paths.referencesOf(item.id), {
        itemId: item.id,
        references: found.references,
        capped: found.capped,
        unread,
      } satisfies ItemReferences),
  };
}

/** The item's own JSON, its data, and resources that are text: published and draft stories, app configurations, styles. */
function isRead(name: string): boolean {
  return name === "item.json" || name === "data" || /^resources\/.*\.json$/i.test(name);
}
