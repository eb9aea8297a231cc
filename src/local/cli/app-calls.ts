// The app's HTTP interface as the command line uses it.
import { failed, ok, type Result } from "../../core/result.ts";
import { parseRunId } from "../../core/run-id.ts";
import type { RunStatus } from "../../core/run.ts";

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Calls `/api/{path}` of the app with its key. Rejects when the app does not answer at all. */
export type CallApp = (method: "GET" | "POST", path: string, body?: unknown) => Promise<Answer>;

export interface StartedRun {
  readonly id: string;
  /** It was open already: an earlier process was interrupted in it. */
  readonly resumed: boolean;
}

/** Calls of the app that runs at `url`. */
export function callsTo(url: string, functionKey: string): CallApp {
  return async (method, path, body) => {
    const response = await fetch(new URL(`/api/${path}`, url), {
      method,
      headers: { "x-functions-key": functionKey, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  };
}

/** Starts a run of the profile, or finds the one that is open. `bad-input` when the app refuses the profile. */
export async function startRun(call: CallApp, profile: string, dryRun = false): Promise<Result<StartedRun>> {
  const answer = await call("POST", "backups", { profile, startedBy: "command-line", dryRun });
  const body = objectIn(answer.text);
  if (answer.status === 202 && typeof body["id"] === "string") return ok({ id: body["id"], resumed: false });
  const { code, message, details, runId } = errorIn(body);
  if (answer.status === 409 && code === "run-in-progress" && runId !== undefined) {
    return ok({ id: runId, resumed: true });
  }
  const told = [message === "" ? `the app answered HTTP ${answer.status}` : message, ...details].join("\n  ");
  const text = `Cannot start the backup: ${told}`;
  if (answer.status === 409) return failed("transient", text, "Start it again in a minute.");
  return answer.status === 400 || answer.status === 422
    ? failed("bad-input", text, "Correct the profile and start again.")
    : failed("program-error", text, "Read the log of the host.");
}

/** How the run goes; undefined while the app has no such answer (not yet, or not now). */
export async function runStatus(call: CallApp, id: string): Promise<RunStatus | undefined> {
  const answer = await look(call, `backups/${id}`);
  if (answer?.status !== 200) return undefined;
  const body = objectIn(answer.text);
  return typeof body["phase"] === "string" ? (body as unknown as RunStatus) : undefined;
}

/** The run's result on one screen, or the plan of a dry run; undefined when there is none. */
export async function runText(
  call: CallApp,
  id: string,
  which: "summary" | "plan",
): Promise<string | undefined> {
  const answer = await look(call, `backups/${id}/${which}`);
  return answer?.status === 200 && answer.text.trim() !== "" ? answer.text.trimEnd() : undefined;
}

/**
 * Asks a run to end as canceled. `asked`: it does so by itself. `ended`: it has ended already. `no-way`: the app knows no
 * canceling, or not this run. `failed`: nothing came of it now.
 */
export async function cancelRun(call: CallApp, id: string): Promise<"asked" | "ended" | "no-way" | "failed"> {
  try {
    const { status } = await call("POST", `backups/${id}/cancel`, { by: "command-line" });
    if (status === 202 || status === 200) return "asked";
    if (status === 409) return "ended";
    return status === 404 ? "no-way" : "failed";
  } catch (error) {
    if (error instanceof TypeError) return "failed";
    throw error;
  }
}

/** A question that may be asked again; undefined when the connection broke. */
async function look(call: CallApp, path: string): Promise<Answer | undefined> {
  try {
    return await call("GET", path);
  } catch (error) {
    // So fetch tells a connection that was refused, cut or kept open for too long.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

interface ToldError {
  readonly code: unknown;
  readonly message: string;
  readonly details: readonly string[];
  /** The run that the error is about, where it is about one. */
  readonly runId: string | undefined;
}

/** A detail is a sentence, or an object with one as `text`; that of an open run has its id, or is it. */
function errorIn(body: Record<string, unknown>): ToldError {
  const { code, message, details } = asObject(body["error"]);
  const all: readonly unknown[] = Array.isArray(details) ? details : [];
  const texts = all.map((detail) => (typeof detail === "string" ? detail : asObject(detail)["text"]));
  const ids = all.map((detail) => (typeof detail === "string" ? detail : asObject(detail)["runId"]));
  return {
    code,
    message: typeof message === "string" ? message : "",
    details: texts.filter((text) => typeof text === "string"),
    runId: ids.find((id): id is string => typeof id === "string" && parseRunId(id) !== undefined),
  };
}

function objectIn(text: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(text));
  } catch (error) {
    // An answer that is no JSON has none of the members that are looked for.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
