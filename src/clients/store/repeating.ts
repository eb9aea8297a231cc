// Repeats a storage call whose failure may pass, under one deadline per try and few tries: about a minute at most.
// It throws what the last try threw; refusals.ts turns that into a failure.
import { RestError } from "@azure/storage-blob";
import { SignInError } from "../identity.ts";

export interface Patience {
  /** Waits between tries; their number is the number of repeats. */
  readonly delaysMs: readonly number[];
  /** No further try starts when this much time has gone since the first. */
  readonly budgetMs: number;
  /** Upper bound of every deadline. */
  readonly tryMs?: number;
}

export const PATIENCE: Patience = { delaysMs: [500, 1_500, 4_000, 10_000], budgetMs: 45_000 };

/** Deadline of one try that carries so many bytes: 20 s and a second for each 128 KiB. */
export function deadlineFor(sizeBytes: number): number {
  return 20_000 + Math.ceil(sizeBytes / 131_072) * 1_000;
}

/** A try that had no answer in time, or one whose body broke off. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}

/** `work` is told which try it is (1 = first): a repeated write may meet what its lost predecessor wrote. */
export async function repeating<T>(
  work: (signal: AbortSignal, attempt: number) => Promise<T>,
  deadlineMs: number,
  patience: Patience,
  stop?: AbortSignal,
): Promise<T> {
  const began = performance.now();
  const oneTryMs = Math.min(deadlineMs, patience.tryMs ?? deadlineMs);
  for (let attempt = 1; ; attempt++) {
    const deadline = AbortSignal.timeout(oneTryMs);
    try {
      return await work(stop === undefined ? deadline : AbortSignal.any([deadline, stop]), attempt);
    } catch (thrown) {
      if (stop?.aborted === true) throw thrown;
      const error = deadline.aborted ? new NoAnswerError(`no answer within ${oneTryMs / 1000} s`) : thrown;
      const delay = patience.delaysMs[attempt - 1];
      const wait = Math.max(delay ?? 0, retryAfterMs(error));
      const spent = performance.now() - began + wait;
      if (delay === undefined || spent > patience.budgetMs || !mayPass(error)) throw error;
      await pause(wait, stop);
    }
  }
}

const PASSING_STATUS = new Set([408, 429, 500, 502, 503, 504]);

/** True for trouble that another try may not meet: no answer, a broken connection, a busy service. */
export function mayPass(error: unknown): boolean {
  if (error instanceof NoAnswerError) return true;
  if (error instanceof SignInError) return error.mayPass;
  if (error instanceof RestError && error.statusCode !== undefined && error.statusCode >= 400) {
    return PASSING_STATUS.has(error.statusCode) || error.code === "Md5Mismatch";
  }
  return networkCode(error) !== undefined;
}

/** `ECONNREFUSED` and its like; undefined when the error is not the network's. */
export function networkCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (
    code !== undefined &&
    /^(E[A-Z_]{3,}|(ERR_(SSL|TLS|STREAM|HTTP2?|SOCKET)|CERT|DEPTH|SELF|UNABLE)_\w+)$/.test(code)
  ) {
    return code;
  }
  // The SDK's own: a request that could not be sent, an answer that it could not read.
  return error instanceof RestError ? (code ?? "CONNECTION_BROKEN") : undefined;
}

function retryAfterMs(error: unknown): number {
  if (!(error instanceof RestError)) return 0;
  const seconds = Number(error.response?.headers.get("retry-after") ?? "0");
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0;
}

async function pause(ms: number, stop: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    stop?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
