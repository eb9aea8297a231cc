// Rows and attachments against scripted answers: nothing is lost without a failure.
import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { portalAt, servePortal, type Served } from "./server.ts";
import { failureOf, NOT_SUPPORTED, portalWith, SERVICE, valueOf } from "./service-answers.ts";

describe("objectIds() and rows()", () => {
  const query = `${SERVICE}/0/query`;

  test("ids come sorted and once each, an empty layer has none", async () => {
    let answer: object = { objectIdFieldName: "FID", objectIds: [7, 3, 12, 7] };
    const { portal, at } = await portalWith(() => ({ [query]: answer }));
    expect(valueOf(await portal.objectIds(at(SERVICE), 0))).toEqual({ field: "FID", ids: [3, 7, 12] });
    answer = { objectIdFieldName: "FID", objectIds: null };
    expect(valueOf(await portal.objectIds(at(SERVICE), 0)).ids).toEqual([]);
  });

  test.each([
    [{ objectIdFieldName: "1=1 OR x", objectIds: [1] }],
    [{ objectIds: [1] }],
    [{ objectIdFieldName: "FID", objectIds: [1, "a"] }],
    [{ objectIdFieldName: "FID", objectIds: [1], exceededTransferLimit: true }],
    [{ objectIdFieldName: "FID" }],
  ])("%j is a failure", async (answer) => {
    const { portal, at } = await portalWith(() => ({ [query]: answer }));
    expect(failureOf(await portal.objectIds(at(SERVICE), 0)).reason).toBe("portal-error");
  });

  test("a window is asked for whole and kept as it came", async () => {
    const { portal, served, at } = await portalWith(() => ({
      [query]: (r: ServerResponse) => r.end('{"features":[{"a":1.0}], "exceededTransferLimit" : true}'),
    }));
    const window = { field: "FID", from: -1, to: 20 };
    const rows = valueOf(await portal.rows(at(SERVICE), 0, window));
    expect([rows.features, rows.exceeded]).toEqual([1, true]);
    expect(Buffer.from(rows.raw).toString()).toContain('{"a":1.0}], "exceeded');
    const form = Object.fromEntries(served.to("/query")[0]?.form ?? []);
    expect(form).toMatchObject({
      where: "FID >= -1 AND FID <= 20",
      orderByFields: "FID",
      returnTrueCurves: "true",
    });
    expect(form).not.toHaveProperty("outSR");
    expect(failureOf(await portal.rows(at(SERVICE), 0, { ...window, field: "a;b" })).reason).toBe(
      "bad-input",
    );
  });

  test("a row that cannot be read is asked for twice, and an answer that is too large is told as such", async () => {
    const { portal, served, at } = await portalWith(() => ({
      [query]: { error: { code: 500, message: "Error performing query operation" } },
      [query.replace("/0/", "/1/")]: (r: ServerResponse) =>
        r.end(`{"features":["${"x".repeat(33 * 1024 * 1024)}"]}`),
    }));
    const window = { field: "FID", from: 1, to: 2 };
    expect(failureOf(await portal.rows(at(SERVICE), 0, window)).reason).toBe("transient");
    expect(served.to("/0/query")).toHaveLength(2);
    expect(failureOf(await portal.rows(at(SERVICE), 1, window)).reason).toBe("too-large");
  });
});

describe("attachments()", () => {
  const layer = `${SERVICE}/0`;
  const info = (id: number): object => ({ id, name: `${id}.jpg`, contentType: "image/jpeg", size: 9 });
  const many = (ids: readonly number[]): object => ({
    attachmentGroups: ids.map((id) => ({ parentObjectId: id, attachmentInfos: [info(id)] })),
  });

  test("a list that is cut is asked for by halves, down to single features", async () => {
    const served: Served = await servePortal(({ path, form }) => {
      const ids = (form.get("objectIds") ?? "").split(",").map(Number);
      if (path === `${layer}/queryAttachments`) {
        return ids.length > 2 || ids.at(-1) === 5
          ? { ...many(ids.slice(0, 1)), exceededTransferLimit: true }
          : many([...ids, 999]);
      }
      return path === `${layer}/5/attachments` ? { attachmentInfos: [info(5), info(55)] } : undefined;
    });
    const found = await portalAt(served.url).portal.attachments(
      `${served.url}${SERVICE}`,
      0,
      [1, 2, 3, 4, 5],
    );
    expect(valueOf(found).map(({ objectId, id }) => [objectId, id])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
      [5, 5],
      [5, 55],
    ]);
  });

  test("a layer without the question is asked row by row, and not for it again", async () => {
    const { portal, served, at } = await portalWith(() => ({
      [`${layer}/queryAttachments`]: NOT_SUPPORTED,
      ...Object.fromEntries(
        Array.from({ length: 300 }, (_, n) => [
          `${layer}/${n}/attachments`,
          { attachmentInfos: n === 7 ? [{ id: 1 }] : [] },
        ]),
      ),
    }));
    const found = await portal.attachments(
      at(SERVICE),
      0,
      Array.from({ length: 300 }, (_, n) => n),
    );
    expect(valueOf(found)).toEqual([{ objectId: 7, id: 1, name: "", contentType: "", size: -1 }]);
    expect(served.to("/queryAttachments")).toHaveLength(1);
  });

  test.each([
    [{ attachmentGroups: [{ attachmentInfos: [] }] }],
    [{ attachmentGroups: [{ parentObjectId: 1, attachmentInfos: [{ name: "no id" }] }] }],
    [{ attachmentGroups: [7] }],
  ])("%j fails instead of losing attachments", async (answer) => {
    const { portal, at } = await portalWith(() => ({ [`${layer}/queryAttachments`]: answer }));
    expect(failureOf(await portal.attachments(at(SERVICE), 0, [1])).reason).toBe("portal-error");
  });

  test("bytes that are an error of the service are no attachment", async () => {
    const { portal, at } = await portalWith(() => ({
      [`${layer}/1/attachments/2`]: { error: { code: 400, message: "Unable to read blob", details: [] } },
      [`${layer}/1/attachments/3`]: (r: ServerResponse) => r.end("jpg"),
    }));
    expect(failureOf(await portal.attachment(at(SERVICE), 0, 1, 2)).reason).toBe("portal-error");
    expect(valueOf(await portal.attachment(at(SERVICE), 0, 1, 3)).length).toBe(3);
  });
});
