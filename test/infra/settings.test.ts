// The names of the app settings: one set in the templates, in config.ts and in local.settings.sample.json.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { settingNamesOn } from "../../src/config.ts";
import { SNAPSHOTS, settings } from "./snapshots.ts";

const root = path.resolve(import.meta.dirname, "..", "..");

test("the templates set what is read on Azure, by the app or by its host, and nothing else", () => {
  const names = new Set(SNAPSHOTS.flatMap((of) => [...settings(of).keys()]));
  expect([...names].sort()).toEqual([...settingNamesOn("azure")].sort());
});

test("local.settings.sample.json sets what is read on one machine, and the profile's secrets", async () => {
  const { Values } = JSON.parse(await readFile(path.join(root, "local.settings.sample.json"), "utf8")) as {
    Values: Record<string, string>;
  };
  const profile = JSON.parse(Values["DEFAULT_PROFILE"] ?? "{}") as { portal: { auth: { secret: string } } };
  const names = Object.keys(Values).filter((name) => name !== profile.portal.auth.secret);
  expect(names.sort()).toEqual([...settingNamesOn("machine")].sort());
});
