// Exports and extracts against scripted answers: what is sent, and which odd answers are survived.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { servePortal, TOKEN } from "./server.ts";
import {
  failureOf,
  NOT_SUPPORTED,
  portalOf,
  portalWith,
  SERVICE,
  START,
  TILES,
  valueOf,
} from "./service-answers.ts";

describe("startExport()", () => {
  const start = { user: "a", itemId: "i", title: "t", tag: "g", format: "Shapefile" } as const;
  const path = "/sharing/rest/content/users/a/export";

  test("names its layers only when it is told to", async () => {
    const { portal, served } = await portalWith(() => ({ [path]: { exportItemId: "e", jobId: "j" } }));
    await portal.startExport(start);
    await portal.startExport({ ...start, layers: [3, 0] });
    const [all, some] = served.to("/export").map(({ form }) => form);
    expect([all?.get("exportFormat"), all?.has("exportParameters")]).toEqual(["Shapefile", false]);
    expect(JSON.parse(some?.get("exportParameters") ?? "")).toEqual({ layers: [{ id: 3 }, { id: 0 }] });
  });

  test.each([
    ["Export format Shapefile is not supported.", "not-supported"],
    ["Item i is not a hosted service.", "not-supported"],
    ["Error exporting data", "export-failed"],
  ])("%s: %s", async (message, reason) => {
    const { portal } = await portalWith(() => ({ [path]: { error: { code: 400, message } } }));
    expect(failureOf(await portal.startExport(start)).reason).toBe(reason);
  });
});

describe("createReplica", () => {
  test("asks for an extract that leaves no replica behind", async () => {
    const { portal, served, at } = await portalWith((url) => ({
      [`${SERVICE}/createReplica`]: { statusUrl: `${url}/jobs/1` },
    }));
    const started = await portal.startReplica(at(SERVICE), START);
    expect(started).toEqual({ ok: true, value: { statusUrl: at("/jobs/1") } });
    expect(Object.fromEntries(served.to("/createReplica")[0]?.form ?? [])).toMatchObject({
      layers: "0,2",
      layerQueries: '{"0":{"queryOption":"all"},"2":{"queryOption":"all"}}',
      syncModel: "none",
      async: "true",
      dataFormat: "filegdb",
      returnAttachments: "true",
      transportType: "esriTransportTypeUrl",
      token: TOKEN,
    });
  });

  test.each([
    ["an answer without addresses", { ok: 1 }, "export-failed"],
    ["an address that is none", { statusUrl: "javascript:alert(1)" }, "portal-error"],
    ["an address with a user", { statusUrl: "https://a:b@host/x" }, "portal-error"],
    ["no such capability", NOT_SUPPORTED, "not-supported"],
    [
      "no such operation",
      { error: { code: 400, message: "Invalid URL", details: ["Invalid URL"] } },
      "not-supported",
    ],
    ["no access", { error: { code: 403, message: "" } }, "no-access"],
  ])("%s", async (_, answer, reason) => {
    const { portal, at } = await portalWith(() => ({ [`${SERVICE}/createReplica`]: answer }));
    expect(failureOf(await portal.startReplica(at(SERVICE), START)).reason).toBe(reason);
  });

  test("is not repeated after an error that tells nothing", async () => {
    const { portal, served, at } = await portalWith(() => ({
      [`${SERVICE}/createReplica`]: { error: { code: 500, message: "" } },
    }));
    expect(failureOf(await portal.startReplica(at(SERVICE), START)).reason).toBe("transient");
    expect(served.to("/createReplica")).toHaveLength(1);
  });

  test.each([
    [{ status: "Pending", resultUrl: "" }, "working"],
    [{ status: "ExportAttachments" }, "working"],
    [{ status: "Completed", resultUrl: "https://files.example/a.zip?sig=1" }, "completed"],
    [{ status: "CompletedWithErrors", resultUrl: "http://files.example/a.zip" }, "failed"],
    [{ status: "Failed", statusMessage: "no room" }, "failed"],
    [{ status: "Failed", error: { code: 500, description: "no room" } }, "failed"],
    [{ status: "Completed" }, "failed"],
  ])("%j: %s", async (answer, state) => {
    const { portal, at } = await portalWith(() => ({ "/jobs/1": answer }));
    const told = valueOf(await portal.replicaStatus(at("/jobs/1")));
    expect(told.state).toBe(state);
    const kept = "resultUrl" in answer && answer.resultUrl !== "";
    expect(told.resultUrl?.startsWith("https://files.example/a.zip") ?? false).toBe(kept);
    if ("statusMessage" in answer || "error" in answer) expect(told.message).toContain("no room");
  });

  test("a status elsewhere gets no token, its query goes along, and one that is no address is not asked", async () => {
    const foreign = await servePortal(() => ({ status: "InProgress" }));
    const { portal } = await portalWith(() => ({}));
    valueOf(await portal.replicaStatus(`${foreign.url}/jobs/1?key=7&token=theirs`));
    expect(Object.fromEntries(foreign.got[0]?.query ?? [])).toEqual({ key: "7", f: "json" });
    expect(JSON.stringify(foreign.got)).not.toContain(TOKEN);
    expect(failureOf(await portal.replicaStatus("jobs/1")).reason).toBe("portal-error");
  });
});

test("no answer makes a call throw, whatever it holds", async () => {
  const names =
    "status jobStatus statusUrl resultUrl URL error code message messages output outputUrl results out_service_url value files name url objectIdFieldName objectIds features exceededTransferLimit attachmentGroups parentObjectId attachmentInfos id jobId properties";
  const words = "Completed Failed esriJobSucceeded https://x.example/a%zz.zip // http://[ OBJECTID 1";
  const leaf = fc.oneof(fc.constantFrom(...words.split(" ")), fc.jsonValue({ maxDepth: 1 }));
  const { tree } = fc.letrec<{ tree: unknown; fields: object }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      leaf,
      fc.array(tie("tree"), { maxLength: 2 }),
      tie("fields"),
    ),
    fields: fc.dictionary(fc.constantFrom(...names.split(" ")), tie("tree"), { maxKeys: 6 }),
  }));
  let answer: object = {};
  const { portal, at } = await portalOf(() => ({ ...answer }));
  await portal.connect();
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.constantFrom(...names.split(" ")), tree, { maxKeys: 8 }),
      async (value) => {
        answer = value;
        const results = await Promise.all([
          portal.startReplica(at(SERVICE), START),
          portal.replicaStatus(at("/jobs/1")),
          portal.startTiles(at(TILES), { levels: "0", format: "tpkx" }),
          portal.tileJob(at(TILES), "j"),
          portal.editTileExport(at(TILES), { exportTilesAllowed: true }),
          portal.objectIds(at(SERVICE), 0),
          portal.rows(at(SERVICE), 0, { field: "F", from: 1, to: 2 }),
          portal.attachments(at(SERVICE), 0, [1]),
        ]);
        for (const result of results) if (!result.ok) expect(result.failure.text).not.toContain(TOKEN);
      },
    ),
    { numRuns: 40 },
  );
});
