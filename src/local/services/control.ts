// Loaded into a child process before its own program (node --import). It holds a loopback port that answers only to
// who knows the child's mark: so a later start can tell its own child from a stranger with the same process id or
// port, can end it in an orderly way also where signals cannot, and a second child on the same port ends at once.
import { createServer } from "node:http";
import { CONTROL_MARK, CONTROL_PORT, MARK_HEADER } from "./control-client.ts";

await listen(Number(process.env[CONTROL_PORT]), process.env[CONTROL_MARK] ?? "");
// Processes that this child starts are not this child.
delete process.env[CONTROL_PORT];
delete process.env[CONTROL_MARK];

function listen(port: number, mark: string): Promise<void> {
  const server = createServer((request, response) => {
    const known = request.headers[MARK_HEADER] === mark;
    response.writeHead(known ? 200 : 404, { "content-type": "application/json", connection: "close" });
    response.end(known ? JSON.stringify({ mark, pid: process.pid }) : undefined);
    if (known && request.method === "POST" && request.url === "/stop") response.once("finish", stop);
  });
  // The child lives as long as its own program has something to do.
  server.unref();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => resolve());
  });
}

/** A program that listens for SIGTERM closes its files first; one that does not has nothing to close. */
function stop(): void {
  if (!process.emit("SIGTERM", "SIGTERM")) process.exit(0);
}
