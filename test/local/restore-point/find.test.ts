// Which restore points there are, and which one is meant.
import { expect, test } from "vitest";
import type { RunSummary, Verdict } from "../../../src/core/run.ts";
import type { Destination } from "../../../src/local/restore-point/destination.ts";
import { chooseRestorePoint, readFolders, runFolderNames } from "../../../src/local/restore-point/find.ts";
import { aLine, aSummary } from "../../core/report-samples.ts";
import { memoryStore } from "../../memory-store.ts";
import { value } from "../../run/restore-point.ts";
import { destinationOf, seal } from "./fixture.ts";

const LINES = [aLine(1, "saved", {}, { artifacts: [] })];

function run(profile: string, day: number, verdict: Verdict): Partial<RunSummary> {
  const stamp = `202605${String(day).padStart(2, "0")}T020000Z`;
  const { run: sample } = aSummary(LINES);
  return { run: { ...sample, runId: `${profile}-${stamp}`, profile, folder: `city_${stamp}` }, verdict };
}

/** Three sealed runs, the newest failed; one that died; somebody else's folder; a damaged manifest. */
async function container(): Promise<Destination> {
  const store = memoryStore("backups");
  await seal(store, LINES, run("acme", 1, "succeeded"), "city_20260501T020000Z");
  await seal(store, LINES, run("other", 2, "succeeded"), "city_20260502T020000Z");
  await seal(store, LINES, run("acme", 3, "failed"), "city_20260503T020000Z");
  await store.put("city_20260504T020000Z/items/a.zip", "half");
  await store.put("city_20260430T020000Z/manifest.json", "{}");
  await store.put("holiday-photos/a.jpg", "x");
  return destinationOf(store);
}

test("runFolderNames() tells the run folders alone, the newest first", async () => {
  const names = value(await runFolderNames(await container()));
  expect(names.map((name) => name.slice(5, 13))).toEqual([
    "20260504",
    "20260503",
    "20260502",
    "20260501",
    "20260430",
  ]);
});

test("readFolders() tells sealed, unsealed and damaged folders apart", async () => {
  const destination = await container();
  const states: (string | undefined)[] = [];
  for await (const { point } of readFolders(destination, value(await runFolderNames(destination)))) {
    states.push(point.ok ? point.value?.manifest.verdict : point.failure.reason);
  }
  expect(states).toEqual([undefined, "failed", "succeeded", "succeeded", "wrong-content"]);
});

async function chosen(asked: string, profile?: string): Promise<string> {
  const choice = await chooseRestorePoint(await container(), asked, profile);
  return choice.ok ? choice.value.point.manifest.run.id : choice.failure.text;
}

test("chooseRestorePoint() takes a run id or a folder, and knows a profile's run by its manifest", async () => {
  expect(await chosen("acme-20260501T020000Z")).toBe("acme-20260501T020000Z");
  expect(await chosen("city_20260503T020000Z")).toBe("acme-20260503T020000Z");
  expect(await chosen("other-20260501T020000Z")).toContain("is called");
});

test("chooseRestorePoint() latest passes over what did not succeed, and says so", async () => {
  expect(await chosen("latest")).toBe("other-20260502T020000Z");
  expect(await chosen("latest", "acme")).toBe("acme-20260501T020000Z");
  expect(await chosen("latest", "nobody")).toContain("No restore point");
  const choice = await chooseRestorePoint(await container(), "latest", undefined);
  expect(choice.ok && choice.value.passedOver.map(({ folder }) => folder.slice(5, 13))).toEqual([
    "20260504",
    "20260503",
  ]);
});

test("chooseRestorePoint() lists what there is when nothing is called so, and tells why a folder is none", async () => {
  const choice = await chooseRestorePoint(await container(), "yesterday", undefined);
  expect(!choice.ok && choice.known.length).toBe(5);
  expect(await chosen("city_20260504T020000Z")).toContain("has no manifest");
  expect(await chosen("city_20260430T020000Z")).toContain("Cannot read manifest.json");
});
