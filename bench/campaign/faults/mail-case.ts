// One case at the mail service: what it answers, once or always, to the mail of a run that went well.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { sendGridMailer } from "../../../src/clients/mail.ts";
import { ok } from "../../../src/core/result.ts";
import { mailTroublePath } from "../../../src/core/work-paths.ts";
import { printable } from "../../../src/core/printable.ts";
import { drive } from "./drive.ts";
import { beforeOf, observe, wrongIn } from "./judge.ts";
import type { Ended } from "./portal-case.ts";
import { type SceneName, SCENES } from "./scenes.ts";
import { look, type Seen } from "./seen.ts";
import { makeWorld } from "./world.ts";

const KEY = "SG.s3cret_key-value.XYZ";
const TRY_MS = 150;

type Reply = (response: ServerResponse, request: IncomingMessage) => void;

const says =
  (status: number): Reply =>
  (response) =>
    response
      .writeHead(status, { "content-type": "application/json" })
      .end(JSON.stringify({ errors: [{ message: `No: ${KEY}` }] }));

export const MAIL_KINDS = {
  "401": says(401),
  "403": says(403),
  "413": says(413),
  "429": says(429),
  "500": says(500),
  "503": says(503),
  timeout: () => undefined,
  reset: (_, request) => request.socket.resetAndDestroy(),
} as const satisfies Record<string, Reply>;

export interface MailCase {
  readonly kind: keyof typeof MAIL_KINDS;
  readonly often: "once" | "always";
}

export async function mailCase(
  { kind, often }: MailCase,
  usual: (scene: SceneName) => Promise<Seen>,
): Promise<Ended> {
  let asked = 0;
  const taken: string[] = [];
  const reply: Reply = MAIL_KINDS[kind];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      asked += 1;
      if (often === "always" || asked === 1) return reply(response, request);
      taken.push(Buffer.concat(chunks).toString());
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { from: "backup@acme.example", baseUrl, key: async () => ok(KEY), tryMs: TRY_MS };
  const scene = { ...SCENES.zip, profile: { mail: { to: ["gis@acme.example"] } } };
  const world = await makeWorld(scene, {
    mail: ({ now, leap }) => sendGridMailer({ ...options, now, wait: async (ms) => leap(ms) }),
  });
  try {
    const before = beforeOf(world.sample);
    const driven = await drive(world);
    const seen = await look(world);
    if (seen === undefined)
      return { outcome: "not sealed", wrong: ["the run was not sealed"], requests: asked };
    const undisturbed = await usual("zip");
    const sent = driven.mail?.mail ?? "lost";
    const remembers = seen.written.has(`work/${mailTroublePath("faults")}`);
    const leaks = [...seen.written]
      .filter(([, bytes]) => bytes.includes(KEY))
      .map(([place]) => `the key is in ${place}`);
    return {
      outcome: `${observe({ seen, undisturbed })}, mail ${sent}`,
      wrong: [
        ...wrongIn({ sample: world.sample, driven, seen, undisturbed, before }),
        ...leaks,
        ...(sent === "sent" && taken.length !== 1 ? [`${taken.length} mails were taken`] : []),
        ...(sent === "sent" && remembers ? ["a mail that was sent is remembered as trouble"] : []),
        ...(sent !== "sent" && !remembers ? ["the next mail will not tell of this one"] : []),
        ...(sent === "not sent" && (driven.mail?.text ?? "") === ""
          ? ["nothing tells why it was not sent"]
          : []),
      ].map((text) => printable(text, 300)),
      requests: asked,
    };
  } finally {
    await world.stop();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
