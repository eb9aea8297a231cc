import { describe, expect, it } from "vitest";
import { parseNcrontab } from "../../../src/local/host/ncrontab.ts";
import { compareRoutes, matchRoute, parseRoute } from "../../../src/local/host/routes.ts";

function next(schedule: string, after: string): string | undefined {
  const ms = parseNcrontab(schedule).next(Date.parse(after));
  return ms === undefined ? undefined : new Date(ms).toISOString().replace(".000Z", "Z");
}

describe("parseNcrontab()", () => {
  it.each([
    ["0 */5 * * * *", "2026-11-24T01:05:00Z", "2026-11-24T01:10:00Z"],
    ["*/5 * * * *", "2026-11-24T01:09:59.999Z", "2026-11-24T01:10:00Z"],
    ["0 0 2 * * *", "2026-12-31T02:00:00Z", "2027-01-01T02:00:00Z"],
    ["30 5/20 8-9 * * Mon-Fri", "2026-11-27T09:45:30Z", "2026-11-30T08:05:30Z"],
    ["0 0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z"],
    ["0 0 0 1 jan,JUL *", "2026-02-01T00:00:00Z", "2026-07-01T00:00:00Z"],
    ["0 0 0 13 * FRI", "2026-03-14T00:00:00Z", "2026-11-13T00:00:00Z"],
  ])("%s after %s is %s", (schedule, after, expected) => {
    expect(next(schedule, after)).toBe(expected);
  });

  it("says when there is no next time", () => {
    expect(next("0 0 0 31 2 *", "2026-01-01T00:00:00Z")).toBeUndefined();
  });

  it.each([
    ["0 60 * * * *", "minute"],
    ["* * * *", "4 fields"],
    ["0 0 0 * * 7", "day of week"],
    ["0 0 0 0 * *", "day"],
    ["0 5-1 * * * *", "backwards"],
    ["0 */0 * * * *", "step"],
    ["0 1-2-3 * * * *", "minute"],
    ["0 , * * * *", "minute"],
  ])("refuses %s and names the field", (schedule, named) => {
    expect(() => parseNcrontab(schedule)).toThrow(named);
  });
});

describe("matchRoute()", () => {
  it.each([
    ["items/{id}", "items/a", { id: "a" }],
    ["items/{id?}", "items", {}],
    ["items/{id?}", "ITEMS/x", { id: "x" }],
    ["items/{id:int}", "items/12", { id: "12" }],
    [
      "items/{id:guid?}",
      "items/0f8fad5b-d9cb-469f-a165-70867728950e",
      { id: "0f8fad5b-d9cb-469f-a165-70867728950e" },
    ],
    ["files/{*rest}", "files/a/b", { rest: "a/b" }],
    ["files/{*rest}", "files", {}],
  ])("%s takes %s", (template, path, params) => {
    expect(matchRoute(parseRoute(template), path.split("/"))).toEqual(params);
  });

  it.each([
    ["items/{id}", "items"],
    ["items/{id}", "items/a/b"],
    ["items/{id:int}", "items/1x"],
    ["items", "item"],
  ])("%s does not take %s", (template, path) => {
    expect(matchRoute(parseRoute(template), path.split("/"))).toBeUndefined();
  });

  it("refuses by name what it does not speak", () => {
    for (const part of ["{id:range(1,2)}", "{a}.{b}", "{id=5}", "x{id}"]) {
      expect(() => parseRoute(`items/${part}`)).toThrow(part);
    }
  });
});

it("compareRoutes() asks the more exact route first", () => {
  const routes = ["{*rest}", "items/{id}", "items/{id:int}", "items/new", "items"].map(parseRoute);
  expect(routes.sort(compareRoutes).map((one) => one.template)).toEqual([
    ...["items", "items/new", "items/{id:int}", "items/{id}", "{*rest}"],
  ]);
});
