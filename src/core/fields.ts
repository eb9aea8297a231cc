// Reads fields of an answer whose types the portal does not promise; a field of another type is as good as absent.

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object below `name`; an empty one when there is none. */
export function fieldsOf(value: Fields, name: string): Fields {
  const found = value[name];
  return isFields(found) ? found : {};
}

/** The text below `name`; undefined for anything else, the empty text included. */
export function textOf(value: Fields, name: string): string | undefined {
  const found = value[name];
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** The finite number below `name`; numbers that came as text count too. */
export function numberOf(value: Fields, name: string): number | undefined {
  const found = value[name];
  const number = typeof found === "string" && found.trim() !== "" ? Number(found) : found;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** The list below `name`; undefined when there is none. */
export function listOf(value: Fields, name: string): readonly unknown[] | undefined {
  const found = value[name];
  return Array.isArray(found) ? (found as readonly unknown[]) : undefined;
}
