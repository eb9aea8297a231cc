// The routes of all endpoint groups, and how a path finds its own.
import type { Answer } from "./answer.ts";
import type { Call } from "./call.ts";

export interface Route {
  readonly method: "GET" | "POST" | "ANY";
  /** `:name` takes one segment, a last `*name` the rest. */
  readonly path: string;
  /** `raw` answers bytes; a JSON route answers an HTML page when `f` is not json or pjson. */
  readonly form: "json" | "raw";
  readonly answer: (call: Call) => Answer | object;
}

const split = (path: string): string[] => path.split("/").filter((segment) => segment !== "");

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    if (cause instanceof URIError) return segment;
    throw cause;
  }
}

/** Segments of a raw path, decoded one by one, so that an encoded slash stays inside its segment. */
export function segmentsOf(rawPath: string): string[] {
  return split(rawPath).map(decoded);
}

function match(route: Route, segments: readonly string[]): Record<string, string> | undefined {
  const wanted = split(route.path);
  const at: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    if (part.startsWith("*")) {
      at[part.slice(1)] = segments.slice(index).join("/");
      return segments.length > index ? at : undefined;
    }
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (part.startsWith(":")) at[part.slice(1)] = segment;
    else if (part.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return segments.length === wanted.length ? at : undefined;
}

export function routeOf(
  routes: readonly Route[],
  segments: readonly string[],
): { readonly route: Route; readonly at: Record<string, string> } | undefined {
  for (const route of routes) {
    const at = match(route, segments);
    if (at !== undefined) return { route, at };
  }
  return undefined;
}
