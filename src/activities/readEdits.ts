// Asks the hosted layers when they were edited, a few at a time for about a minute, then hands on: their items' own dates say
// nothing of their rows.
import {
  type ChangeContext,
  type ServiceEdits,
  asksForEdits,
  changedSince,
  editsIn,
  isView,
  sourcesIn,
} from "../core/changes.ts";
import type { ListedItem } from "../core/item.ts";
import type { Failure } from "../core/result.ts";
import type { Books } from "../core/run.ts";
import type { Deps } from "../deps.ts";
import { planItemsOf } from "./planRound.ts";
import { cancelRequest } from "./run/cancel.ts";
import { type EditsSlice, editsRead, failingBefore } from "./run/changes.ts";
import { type RunAtWork, readRunAtWork } from "./run/context.ts";
import { logStep } from "./run/log.ts";
import { changeRecord, firstRecord, readRecord } from "./run/records.ts";

const SLICE_MS = 60_000;
/** Services asked at a time. */
const AT_A_TIME = 4;

export interface ReadEdits {
  readonly nextLayer: number;
  readonly layers: number;
  readonly canceled?: true;
  readonly failure?: Failure;
}

/** `layer` is the place in the list of the layers to be asked, which is the same in every call. */
export async function readEdits(
  input: { readonly runId: string; readonly layer: number },
  deps: Deps,
): Promise<ReadEdits> {
  const nothing = { nextLayer: input.layer, layers: 0 };
  if ((await cancelRequest(deps.work, input.runId)) !== undefined) return { ...nothing, canceled: true };
  const opened = await readRunAtWork(deps, input.runId);
  if (!opened.ok) return { ...nothing, failure: opened.failure };
  const run = opened.value;
  const asked = await layersToAsk(run);
  const path = run.paths.edits(input.layer);
  let slice = await readRecord<EditsSlice>(run.work, path);
  if (slice === undefined) {
    const read = await readSlice(run, asked, input.layer);
    if ("failure" in read) return { ...nothing, failure: read.failure };
    slice = await firstRecord<EditsSlice>(run.work, path, read);
  }
  if (slice.next >= asked.length) await tell(run, asked);
  return { nextLayer: slice.next, layers: asked.length };
}

/** A hosted layer or view, with the address of its service. */
interface AskedLayer {
  readonly item: ListedItem;
  readonly url: string;
}

async function layersToAsk(run: RunAtWork): Promise<readonly AskedLayer[]> {
  const since = changedSince(run.record);
  if (since === undefined) return [];
  const before = { since, failing: await failingBefore(run) };
  return (await planItemsOf(run)).flatMap((planned) => {
    const { item } = planned;
    return asksForEdits(item, planned, before) && item.url !== null ? [{ item, url: item.url }] : [];
  });
}

async function readSlice(
  run: RunAtWork,
  asked: readonly AskedLayer[],
  from: number,
): Promise<EditsSlice | { readonly failure: Failure }> {
  const edits: (readonly [string, ServiceEdits])[] = [];
  const until = run.deps.now() + SLICE_MS;
  let next = from;
  while (next < asked.length) {
    const some = asked.slice(next, next + AT_A_TIME);
    const read = await Promise.all(
      some.map(async (layer) => [layer.item.id, await editsOf(run, layer)] as const),
    );
    for (const [id, one] of read) {
      if ("failure" in one) return one;
      edits.push([id, one]);
    }
    next += some.length;
    if (run.deps.now() >= until) break;
  }
  return { next, edits };
}

/** What cannot be read is not known: the layer is taken then. */
async function editsOf(
  run: RunAtWork,
  { item, url }: AskedLayer,
): Promise<ServiceEdits | { readonly failure: Failure }> {
  const layers = await run.portal.service(url, "/layers");
  if (!layers.ok) return layers.failure.reason === "sign-in-refused" ? layers : {};
  const edits = editsIn(layers.value.value);
  if (!isView(item)) return edits;
  const found = await run.portal.service(url, "/sources");
  const sources = found.ok ? sourcesIn(found.value.value) : undefined;
  return { ...edits, ...(sources && { sources }) };
}

/** Says how many layers tell nothing: on such a portal every run takes them. */
async function tell(run: RunAtWork, asked: readonly AskedLayer[]): Promise<void> {
  const edits: ChangeContext["edits"] = await editsRead(run);
  const silent = asked.filter(({ item }) => edits.get(item.id)?.rows === undefined).length;
  const note = `Hosted layers that do not tell when they were edited, so that they are taken: ${silent} of ${asked.length} asked`;
  await logStep(run, "2-edits", [
    {
      at: run.deps.now(),
      level: silent === 0 ? "info" : "warn",
      topic: "listing",
      text: silent === 0 ? `${asked.length} hosted layers tell when they were edited` : note,
    },
  ]);
  if (silent === 0) return;
  await changeRecord<Books>(run.work, run.paths.books, (books) =>
    books === undefined || books.notes.includes(note)
      ? undefined
      : { ...books, notes: [...books.notes, note] },
  );
}
