// What the seeds promise: their size, a fault for an item that is there, and every kind of item that a plan tells apart.
import { describe, expect, it } from "vitest";
import { listedItem } from "../../src/core/listing.ts";
import { planItems } from "../../src/core/plan.ts";
import { contentForm } from "./item-json.ts";
import { startPortal } from "./portal.ts";
import { SEEDS } from "./seed/seeds.ts";

describe.each(["online", "enterprise"] as const)("the seeds of the sample portal (%s)", (kind) => {
  it("have at least 300 items by default, with every strategy that can succeed", async () => {
    const portal = await startPortal({ kind });
    await portal.stop();
    const live = [...portal.state.items.values()].filter((item) => item.binnedAt === null);
    expect(live.length).toBeGreaterThanOrEqual(300);
    const listed = live.flatMap((item) => {
      const result = listedItem(
        {
          ...contentForm(item),
          id: item.id,
          owner: item.owner,
          title: item.fields.title,
          type: item.fields.type,
        },
        { folder: null, found: "walk" },
      );
      return result.ok ? [result.item] : [];
    });
    expect(listed).toHaveLength(live.length);
    const planned = planItems(listed, { layout: "owner-folder", offlinePackageIds: new Set() });
    expect(new Set(planned.map(({ strategy }) => strategy))).toEqual(
      new Set(["json+resources", "download-file", "export-fgdb", "skip-reference", "skip-no-value"]),
    );
    expect(planned.some(({ knownType }) => !knownType)).toBe(true);
    const owners = new Set(live.map(({ owner }) => owner));
    const members = [...portal.state.members.values()];
    for (const is of ["disabled", "system"] as const) {
      expect(members.some((member) => member[is] && owners.has(member.username))).toBe(true);
    }
  });

  it.each(Object.keys(SEEDS))("%s: each fault that names an item names one that is there", async (name) => {
    const portal = await startPortal({ kind, ...SEEDS[name] });
    await portal.stop();
    const titles = new Set([...portal.state.items.values()].map((item) => item.fields.title));
    const named = (SEEDS[name]?.faults ?? []).flatMap(({ match }) => match.itemTitle ?? []);
    expect(named.filter((title) => !titles.has(title))).toEqual([]);
  });
});
