// The parent's side of control.ts: is our child alive, and would it please end.
import { request } from "node:http";

export const CONTROL_PORT = "LOCAL_CHILD_CONTROL_PORT";
export const CONTROL_MARK = "LOCAL_CHILD_MARK";
export const MARK_HEADER = "x-child-mark";

const TIMEOUT_MS = 5_000;

interface Control {
  readonly controlPort: number;
  readonly mark: string;
}

/** Process id of the child that owns this mark; undefined when nobody answers to it. */
export function askControl(control: Control): Promise<number | undefined> {
  return ask(control, "GET", "/");
}

/** Asks the child to end; returns its process id at once, undefined when nobody answers to the mark. */
export function askToStop(control: Control): Promise<number | undefined> {
  return ask(control, "POST", "/stop");
}

function ask(control: Control, method: string, path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const call = request(
      {
        host: "127.0.0.1",
        port: control.controlPort,
        method,
        path,
        agent: false,
        headers: { [MARK_HEADER]: control.mark },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece: string) => (text = (text + piece).slice(0, 1000)));
        response.on("end", () => resolve(pidIn(text, control.mark)));
        response.on("error", () => resolve(undefined));
      },
    );
    // Refused, reset or silent all mean the same here: our child is not there.
    call.on("error", () => resolve(undefined));
    call.end();
  });
}

function pidIn(text: string, mark: string): number | undefined {
  try {
    const answer = JSON.parse(text) as { mark?: unknown; pid?: unknown };
    return answer.mark === mark && typeof answer.pid === "number" ? answer.pid : undefined;
  } catch {
    // A stranger's answer.
    return undefined;
  }
}
