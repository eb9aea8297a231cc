// Takes the place of SendGrid on this machine: the real client hands its mails to it, and each becomes an .eml file.
// https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import * as z from "zod";
import { emlOf } from "./eml.ts";

export interface MailSink {
  /** Address for SENDGRID_BASE_URL. */
  readonly url: string;
  /** Files of the mails that this sink has taken, in their order. */
  received(): readonly string[];
  stop(): Promise<void>;
}

/** SendGrid's own bound is 30 MB; a summary has at most 100 kB. */
const MOST_BYTES = 1_000_000;

const address = z.object({ email: z.string().regex(/^[^\s@<>,]+@[^\s@<>,]+$/) });
const MAIL = z.object({
  personalizations: z.array(z.object({ to: z.array(address).min(1) })).min(1),
  from: address,
  subject: z.string().min(1),
  content: z.array(z.object({ type: z.literal("text/plain"), value: z.string().min(1) })).length(1),
});

/** Starts the sink on loopback; `folder` is made when the first mail comes. Port 0 takes a free one. */
export async function startMailSink(folder: string, port = 0): Promise<MailSink> {
  const files: string[] = [];
  const taking = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const work: Promise<void> = take(request, response, folder, files)
      .catch((error: unknown) => {
        // A client that went away, or a folder that cannot be written: the mail is not taken, and the client is told.
        answer(response, 500, error instanceof Error && "code" in error ? String(error.code) : "not taken");
      })
      .finally(() => taking.delete(work));
    taking.add(work);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port }, () => resolve());
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    received: () => [...files],
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await Promise.all([closed, ...taking]);
    },
  };
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
  files: string[],
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://sink");
  if (request.method !== "POST" || pathname !== "/v3/mail/send") return answer(response, 404, "not found");
  // The key itself is nobody's business here, and is kept nowhere.
  if (!/^Bearer \S+$/.test(request.headers.authorization ?? "")) {
    return answer(response, 401, "The provided authorization grant is invalid, expired, or revoked");
  }
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    return answer(response, 415, "Content-Type should be application/json.");
  }
  const body = await bodyOf(request);
  if (body === undefined) return answer(response, 413, "The mail is too large");
  const mail = MAIL.safeParse(parsed(body));
  if (!mail.success) {
    const { path: field = [], message = "Bad Request" } = mail.error.issues[0] ?? {};
    return answer(response, 400, message, field.map(String).join("."));
  }
  const id = randomUUID();
  files.push(await save(folder, id, mail.data));
  response.writeHead(202, { "x-message-id": id }).end();
}

/** The name sorts by time and then by number; a half-written file has another ending. */
async function save(folder: string, id: string, mail: z.infer<typeof MAIL>): Promise<string> {
  await mkdir(folder, { recursive: true });
  const at = Date.now();
  const time = new Date(at).toISOString().replaceAll(/[-:.]/g, "");
  const number = String((await readdir(folder)).length + 1).padStart(4, "0");
  const file = path.join(folder, `${time}-${number}-${id.slice(0, 8)}.eml`);
  const text = emlOf({
    from: mail.from.email,
    to: mail.personalizations.flatMap(({ to }) => to.map(({ email }) => email)),
    subject: mail.subject,
    text: mail.content.map(({ value }) => value).join("\n"),
    at,
    id,
  });
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
  return file;
}

/** The body as text; undefined when it is larger than any mail of ours. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MOST_BYTES) chunks.push(chunk);
  }
  return size > MOST_BYTES ? undefined : Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // What is no JSON is refused by the check as any other wrong body.
    return undefined;
  }
}

/** Errors in SendGrid's own form. */
function answer(
  response: ServerResponse,
  status: number,
  message: string,
  field: string | null = null,
): void {
  if (response.headersSent) return;
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ errors: [{ message, field, help: null }] }));
}
