// What the seeds promise: their size, a fault for an item that is there, and every kind of item that a plan tells apart.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { STRATEGIES } from "../../src/core/item.ts";
import { listedItem } from "../../src/core/listing.ts";
import { planItems } from "../../src/core/plan.ts";
import { contentForm } from "./item-json.ts";
import { startPortal, type SamplePortal } from "./portal.ts";
import { SEEDS } from "./seed/seeds.ts";

/** What is planned for the items that a listing would find. */
function plannedOf(portal: SamplePortal): ReturnType<typeof planItems> {
  const listed = [...portal.state.items.values()].flatMap((item) => {
    if (item.binnedAt !== null) return [];
    const { title, type } = item.fields;
    const raw = { ...contentForm(item), id: item.id, owner: item.owner, title, type };
    const result = listedItem(raw, { folder: null, found: "walk" });
    return result.ok ? [result.item] : [];
  });
  return planItems(listed, { layout: "owner-folder", offlinePackageIds: new Set() });
}

describe.each(["online", "enterprise"] as const)("the seeds of the sample portal (%s)", (kind) => {
  it("have at least 300 items by default, with every strategy that can succeed", async () => {
    const portal = await startPortal({ kind });
    await portal.stop();
    const live = [...portal.state.items.values()].filter((item) => item.binnedAt === null);
    expect(live.length).toBeGreaterThanOrEqual(300);
    const planned = plannedOf(portal);
    expect(planned).toHaveLength(live.length);
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

  it("types: an item of every type of the table, every condition, and every strategy", async () => {
    const portal = await startPortal({ kind, ...SEEDS["types"] });
    await portal.stop();
    const items = [...portal.state.items.values()].map((item) => ({ ...item, ...item.fields }));
    const table = readFileSync(new URL("../core/fixtures/item-types.csv", import.meta.url), "utf8");
    const known = table
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split(",")[0]);
    expect(known.length).toBeGreaterThan(200);
    const types = new Set(items.map(({ type }) => type));
    expect(known.filter((type = "") => !types.has(type))).toEqual([]);
    expect(items.some(({ type }) => !known.includes(type))).toBe(true);
    const has = (type: string, keyword: string, hosted = true): boolean =>
      items.some(
        (item) =>
          item.type === type &&
          item.typeKeywords.includes(keyword) &&
          item.typeKeywords.includes("Hosted Service") === hosted,
      );
    expect({
      view: has("Feature Service", "View Service"),
      tracks: has("Feature Service", "Location Tracking Service"),
      copy: items.some(
        ({ type, url }) => type === "Feature Service" && url?.endsWith("/FeatureServer/0") === true,
      ),
      proxy: has("Feature Service", "Service Proxy", false),
      premium: has("Feature Service", "Requires Subscription"),
      tiled: has("Map Service", "Tiled"),
      tiledByAddress: has("Map Service", "Tiled", false),
      imagery: has("Image Service", "Tiled Imagery"),
      dynamicImagery: has("Image Service", "Dynamic Imagery Layer"),
      styleOnly: has("Vector Tile Service", "Vector Tile Style Editor"),
      derived: has("WFS", "Hosted Service"),
      byAddress: items.some(({ type, url, data }) => type === "CSV" && url !== null && data.kind === "none"),
      cached: items.some(({ typeKeywords }) => typeKeywords.some((word) => word.startsWith("exportItem:"))),
      offline: items.some(({ related }) => related.some(({ type }) => type === "Area2Package")),
      covered: items.some(({ related }) => related.some(({ type }) => type === "Service2Data")),
    }).toEqual(
      Object.fromEntries(
        "view tracks copy proxy premium tiled tiledByAddress imagery dynamicImagery styleOnly derived byAddress cached offline covered"
          .split(" ")
          .map((condition) => [condition, true]),
      ),
    );
    for (const keyword of ["Spatiotemporal", "Relational"])
      expect(has("Map Service", keyword)).toBe(kind === "enterprise");
    expect(new Set(plannedOf(portal).map(({ strategy }) => strategy))).toEqual(new Set(STRATEGIES));
  });

  it.each(Object.keys(SEEDS))("%s: each fault that names an item names one that is there", async (name) => {
    const portal = await startPortal({ kind, ...SEEDS[name] });
    await portal.stop();
    const titles = new Set([...portal.state.items.values()].map((item) => item.fields.title));
    const named = (SEEDS[name]?.faults ?? []).flatMap(({ match }) => match.itemTitle ?? []);
    expect(named.filter((title) => !titles.has(title))).toEqual([]);
  });
});
