// SendGrid's own client against scripted answers and the sink: what is repeated, what is told, and that the key stays inside.
import { readFile, rm, mkdtemp } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sendGridMailer } from "../../src/clients/mail.ts";
import { failed, ok, type Result } from "../../src/core/result.ts";
import { startMailSink } from "../../src/local/services/mail-sink.ts";

const KEY = "SG.s3cret_key-value.XYZ";
const MAIL = {
  to: ["gis@acme.gov", "it@acme.gov"],
  subject: "PARTIAL - Acme",
  text: "3 failed\n{{x}} -y-\n",
};

type Reply = (response: ServerResponse, request: IncomingMessage) => void;
const closers: (() => Promise<void>)[] = [];
const printed: unknown[] = [];

beforeEach(() => {
  for (const level of ["log", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((...words: unknown[]) => void printed.push(...words));
  }
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  vi.restoreAllMocks();
  expect(JSON.stringify(printed.splice(0))).not.toContain("s3cret");
});

/** Answers the nth request by the nth reply, and by the last one from there on. */
async function serve(
  ...replies: readonly Reply[]
): Promise<{ url: string; asked: { body: string; headers: object }[] }> {
  const asked: { body: string; headers: object }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      asked.push({ body: Buffer.concat(chunks).toString(), headers: request.headers });
      (replies[asked.length - 1] ?? replies.at(-1))?.(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, asked };
}

const says =
  (status: number, message = "", headers: Record<string, string> = {}): Reply =>
  (response) =>
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify({ errors: [{ message, field: null, help: null }] }));

interface Sent {
  readonly result: Result<void>;
  /** The pauses that were asked for. */
  readonly pauses: readonly number[];
}

async function send(baseUrl: string, key: Result<string> = ok(KEY), tryMs = 5_000): Promise<Sent> {
  const pauses: number[] = [];
  const mailer = sendGridMailer({
    from: "backup@acme.gov",
    baseUrl,
    key: async () => key,
    now: () => 0,
    wait: async (ms) => void pauses.push(ms),
    tryMs,
  });
  return { result: await mailer.send(MAIL), pauses };
}

function textOf({ result }: Sent): string {
  if (result.ok) throw new Error("The mail was sent");
  const { text, next } = result.failure;
  expect(`${text}${next}`).not.toContain("s3cret");
  expect(next).not.toBe("");
  return text;
}

test("send() posts one plain text to all addresses, untracked, as the service's own API wants it", async () => {
  const { url, asked } = await serve((response) => response.writeHead(202).end());
  expect((await send(url)).result).toEqual(ok(undefined));
  expect(asked).toHaveLength(1);
  expect(asked[0]?.headers).toMatchObject({
    authorization: `Bearer ${KEY}`,
    "content-type": "application/json",
  });
  expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
    from: { email: "backup@acme.gov", name: "ArcGIS Backup" },
    personalizations: [{ to: MAIL.to.map((email) => ({ email })) }],
    subject: MAIL.subject,
    content: [{ type: "text/plain", value: MAIL.text }],
    headers: { "Auto-Submitted": "auto-generated" },
    tracking_settings: {
      click_tracking: { enable: false, enable_text: false },
      open_tracking: { enable: false },
    },
  });
});

describe("what no repeat can mend is asked once and told", () => {
  test.each([
    [401, "refused the API key (401): The grant is invalid"],
    [403, "refused to send (403): The grant is invalid"],
    [413, "too large (413)"],
    [400, "answered with 400: The grant is invalid"],
    [302, "answered with 302"],
  ])("%d", async (status, expected) => {
    const elsewhere = await serve((response) => response.writeHead(202).end());
    const { url, asked } = await serve(says(status, "The grant is invalid", { location: elsewhere.url }));
    const sent = await send(url);
    expect(textOf(sent)).toContain(expected);
    expect([asked.length, sent.pauses.length, elsewhere.asked.length]).toEqual([1, 0, 0]);
  });
});

test("send() takes the key out of what the service says", async () => {
  const { url } = await serve(says(403, `Your key ${KEY} is\r\nnot welcome`));
  expect(textOf(await send(url))).toContain("Your key *** is not welcome");
});

