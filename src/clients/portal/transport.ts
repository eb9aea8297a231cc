// One HTTP exchange by node-fetch under our own deadlines. Redirects are not followed, bodies are not decoded here, and
// bytes are counted as they come: node-fetch ends cleanly on bodies that are longer than declared, whole or empty.
import type http from "node:http";
import fetch, { FetchError, type Response } from "node-fetch";
import type { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { heard } from "./agents.ts";
import type { PortalLimits } from "./options.ts";
import type { WireRequest } from "./request.ts";
import { WireError, wireErrorOf } from "./wire-error.ts";

export interface WireReply {
  readonly status: number;
  readonly url: URL;
  readonly header: (name: string) => string | null;
  /** Bytes as they came over the wire, counted against the declared length. Throws `WireError`. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Declared bytes on the wire. */
  readonly wireLength: number | null;
  /** The body's end is told by a length or a last chunk, not by the connection's end. */
  readonly framed: boolean;
  discard(): void;
}

export type Transport = (request: WireRequest) => Promise<WireReply>;

export function createTransport(agent: (url: URL) => http.Agent, limits: PortalLimits): Transport {
  return async (request) => {
    const controller = new AbortController();
    let late: WireError | undefined;
    const giveUp = (error: WireError): void => {
      late ??= error;
      controller.abort();
    };
    const total = deadline("total", "the answer was not complete", request.totalMs, giveUp);
    const answer = deadline("answer-timeout", "no answer came", limits.answerMs, giveUp);
    try {
      const response = await fetch(request.url, {
        method: request.method,
        headers: { ...request.headers },
        ...(request.body === undefined ? {} : { body: request.body }),
        redirect: "manual",
        compress: false,
        signal: controller.signal,
        agent: heard(agent(request.url), (error) => {
          late ??= wireErrorOf(codeOf(error));
        }),
      });
      const reply = replyOf(response, request.url);
      const discard = (): void => {
        clearTimeout(total);
        controller.abort();
      };
      const body = readBody(
        response.body as Readable | null,
        reply.wireLength,
        limits.idleMs,
        () => late,
        discard,
      );
      return { ...reply, body, discard };
    } catch (error) {
      clearTimeout(total);
      if (late !== undefined) throw late;
      if (error instanceof FetchError || isCoded(error)) throw wireErrorOf(codeOf(error));
      throw error;
    } finally {
      clearTimeout(answer);
    }
  };
}

function deadline(
  trouble: "total" | "answer-timeout",
  told: string,
  ms: number,
  giveUp: (error: WireError) => void,
): NodeJS.Timeout {
  return setTimeout(() => giveUp(new WireError(trouble, `${told} within ${Math.round(ms / 1_000)} s`)), ms);
}

function replyOf(response: Response, url: URL): Omit<WireReply, "body" | "discard"> {
  const declared = response.headers.get("content-length");
  const wireLength = declared !== null && /^\d+$/.test(declared) ? Number(declared) : null;
  const chunked = /\bchunked\b/i.test(response.headers.get("transfer-encoding") ?? "");
  return {
    status: response.status,
    url,
    header: (name) => response.headers.get(name),
    wireLength,
    framed: wireLength !== null || chunked,
  };
}

async function* readBody(
  stream: Readable | null,
  declared: number | null,
  idleMs: number,
  late: () => WireError | undefined,
  discard: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let count = 0;
  try {
    if (stream !== null) {
      const chunks = (stream as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
      for (;;) {
        const step = await nextChunk(stream, chunks, idleMs);
        if (step.done === true) break;
        count += step.value.byteLength;
        if (declared !== null && count > declared) throw lengthError("too-long", count, declared);
        yield step.value;
      }
    }
    // More bytes than declared are seen after the last declared one, as garbage before the next answer.
    await setImmediate();
    const after = late();
    if (after?.trouble === "too-long") throw after;
    if (declared !== null && count < declared) throw lengthError("too-short", count, declared);
  } catch (error) {
    const known = late();
    if (known !== undefined) throw known;
    if (error instanceof WireError) throw error;
    if (error instanceof Error) throw wireErrorOf(codeOf(error));
    throw error;
  } finally {
    discard();
  }
}

async function nextChunk(
  stream: Readable,
  chunks: AsyncIterator<Uint8Array>,
  idleMs: number,
): Promise<IteratorResult<Uint8Array>> {
  const told = `nothing more came for ${Math.round(idleMs / 1_000)} s`;
  const timer = setTimeout(() => stream.destroy(new WireError("idle", told)), idleMs);
  try {
    return await chunks.next();
  } finally {
    clearTimeout(timer);
  }
}

function lengthError(trouble: "too-long" | "too-short", count: number, declared: number): WireError {
  const more = trouble === "too-long" ? "at least " : "";
  return new WireError(trouble, `${more}${count} bytes came where ${declared} were declared`);
}

function isCoded(error: unknown): boolean {
  return error instanceof Error && codeOf(error) !== undefined;
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
