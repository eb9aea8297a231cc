// Parses what the portal sends as JSON. Its texts may hold raw control characters, which JSON forbids: they are read as
// spaces here, while the raw bytes are kept elsewhere as they came.
import { isFields } from "../../core/fields.ts";

/** The JSON object in `bytes`; undefined when they hold anything else. */
export function parseObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  const text = new TextDecoder().decode(bytes);
  const value = parse(text) ?? parse(text.replaceAll(/\p{Cc}/gu, " "));
  return isFields(value) ? value : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
