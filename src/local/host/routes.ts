// Route templates of HTTP triggers: `items/{id:int}/{part?}`, `files/{*rest}`. Literals are compared without case.

type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "parameter"; readonly name: string; readonly optional: boolean; readonly fits: RegExp }
  | { readonly kind: "rest"; readonly name: string };

export interface Route {
  readonly template: string;
  readonly segments: readonly Segment[];
}

const CONSTRAINTS: Readonly<Record<string, RegExp>> = {
  int: /^-?\d{1,10}$/,
  long: /^-?\d{1,19}$/,
  alpha: /^[a-z]*$/i,
  bool: /^(true|false)$/i,
  guid: /^\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i,
};
const ANYTHING = /^[^]+$/;

function toSegment(text: string, template: string): Segment {
  if (!/[{}]/.test(text)) return { kind: "literal", text };
  const match = /^\{(\*{0,2})(\w+)(?::(\w+))?(\?)?\}$/.exec(text);
  const [, stars = "", name = "", constraint, optional] = match ?? [];
  const fits = constraint === undefined ? ANYTHING : CONSTRAINTS[constraint];
  if (match === null || fits === undefined) {
    throw new Error(
      `The route "${template}" has "${text}", which the local host does not speak; it speaks {name}, {name?}, ` +
        `{*rest} and {name:constraint} with ${Object.keys(CONSTRAINTS).join(", ")}`,
    );
  }
  if (stars !== "") return { kind: "rest", name };
  return { kind: "parameter", name, optional: optional !== undefined, fits };
}

/** Reads a route template; throws a sentence that names what the local host does not speak. */
export function parseRoute(template: string): Route {
  const parts = template.split("/").filter((part) => part !== "");
  return { template, segments: parts.map((part) => toSegment(part, template)) };
}

/** The parameters when the path fits (percent-decoded; absent optional ones are left out), else undefined. */
export function matchRoute(route: Route, path: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of route.segments.entries()) {
    const part = path[index];
    if (segment.kind === "rest") {
      const rest = path.slice(index).join("/");
      if (rest !== "") params[segment.name] = rest;
      return params;
    }
    if (part === undefined) {
      if (segment.kind === "parameter" && segment.optional) continue;
      return undefined;
    }
    if (segment.kind === "literal" && part.toLowerCase() !== segment.text.toLowerCase()) return undefined;
    if (segment.kind === "parameter") {
      if (!segment.fits.test(part)) return undefined;
      params[segment.name] = part;
    }
  }
  return path.length > route.segments.length ? undefined : params;
}

/** Orders routes so that the more exact one is asked first: literals before constrained before free before the rest. */
export function compareRoutes(a: Route, b: Route): number {
  const rank = (segment: Segment | undefined): number => {
    if (segment === undefined) return 0;
    if (segment.kind === "literal") return 1;
    if (segment.kind === "rest") return 4;
    return segment.fits === ANYTHING ? 3 : 2;
  };
  for (let index = 0; index < Math.max(a.segments.length, b.segments.length); index += 1) {
    const difference = rank(a.segments[index]) - rank(b.segments[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}
