// Another host, to which a portal redirects: it answers anybody with a page or with JSON, and remembers what it was sent.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Elsewhere {
  /** An address of its own for each case. */
  address(of: string, form: "page" | "json"): string;
  /** Everything that was sent to it for the case: addresses, headers and bodies. */
  sent(of: string): readonly string[];
  stop(): Promise<void>;
}

export async function startElsewhere(): Promise<Elsewhere> {
  const got = new Map<string, string[]>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://elsewhere");
    const [, of = "", form = ""] = url.pathname.split("/");
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const all = [request.url, JSON.stringify(request.rawHeaders), Buffer.concat(chunks).toString()].join(
        " ",
      );
      got.set(of, [...(got.get(of) ?? []), all]);
      const page = form === "page";
      response.writeHead(200, { "content-type": page ? "text/html" : "application/json" });
      response.end(
        page ? "<!DOCTYPE html><html><body>Welcome</body></html>" : '{"answer":"of another host"}',
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: (of, form) => `http://127.0.0.1:${port}/${of}/${form}`,
    sent: (of) => got.get(of) ?? [],
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
