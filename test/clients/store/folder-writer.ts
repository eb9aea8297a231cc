// A process of its own that streams into a folder and never ends by itself: `node folder-writer.ts FOLDER PATH`. Says
// "on its way" once some of the body is on the disk.
import { folderStore } from "../../../src/clients/store/folder-store.ts";
import { ok } from "../../../src/core/result.ts";

const [folder = "", path = ""] = process.argv.slice(2);
const store = folderStore({ folder });
if (!store.ok) throw new Error(store.failure.text);

async function* endless(): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(1_000_000, "half");
  yield Buffer.alloc(1_000_000, "of it");
  process.stdout.write("on its way\n");
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}

await store.value.putStream(path, endless(), async () => ok(undefined));
