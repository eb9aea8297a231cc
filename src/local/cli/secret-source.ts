// Where the secrets of a run on this machine are read: the environment, unless SECRET_SOURCE says otherwise.
type Environment = Readonly<Record<string, string | undefined>>;

/** The value for the app's setting. */
export function secretSource(env: Environment): string {
  return (env["SECRET_SOURCE"] ?? "").trim() || "environment";
}

/** True when a secret is the environment variable of its name, so that it can be told beforehand that it is not set. */
export function secretsAreVariables(env: Environment): boolean {
  return secretSource(env) === "environment";
}
