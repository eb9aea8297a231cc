// Names: what is listed becomes paths of the backup, entries of bundles, and files of a restore point that is laid out.
import path from "node:path";
import { fileExtension, LAYOUTS, PATH_LIMIT, SUFFIX_ROOM } from "../../../src/core/names.ts";
import { planItems } from "../../../src/core/plan.ts";
import { planText } from "../../../src/core/plan-text.ts";
import { layOutItem } from "../../../src/core/lay-out.ts";
import { resourcePaths } from "../../../src/core/resource-paths.ts";
import { partsOf } from "../../../src/clients/store/folder/names.ts";
import type { ListedItem } from "../../../src/core/item.ts";
import { changedLine, lineOf } from "./items.ts";
import { wrongPath, wrongText, wrongTogether } from "./judges.ts";
import { hostileText, type Next, oneOf, times } from "./texts.ts";

/** What a folder of 40 characters leaves of the 260 that Windows takes. */
const UNPACKED_MOST = 220;

export function probeNames(next: Next, items: readonly ListedItem[]): readonly string[] {
  return [...plans(next, items), ...laidOut(next, items), ...extensions(next)];
}

function plans(next: Next, items: readonly ListedItem[]): readonly string[] {
  const layout = oneOf(next, LAYOUTS);
  const planned = planItems(items, { layout, offlinePackageIds: new Set<string>() });
  const paths = planned.map((each) => each.path);
  const text = planText({
    organisation: hostileText(next),
    portal: { base: "https://acme.maps.arcgis.com", username: hostileText(next), seesAllItems: false },
    planned,
    exportMs: {},
    lanes: { direct: 4, exports: 3 },
  });
  return [
    ...(planned.length === items.length ? [] : [`${items.length} items, ${planned.length} planned`]),
    ...paths.flatMap((each) => wrongPath(each, PATH_LIMIT - SUFFIX_ROOM)),
    ...paths.filter((each) => !each.startsWith("items/")).map((each) => `a path begins outside: ${each}`),
    ...paths.flatMap((each) => {
      const file = partsOf(`run_20260101T000000Z/${each}.zip`, true);
      return file.ok ? [] : [`a folder of Windows would refuse it: ${file.failure.text}`];
    }),
    ...wrongTogether(paths),
    ...wrongText("the plan", text),
    ...resources(next, Math.max(0, ...paths.map((each) => each.lastIndexOf("/")))),
  ];
}

/** `folder`: characters of the longest folder that a bundle lies in. */
function resources(next: Next, folder: number): readonly string[] {
  const names = [
    ...times(next, 12, () => hostileText(next)),
    ...oneOf<readonly string[]>(next, [[], ["A", "a"], ["a", "a/b"]]),
  ];
  const distinct = [...new Set(names)];
  const made = resourcePaths(distinct);
  const shuffled = distinct.toReversed();
  const again = resourcePaths(shuffled);
  return [
    ...made.flatMap((each) => wrongPath(each, UNPACKED_MOST - folder - 1)),
    ...made
      .filter((each) => !each.startsWith("resources/"))
      .map((each) => `an entry begins outside: ${each}`),
    ...wrongTogether(made),
    ...(shuffled.every((name, at) => again[at] === made[distinct.indexOf(name)])
      ? []
      : ["which path a resource gets depends on the order"]),
  ];
}

function laidOut(next: Next, items: readonly ListedItem[]): readonly string[] {
  return items.flatMap((item) => {
    const line = next() < 0.5 ? lineOf(next, item) : changedLine(next, item);
    const { folder, bundles, files } = layOutItem(line);
    const all = [...bundles.flatMap(({ entries }) => entries), ...files].map((each) => each.path);
    const root = path.resolve("/out");
    const outside = all.filter((each) => !path.resolve(root, each).startsWith(`${root}/items/`));
    return [
      ...all.flatMap((each) => wrongPath(each, Infinity)),
      ...all.filter((each) => !each.startsWith(`${folder}/`)).map((each) => `a file lies beside: ${each}`),
      ...outside.map((each) => `a file lies outside: ${each}`),
      ...wrongTogether(all),
    ];
  });
}

function extensions(next: Next): readonly string[] {
  const extension = fileExtension(
    next() < 0.3 ? null : hostileText(next),
    oneOf(next, ["PDF", "Shapefile", "File Geodatabase", hostileText(next)]),
    next() < 0.3 ? null : hostileText(next),
  );
  return /^(\.[A-Za-z0-9.]{1,16})?$/.test(extension) && !extension.endsWith(".")
    ? []
    : [`the extension of a file is ${JSON.stringify(extension)}`];
}
