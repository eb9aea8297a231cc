// One GET to a server on this machine, for "does it serve yet".
export interface ServedText {
  readonly status: number;
  /** The Server header, empty when there is none. */
  readonly server: string;
  readonly text: string;
}

const TIMEOUT_MS = 5_000;

/** The answer of a loopback URL; undefined when none came within five seconds. */
export async function getText(url: string): Promise<ServedText | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "manual" });
    return {
      status: response.status,
      server: response.headers.get("server") ?? "",
      text: await response.text(),
    };
  } catch (error) {
    // fetch throws a TypeError for a connection that is refused or broken, a DOMException when time is up.
    if (error instanceof TypeError || error instanceof DOMException) return undefined;
    throw error;
  }
}
