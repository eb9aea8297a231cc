// What the language's own functions throw for bad input, as a value. Everything else that is thrown is a broken program.
type ErrorClass = abstract new (...args: never[]) => Error;

export type Caught<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Error };

/** What `make` gives, or what it throws where that is one of the `expected` classes; any other throw goes on. */
export function catching<T>(make: () => T, ...expected: readonly ErrorClass[]): Caught<T> {
  try {
    return { ok: true, value: make() };
  } catch (error) {
    if (error instanceof Error && expected.some((each) => error instanceof each)) return { ok: false, error };
    throw error;
  }
}
