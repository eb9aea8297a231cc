// The portal's words before they are printed: without secrets, queries and control characters, and short.

const LONGEST = 300;

/** Makes a cleaner that also takes out the given secrets, in clear and as they are written in a form. */
export function cleaner(secrets: () => readonly string[]): (text: string) => string {
  return (text) => {
    let clean = text;
    for (const secret of secrets()) {
      const forms = [
        secret,
        encodeURIComponent(secret.toWellFormed()),
        new URLSearchParams({ s: secret }).toString().slice(2),
      ];
      for (const form of forms) if (form.length >= 3) clean = clean.replaceAll(form, "***");
    }
    clean = clean
      .replaceAll(/(https?:\/\/[^\s"'<>?#]*)[?#][^\s"'<>]*/gi, "$1")
      .replaceAll(/\b(token|password)=[^\s&"']+/gi, "$1=***")
      .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, " ")
      .replaceAll(/\s+/g, " ")
      .trim();
    return clean.length > LONGEST ? `${clean.slice(0, LONGEST).toWellFormed()}…` : clean;
  };
}

const withoutSecrets = cleaner(() => []);

/** A name as failures print it: quoted, and cleaned, because names are hostile input. */
export function quoted(name: string): string {
  return `"${withoutSecrets(name)}"`;
}
