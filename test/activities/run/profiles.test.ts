// Profiles as they lie in the app's own storage: which of them are found, and two writers at once.
import { describe, expect, test } from "vitest";
import {
  allProfiles,
  findProfile,
  type Expected,
  removeProfile,
  storeProfile,
} from "../../../src/activities/run/profiles.ts";
import type { Store } from "../../../src/clients/store/store.ts";
import { parseProfile, type Profile } from "../../../src/core/profile.ts";
import { ok } from "../../../src/core/result.ts";
import { profilePath } from "../../../src/core/work-paths.ts";
import type { Deps } from "../../../src/deps.ts";
import { depsWithout } from "../../deps-without.ts";
import { memoryStore } from "../../memory-store.ts";

const json = (name: string) => ({
  name,
  portal: {
    url: "https://acme.maps.arcgis.com",
    auth: { kind: "password", username: "backup_svc", secret: "ACME" },
  },
});

function profileOf(name: string): Profile {
  const parsed = parseProfile(json(name));
  if (!parsed.ok) throw new Error(parsed.problems.map(({ text }) => text).join());
  return parsed.profile;
}

function depsOn(work: Store, defaultProfile?: Profile): Deps {
  const base = depsWithout("Profiles need none of this");
  return { ...base, work, defaultProfile, profile: () => ok(profileOf("unused")), now: () => 0 };
}

async function foundIn(
  deps: Deps,
): Promise<readonly (readonly [name: string, source: string, ok: boolean])[]> {
  const found = [];
  for await (const { name, source, parsed } of allProfiles(deps))
    found.push([name, source, parsed.ok] as const);
  return found;
}

describe("allProfiles()", () => {
  test("finds the stored ones and that of the settings, by name; one with mistakes too", async () => {
    const work = memoryStore();
    for (const name of ["west", "east"]) await work.put(profilePath(name), JSON.stringify(json(name)));
    await work.put(profilePath("broken"), "{}");
    const stored = [
      ["broken", "stored", false],
      ["east", "stored", true],
      ["west", "stored", true],
    ];
    expect(await foundIn(depsOn(work))).toEqual(stored);
    expect(await foundIn(depsOn(work, profileOf("nightly")))).toEqual([
      ...stored.slice(0, 2),
      ["nightly", "settings", true],
      ...stored.slice(2),
    ]);
    expect(await foundIn(depsOn(work, profileOf("west")))).toEqual(stored);
    expect(await findProfile(depsOn(work, profileOf("west")), "west")).toMatchObject({
      overridesSettings: true,
    });
  });

  test("passes over what is no profile, and one that is deleted meanwhile", async () => {
    const work = memoryStore();
    for (const path of ["profiles/notes.txt", "profiles/old/east.json", "profiles/Not a name.json"])
      await work.put(path, JSON.stringify(json("east")));
    await work.put(profilePath("gone"), JSON.stringify(json("gone")));
    const losing = {
      ...work,
      get: async (path: string) => (path === profilePath("gone") ? ok(undefined) : work.get(path)),
    };
    expect(await foundIn(depsOn(losing))).toEqual([]);
  });
});

test("a profile that is stored under another name than its own is found with that mistake", async () => {
  const work = memoryStore();
  await work.put(profilePath("west"), JSON.stringify(json("east")));
  expect(await findProfile(depsOn(work), "west")).toMatchObject({
    source: "stored",
    parsed: { ok: false, problems: [{ text: 'name: found "east", expected "west", as it is stored' }] },
  });
});

/** The store as `other` sees it: it writes or deletes the profile right before or after what the test's own writer does. */
function interfered(work: Store, when: "before put" | "after put", other: () => Promise<unknown>): Store {
  return {
    ...work,
    put: async (path, bytes, options) => {
      if (when === "before put") await other();
      const put = await work.put(path, bytes, options);
      if (when === "after put") await other();
      return put;
    },
  };
}

describe("storeProfile()", () => {
  const path = profilePath("west");
  const store = (work: Store, expected: Expected) =>
    storeProfile(depsOn(work), "west", json("west"), expected);

  test("tells creating from replacing, with the ETag of what it wrote", async () => {
    const work = memoryStore();
    const created = await store(work, "none");
    const first = await work.get(path);
    expect(created).toEqual({ done: "created", etag: first.ok && first.value?.etag });
    expect(await store(work, "any")).toMatchObject({ done: "replaced" });
    expect(await store(work, undefined)).toMatchObject({ done: "replaced" });
  });

  test.each<[string, boolean, Expected]>([
    ["another version", true, { etags: ["of-yesterday"] }],
    ["none", true, "none"],
    ["some version", false, "any"],
    ["a certain version", false, { etags: ["of-yesterday"] }],
  ])("writes nothing where %s is expected and lies there: %s", async (_what, lies, expected) => {
    const work = memoryStore();
    if (lies) await work.put(path, "theirs");
    expect(await store(work, expected)).toBe("changed");
    expect(await removeProfile(depsOn(work), "west", expected)).toBe("changed");
    const left = await work.get(path);
    expect(left.ok && left.value && Buffer.from(left.value.bytes).toString()).toBe(
      lies ? "theirs" : undefined,
    );
  });

  test("looks again where another writer comes between: only who expects a version gives way", async () => {
    const work = memoryStore();
    let left = 1;
    const once = async () => void (left-- > 0 && (await work.put(path, "theirs")));
    const racing = interfered(work, "before put", once);
    expect(await store(racing, undefined)).toMatchObject({ done: "replaced" });
    await work.delete(path);
    left = 1;
    expect(await store(racing, "none")).toBe("changed");
    const always = interfered(work, "before put", () => work.put(path, "theirs"));
    expect(await store(always, undefined)).toBe("changed");
  });

  test.each(["theirs", undefined])(
    "names no ETag that is not its own (%s lies there after it)",
    async (next) => {
      const work = memoryStore();
      const other = () => (next === undefined ? work.delete(path) : work.put(path, next));
      expect(await store(interfered(work, "after put", other), undefined)).toEqual({
        done: "created",
        etag: undefined,
      });
    },
  );
});
