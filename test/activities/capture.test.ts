// An item that somebody changes between its first part and its last, and one with a resource that cannot be asked for.
import { afterAll, beforeEach, expect, test } from "vitest";
import { type Captured, capture } from "../../src/activities/capture/capture.ts";
import { readRunAtWork } from "../../src/activities/run/context.ts";
import { makeBundle } from "../../src/clients/bundle.ts";
import type { PlannedItem } from "../../src/core/item.ts";
import { ok, type Result } from "../../src/core/result.ts";
import type { Deps } from "../../src/deps.ts";
import { memoryStore } from "../memory-store.ts";
import { held, text } from "../portal/content.ts";
import { type SamplePortal, startPortal } from "../portal/portal.ts";
import { addItem, addMember, itemId } from "../portal/seed/build.ts";
import { listedRun } from "./listed-run.ts";

let portal: SamplePortal | undefined;
let captured: () => Promise<Result<Captured>>;
const TITLE = "Sheet";
const ID = itemId(TITLE);

/** Opens a run over a portal with one item. */
async function begin(resources: readonly string[]): Promise<SamplePortal> {
  await portal?.stop();
  portal = await startPortal({
    seed: ({ state, password }) => {
      addMember(state, "backup_admin", "Backup", { role: "org_admin", password });
      addItem(state, {
        ...{ title: TITLE, type: "CSV", owner: "backup_admin", name: "sheet.csv", file: text("a,b\n1,1\n") },
        resources: Object.fromEntries(resources.map((name) => [name, text("{}")])),
      });
    },
  });
  const listed = await listedRun(portal);
  await listed.list();
  const [planned] = await listed.planned();
  const backups = memoryStore("backups");
  const deps = { ...listed.deps, backups: async () => ok(backups), makeBundle } as unknown as Deps;
  captured = async () => {
    const run = await readRunAtWork(deps, listed.runId);
    return run.ok ? capture(run.value, planned as PlannedItem) : run;
  };
  return portal;
}

afterAll(() => portal?.stop());
beforeEach(async () => {
  await begin(["a.json"]);
});

function edit(sample: SamplePortal): void {
  const item = sample.state.items.get(ID);
  if (item === undefined) throw new Error("No item");
  item.fields.modified += 60_000;
  item.data = { kind: "file", content: held(Buffer.from("a,b\n2,2\n")) };
}

function lossOf(result: Result<Captured>): readonly string[] {
  return result.ok ? result.value.loss.map(({ kind }) => kind) : [result.failure.text];
}

test("an item that nobody touches is captured without a loss", async () => {
  expect(lossOf(await captured())).toEqual([]);
});

test("an item that is changed between two of its parts is told as of two moments", async () => {
  const sample = await begin(["a.json"]);
  sample.faults.add({ match: { path: "/resources/a.json$" }, change: { do: () => edit(sample) } });
  const result = await captured();
  expect(result).toMatchObject({ ok: true, value: { loss: [{ kind: "changed-meanwhile" }] } });
});

test("a file that an earlier attempt stored and that is another one by now is told as well", async () => {
  const sample = await begin(["a.json"]);
  sample.faults.add({ match: { path: "/resources/a.json$", times: "always" }, answer: { html: true } });
  expect((await captured()).ok).toBe(false);
  sample.faults.clear();
  edit(sample);
  expect(lossOf(await captured())).toEqual(["changed-meanwhile"]);
});

test("an item that is deleted right after its last part is told, as nobody knows what came before", async () => {
  const sample = await begin(["a.json"]);
  sample.faults.add({
    match: { path: `/content/items/${ID}$`, nth: 2 },
    change: { do: ({ items }) => items.delete(ID) },
  });
  expect(lossOf(await captured())).toEqual(["changed-meanwhile"]);
});

test("a resource whose name fits no address is a loss, and its item is kept", async () => {
  await begin(["a//b.json", "c.json"]);
  expect(lossOf(await captured())).toEqual(["resource-missing"]);
});
