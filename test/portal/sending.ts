// Sends an answer, whole or spoiled by a fault.
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { html, json, redirect, type Answer } from "./answer.ts";
import { chunksOf, held, text, wholeOf } from "./content.ts";
import type { FaultAnswer } from "./faults.ts";

const GZIP_FROM = 1024;
const SCRIPT_PAGE =
  "<html><head><title>Download</title><script>window.location='/storage/';</script></head><body></body></html>";

/** The answer that a fault gives instead of, or made of, the true one. */
export function spoiled(fault: FaultAnswer, answer: Answer | undefined, address: string): Answer {
  let result = answer ?? { status: 200, headers: {}, body: text("") };
  if (fault.html !== undefined && fault.html !== false) {
    result = html(fault.html === true ? SCRIPT_PAGE : fault.html);
  } else if (fault.error !== undefined) {
    result = json({ error: { details: [], ...fault.error } });
  } else if (fault.redirect !== undefined) {
    result = redirect(fault.redirect === "loop" ? address : fault.redirect);
  } else if (fault.body !== undefined || fault.status !== undefined) {
    result = { status: 200, headers: { "content-type": "text/plain" }, body: text(fault.body ?? "") };
  }
  const retryAfter = fault.retryAfter;
  const retryHeader =
    retryAfter === undefined
      ? {}
      : {
          "retry-after":
            typeof retryAfter === "number"
              ? String(retryAfter)
              : new Date(Date.now() + retryAfter.dateInSeconds * 1000).toUTCString(),
        };
  return {
    ...result,
    status: fault.status ?? result.status,
    headers: { ...result.headers, ...retryHeader, ...fault.headers },
    ...(fault.chunked === true ? { chunked: true } : {}),
  };
}

function ranged(request: IncomingMessage, answer: Answer): { answer: Answer; from: number; to: number } {
  const size = answer.body.size;
  const asked = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "");
  if (answer.ranges !== true || asked === null || answer.status !== 200) return { answer, from: 0, to: size };
  const [, first = "", last = ""] = asked;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (from >= to) {
    const headers = { ...answer.headers, "content-range": `bytes */${size}` };
    return { answer: { ...answer, status: 416, headers, body: text("") }, from: 0, to: 0 };
  }
  const headers = { ...answer.headers, "content-range": `bytes ${from}-${to - 1}/${size}` };
  return { answer: { ...answer, status: 206, headers }, from, to };
}

function compressed(request: IncomingMessage, answer: Answer): Answer {
  const accepted = String(request.headers["accept-encoding"] ?? "").includes("gzip");
  const textual = /json|text\//.test(answer.headers["content-type"] ?? "");
  if (!accepted || !textual || answer.ranges === true || answer.body.size < GZIP_FROM) return answer;
  return {
    ...answer,
    headers: { ...answer.headers, "content-encoding": "gzip" },
    body: held(gzipSync(wholeOf(answer.body))),
  };
}

async function write(response: ServerResponse, chunk: Uint8Array): Promise<void> {
  if (response.destroyed) return;
  if (response.write(chunk)) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      response.off("drain", go).off("close", go);
      resolve();
    };
    response.on("drain", go).on("close", go);
  });
}

async function drip(
  response: ServerResponse,
  chunk: Uint8Array,
  slow: NonNullable<FaultAnswer["slow"]>,
): Promise<void> {
  for (let at = 0; at < chunk.length && !response.destroyed; at += slow.chunkBytes) {
    await write(response, chunk.subarray(at, at + slow.chunkBytes));
    await wait(slow.everyMs, undefined, { ref: false });
  }
}

function cutOf({ truncate }: FaultAnswer, from: number, to: number): number {
  if (truncate === undefined) return to;
  return Math.min(
    to,
    from + ("share" in truncate ? Math.floor((to - from) * truncate.share) : truncate.bytes),
  );
}

/** Sends the answer; with a fault, its body may be cut, slowed, left hanging or told longer than it is. */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  plain: Answer,
  fault: FaultAnswer = {},
): Promise<void> {
  const { answer, from, to } = ranged(request, compressed(request, plain));
  const cut = cutOf(fault, from, to);
  const whole = (fault.truncate?.clean === true ? cut : to) - from;
  const told = Math.max(0, whole + (fault.lengthExtra ?? 0));
  const length = answer.chunked === true ? {} : { "content-length": String(told) };
  const ranges = answer.ranges === true ? { "accept-ranges": "bytes" } : {};
  response.writeHead(answer.status, { ...answer.headers, ...ranges, ...length });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  const broken = (cut < to && fault.truncate?.clean !== true) || (fault.lengthExtra ?? 0) !== 0;
  if (fault.hang === "body") {
    await write(response, answer.body.read(from, Math.max(1, (cut - from) >> 1)));
    return;
  }
  for (const chunk of chunksOf(answer.body, from, cut)) {
    if (response.destroyed) return;
    if (fault.slow === undefined) await write(response, chunk);
    else await drip(response, chunk, fault.slow);
  }
  if (!broken) {
    response.end();
    return;
  }
  // Let what was written leave before the connection goes, or the receiver loses more than the fault says.
  await new Promise<void>((resolve) => response.write("", () => resolve()));
  await wait(20);
  response.destroy();
}
