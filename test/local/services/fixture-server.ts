// A child program for child.test.ts: node fixture-server.ts PORT FOLDER. Says its process id on its port, notes an
// orderly end in FOLDER/ended, and fails to start while FOLDER/broken exists.
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";

const [port = "", folder = ""] = process.argv.slice(2);
if (existsSync(path.join(folder, "broken"))) throw new Error("the fixture is broken");
const server = createServer((_, response) => response.end(String(process.pid)));
server.listen(Number(port), "127.0.0.1");
process.once("SIGTERM", () => {
  writeFileSync(path.join(folder, "ended"), "");
  server.closeAllConnections();
  server.close();
});