test("send() waits as long as Retry-After asks, and gives up where that is past a minute", async () => {
  const soon = await serve(says(429, "", { "retry-after": "7" }), (response) =>
    response.writeHead(202).end(),
  );
  const sent = await send(soon.url);
  expect([sent.result.ok, sent.pauses]).toEqual([true, [7_000]]);
  const late = await serve(says(429, "too many", { "retry-after": "3600" }));
  expect(textOf(await send(late.url))).toContain("takes no more mail for now (429): too many");
  expect(late.asked).toHaveLength(1);
});

test("send() repeats what may pass: 500 then 202; and after four tries it tells", async () => {
  const once = await serve(says(500), (response) => response.writeHead(202).end());
  expect((await send(once.url)).result.ok).toBe(true);
  expect(once.asked).toHaveLength(2);
  const always = await serve(says(503));
  const sent = await send(always.url);
  expect(textOf(sent)).toContain("failed (503), 4 tries");
  expect(sent.pauses).toEqual([2_000, 5_000, 10_000]);
});

test("send() tells a service that hangs, one that breaks off, and one that is not there", async () => {
  const hangs = await serve(() => undefined);
  expect(textOf(await send(hangs.url, ok(KEY), 50))).toContain(
    "did not answer in 4 tries: no answer in time",
  );
  const slow = await serve((response) => response.writeHead(500).write("{"));
  expect(textOf(await send(slow.url, ok(KEY), 50))).toContain("no answer in time");
  const breaks = await serve((_, request) => request.socket.resetAndDestroy());
  expect(textOf(await send(breaks.url))).toContain("did not answer in 4 tries: ECONNRESET");
  const gone = await serve(says(500));
  for (const close of closers.splice(-1)) await close();
  expect(textOf(await send(gone.url))).toContain("ECONNREFUSED");
});

test("send() survives what is no answer of SendGrid, and reads no endless one", async () => {
  const page = await serve((response) => response.writeHead(404).end("<html>no such page</html>"));
  expect(textOf(await send(page.url))).toMatch(/answered with 404$/);
  const odd = await serve((response) => response.writeHead(400).end('{"errors":[null,{"message":7}]}'));
  expect(textOf(await send(odd.url))).toMatch(/answered with 400$/);
  const endless = await serve((response) => response.writeHead(400).end("x".repeat(200_000)));
  expect(textOf(await send(endless.url))).toContain("Cannot send the mail");
});

test("send() asks nobody when the key cannot be read", async () => {
  const { url, asked } = await serve(says(500));
  const sent = await send(url, failed("bad-input", 'Cannot read the secret "MAIL_KEY"', "Set it"));
  expect(textOf(sent)).toBe('Cannot read the secret "MAIL_KEY"');
  expect(asked).toHaveLength(0);
});

test("ready() tells whether the key can be read, and asks nobody", async () => {
  const { url, asked } = await serve(says(500));
  const refused = failed("secret-refused", 'Cannot read the secret "MAIL_KEY"', "Set it");
  for (const [key, told] of [
    [ok(KEY), ok(undefined)],
    [refused, refused],
  ] as const) {
    const mailer = sendGridMailer({
      ...{ from: "backup@acme.gov", baseUrl: url, now: () => 0, wait: async () => undefined },
      key: async () => key,
    });
    expect(await mailer.ready()).toEqual(told);
  }
  expect(asked).toHaveLength(0);
});

test("send() delivers to the sink", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "mail-"));
  const sink = await startMailSink(folder);
  closers.push(sink.stop, () => rm(folder, { recursive: true, maxRetries: 5 }));
  expect((await send(sink.url)).result.ok).toBe(true);
  const [file = ""] = sink.received();
  const text = await readFile(file, "utf8");
  expect(text).toContain("To: gis@acme.gov,\r\n it@acme.gov\r\nSubject: PARTIAL - Acme\r\n");
  expect(text).toContain("\r\n\r\n3 failed\r\n{{x}} -y-\r\n");
  expect(text).not.toContain("s3cret");
});
