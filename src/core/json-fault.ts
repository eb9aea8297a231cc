// Finds where a text stops being JSON. JSON.parse quotes the text around a fault in its message, and a profile's text may
// hold a secret that was pasted; this tells a place and what is expected there, and nothing else.

export interface JsonFault {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly what: string;
}

/** The first fault; undefined when JSON.parse accepts the text. */
export function jsonFault(text: string): JsonFault | undefined {
  const fault = scan(text);
  if (fault === undefined) return undefined;
  const before = text.slice(0, fault.at);
  const lineEnd = Math.max(before.lastIndexOf("\r"), before.lastIndexOf("\n"));
  return { line: before.split(/\r\n|\r|\n/).length, column: before.length - lineEnd, what: fault.what };
}

interface Place {
  readonly at: number;
  readonly what: string;
}

type Next = "value" | "value or ]" | "key" | "key or }" | ", or }" | ", or ]" | "end";

const SPACE = /[ \t\r\n]*/y;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
// eslint-disable-next-line no-control-regex -- JSON forbids them in texts
const TEXT = /"(?:[^"\\\u0000-\u001F]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

const EXPECTS: Readonly<Record<Next, string>> = {
  value: "a value is expected here (texts in double quotes, no comma before a closing bracket)",
  "value or ]": "a value or ] is expected here",
  key: "a key in double quotes is expected here (no comma before a closing bracket)",
  "key or }": "a key in double quotes or } is expected here",
  ", or }": "a comma or } is expected here",
  ", or ]": "a comma or ] is expected here",
  end: "the JSON ends before this",
};

/** Walks the text without recursion: depth costs a list entry, not a stack frame. */
function scan(text: string): Place | undefined {
  const open: ("{" | "[")[] = [];
  let next: Next = "value";
  let at = 0;
  const matched = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return false;
    at += found[0].length;
    return true;
  };
  const after = (): Next => (open.length === 0 ? "end" : open.at(-1) === "{" ? ", or }" : ", or ]");

  for (;;) {
    matched(SPACE);
    const sign = text[at];
    if (next === "end") return sign === undefined ? undefined : { at, what: EXPECTS.end };
    if (sign === undefined) return { at, what: `the text ends too early; ${EXPECTS[next]}` };
    if (
      (sign === "}" && (next === "key or }" || next === ", or }")) ||
      (sign === "]" && (next === "value or ]" || next === ", or ]"))
    ) {
      open.pop();
      at += 1;
      next = after();
    } else if (next === ", or }" || next === ", or ]") {
      if (sign !== ",") return { at, what: EXPECTS[next] };
      at += 1;
      next = next === ", or }" ? "key" : "value";
    } else if (next === "key" || next === "key or }") {
      if (sign !== '"') return { at, what: EXPECTS[next] };
      if (!matched(TEXT))
        return { at, what: "a text is not closed or holds a sign that must be escaped with \\" };
      matched(SPACE);
      if (text[at] !== ":") return { at, what: "a colon is expected here" };
      at += 1;
      next = "value";
    } else if (sign === "{" || sign === "[") {
      open.push(sign);
      at += 1;
      next = sign === "{" ? "key or }" : "value or ]";
    } else if (sign === '"') {
      if (!matched(TEXT))
        return { at, what: "a text is not closed or holds a sign that must be escaped with \\" };
      next = after();
    } else {
      if (!matched(SCALAR)) return { at, what: EXPECTS[next] };
      next = after();
    }
  }
}
