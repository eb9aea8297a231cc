// Captures one item as its strategy says, apart from exports, whose file comes from a job of the portal.
import { hasKeyword } from "../../core/choice.ts";
import type { PlannedItem } from "../../core/item.ts";
import type { Artifact, Loss } from "../../core/outcome.ts";
import { resourcePaths } from "../../core/resource-paths.ts";
import { type Result, failed, ok } from "../../core/result.ts";
import type { RunAtWork } from "../run/context.ts";
import { type BundleWriter, bundleWriter } from "./bundle-writer.ts";
import { changedMeanwhile } from "./changed.ts";
import { captureFile, captureJsonData, mayHaveData } from "./data.ts";
import { readFileReferences } from "./file-references.ts";
import { withoutViewCounters } from "./item-json.ts";
import { captureRelations } from "./relations.ts";
import { readingReferences } from "./references.ts";
import { captureResources } from "./resources.ts";
import { captureDefinition } from "./service.ts";

export interface Captured {
  readonly artifacts: readonly Artifact[];
  readonly loss: readonly Loss[];
  readonly notes: readonly string[];
  /** For a view: the items that hold its data. */
  readonly sources: readonly string[];
}

/** Stores everything of an item that the portal hands out at once: JSON, data, resources, thumbnail, metadata, groups. */
export async function capture(run: RunAtWork, planned: PlannedItem): Promise<Result<Captured>> {
  const { item } = planned;
  const reply = await run.portal.item(item.id);
  if (!reply.ok) return reply;

  const references = readingReferences(run, item, bundleWriter(run, planned.path));
  const { bundles } = references;
  const itemJson = withoutViewCounters(reply.value.raw);
  const added = await bundles.add("item.json", itemJson);
  if (!added.ok) return added;

  const about = await captureAbout(run, item, reply.value.value["thumbnail"], bundles);
  if (!about.ok) return about;

  const service = await captureDefinition(run, planned, bundles);
  if (!service.ok) return service;

  const isFile = planned.strategy === "download-file";
  const data = isFile ? await captureFile(run, planned) : await captureJsonData(run, planned, bundles);
  if (!data.ok) return data;

  const resources = await captureResources(run, item.id, planned.path, bundles);
  if (!resources.ok) return resources;

  const related = await captureRelations(run, item, bundles);
  if (!related.ok) return related;

  const notes = [...about.value.notes, ...service.value.notes, ...related.value];
  if (isFile && data.value.sizeBytes === 0) {
    // The size counts the resources too; an empty file of an item that has a size is a portal that did not deliver.
    if (item.size > resources.value.sizeBytes) {
      return failed(
        "wrong-content",
        `Cannot download the file of "${item.title}": the portal says ${item.size} bytes and sent none`,
        "Download the file once from the item page; if it is empty there too, replace it or delete the item",
      );
    }
    notes.push("The portal holds no file for this item");
  }
  if (!isFile && data.value.sizeBytes === 0 && mayHaveData(item) && item.size > resources.value.sizeBytes) {
    notes.push(`Saved without data: the portal counts ${item.size} bytes and sent none`);
  }

  // JSON alone is of one moment.
  const hasParts = data.value.sizeBytes > 0 || resources.value.listed > 0 || about.value.hasThumbnail;
  const changed = hasParts
    ? await changedMeanwhile(run, item, {
        json: reply.value.value,
        isEarlierFile: data.value.isEarlier === true,
      })
    : [];

  const finished = await bundles.finish();
  if (!finished.ok) return finished;
  references.sources(service.value.sources);
  if (isFile) await readFileReferences(run, item, data.value.artifact, references);
  else if (data.value.artifact !== undefined) references.unread("data");
  for (const { name = "" } of resources.value.large) references.unread(`resources/${name}`);
  await references.keep();
  return ok({
    artifacts: [
      ...finished.value,
      ...(data.value.artifact === undefined ? [] : [data.value.artifact]),
      ...resources.value.large,
    ],
    loss: [...resources.value.loss, ...changed],
    notes,
    sources: service.value.sources,
  });
}

const METADATA = "metadata/metadata.xml";

/** Thumbnail, metadata and groups; in notes, what the item says that it has and the portal does not send. */
async function captureAbout(
  run: RunAtWork,
  item: PlannedItem["item"],
  thumbnail: unknown,
  bundles: BundleWriter,
): Promise<Result<{ readonly hasThumbnail: boolean; readonly notes: readonly string[] }>> {
  const names = new Set([METADATA]);
  const notes: string[] = [];
  if (typeof thumbnail === "string" && thumbnail !== "") names.add(thumbnail);
  // Made legal together: the portal's name of a thumbnail must not fall on the metadata's.
  const paths = resourcePaths([...names]);
  for (const [n, name] of [...names].entries()) {
    const info = await run.portal.info(item.id, name);
    if (!info.ok) return info;
    if (info.value === undefined) {
      if (name !== METADATA) notes.push("Its thumbnail is not saved: the portal names one and sends none");
      else if (hasKeyword(item, "Metadata")) {
        notes.push("Its metadata are not saved: the portal says that it has some and sends none");
      }
      continue;
    }
    const path = (paths[n] ?? "").replace(/^resources\//, "");
    const added = await bundles.add(`info/${path}`, info.value);
    if (!added.ok) return added;
  }
  const groups = await run.portal.groups(item.id);
  if (!groups.ok) return groups;
  const added = await bundles.add("groups.json", groups.value.raw);
  return added.ok ? ok({ hasThumbnail: names.size > 1, notes }) : added;
}
