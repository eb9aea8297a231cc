// The folders of a container, asked of a real store.
import { expect, test } from "vitest";
import { azureFolders } from "../../../src/clients/store/folders.ts";
import { azurite, testStore } from "../../azurite.ts";

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
