// The folders of a container, asked of a real store.
import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { azureFolders } from "../../../src/clients/store/folders.ts";
import { AZURITE_KEY, azurite, testStore } from "../../azurite.ts";

function folders(container: string, connectionString = azurite()) {
  const listed = azureFolders({ access: { connectionString }, container });
  if (!listed.ok) throw new Error(listed.failure.text);
  return listed.value;
}

test("azureFolders() names the top folders alone, once each, and nothing of a container that is not there", async () => {
  const { store, container } = await testStore();
  for (const path of ["a_1/x/y.txt", "a_1/z.txt", "b_2/x.txt", "top.txt"]) await store.put(path, "x");
  expect(await folders(container)("")).toEqual({ ok: true, value: ["a_1", "b_2"] });
  expect(await folders(container)("b")).toEqual({ ok: true, value: ["b_2"] });
  expect(await folders("no-such-container")("")).toEqual({ ok: true, value: [] });
});

test("azureFolders() tells a refused sign-in as any other call does", async () => {
  const refused = azurite().replace(
    /AccountKey=[^;]+/,
    `AccountKey=${Buffer.alloc(64, 7).toString("base64")}`,
  );
  expect(await folders("backups", refused)("")).toMatchObject({
    ok: false,
    failure: { reason: "storage-refused" },
  });
});

test("azureFolders() asks on while the storage names a further page, also after an empty one", async () => {
  const pages: Readonly<Record<string, string>> = {
    "": "<Blobs/><NextMarker>m1</NextMarker>",
    m1: "<Blobs><BlobPrefix><Name>a_1/</Name></BlobPrefix></Blobs><NextMarker>m2</NextMarker>",
    m2: "<Blobs><BlobPrefix><Name>b_2/</Name></BlobPrefix></Blobs><NextMarker/>",
  };
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    const marker = new URL(request.url ?? "/", "http://x").searchParams.get("marker") ?? "";
    asked.push(marker);
    response.writeHead(200, { "content-type": "application/xml" });
    response.end(`<?xml version="1.0"?><EnumerationResults>${pages[marker] ?? ""}</EnumerationResults>`);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}/acme`;
  const list = folders("backups", `AccountName=acme;AccountKey=${AZURITE_KEY};BlobEndpoint=${endpoint}`);
  const listed = await list("");
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  expect(listed).toEqual({ ok: true, value: ["a_1", "b_2"] });
  expect(asked).toEqual(["", "m1", "m2"]);
});

test("azureFolders() tells a connection that cannot be one before anything is asked", () => {
  const refused = azureFolders({ access: { connectionString: "AccountName=acme" }, container: "backups" });
  expect(refused).toMatchObject({ ok: false, failure: { reason: "bad-input" } });
});
