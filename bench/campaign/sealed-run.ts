// What holds of every run, whatever a case does to it: its books, its hashes, its blobs, and no secret anywhere.
import type { Store } from "../../src/clients/store/store.ts";
import { type RestorePoint, value } from "../../test/run/restore-point.ts";
import type { WholeCase } from "./whole-case.ts";

/** Every path that holds a secret, of all that a run wrote and says. */
export async function leaks({
  app,
  backups,
  work,
  status,
  runId,
  secrets,
}: WholeCase): Promise<readonly string[]> {
  const found: string[] = [];
  const known = secrets();
  const look = (where: string, bytes: Uint8Array): void => {
    const all = Buffer.from(bytes);
    if (known.some((secret) => all.includes(secret))) found.push(`a secret stands in ${where}`);
  };
  look("the log of the host", Buffer.from(app.log()));
  for (const answer of ["", "/results", "/log", "/summary"])
    look(`the answer ${answer}`, Buffer.from((await app.call("GET", `backups/${runId}${answer}`)).text));
  for (const [store, prefix] of [
    [backups, `${status.folder}/`],
    [work, `runs/${runId}/`],
  ] as const) {
    for await (const file of pathsIn(store, prefix))
      look(file, value(await store.get(file))?.bytes ?? new Uint8Array());
  }
  return found;
}

async function* pathsIn(store: Store, prefix: string): AsyncGenerator<string> {
  for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
    const page = value(await store.list(prefix, next));
    for (const { path: found } of page.blobs) yield found;
    next = page.next;
  }
}

/**
 * Books that do not balance, blobs that nothing names, exports left behind. `lockedOut`: the account could not remove its
 * exports, so that telling them is enough.
 */
export function books({ portal, status, point }: WholeCase, lockedOut = false): readonly string[] {
  const { listed, saved, unchanged, skipped, failed } = status.counts;
  const told = new Set(lockedOut ? point?.manifest.leftBehind.map(({ id }) => id) : []);
  const made = [...portal.state.jobs.values()].map(({ itemId }) => itemId);
  const left = made.flatMap((id) => (told.has(id) ? [] : (portal.state.items.get(id) ?? [])));
  const wrong = [
    ...(saved + unchanged + skipped + failed === listed
      ? []
      : [`the books do not balance: ${JSON.stringify(status.counts)}`]),
    ...left.map(({ fields }) => `a temporary export is left: ${fields.title}`),
  ];
  if (point === undefined) return wrong;
  const ids = point.items.map(({ item }) => item.id);
  const states = point.items.map(({ outcome }) => outcome.state);
  const known = new Set([
    ...point.items.flatMap(({ outcome }) => outcome.artifacts.map((artifact) => artifact.path)),
    ...point.manifest.files.map(({ name }) => name),
    ...["manifest.json", "run.json"],
  ]);
  return [
    ...wrong,
    ...(new Set(ids).size === ids.length ? [] : ["an item has two outcomes"]),
    ...(ids.length === listed ? [] : [`${listed} items listed, ${ids.length} in items.jsonl`]),
    ...(states.filter((state) => state === "failed").length === failed
      ? []
      : ["failed items are counted otherwise"]),
    ...(point.manifest.verdict === status.verdict
      ? []
      : ["the manifest has another verdict than the status"]),
    ...(status.verdict === "succeeded" && failed > 0
      ? [`${failed} items failed and the run calls itself succeeded`]
      : []),
    ...[...known].filter((each) => !point.blobs.includes(each)).map((each) => `nothing lies at ${each}`),
    ...(status.verdict === "succeeded"
      ? point.blobs.filter((each) => !known.has(each)).map((each) => `nothing names ${each}`)
      : []),
  ];
}

/** Artifacts that have not the length and hash that are sealed. */
export async function unproved(
  point: RestorePoint,
  hashOf: (bytes: Uint8Array) => string,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const files = point.manifest.files.map(({ name, ...sealed }) => ({ path: name, ...sealed }));
  for (const each of [...point.items.flatMap(({ outcome }) => outcome.artifacts), ...files]) {
    const bytes = await point.read(each.path);
    if (bytes.length !== each.sizeBytes || `sha256:${hashOf(bytes)}` !== each.hash)
      wrong.push(`${each.path} is not what is sealed`);
  }
  return wrong;
}
