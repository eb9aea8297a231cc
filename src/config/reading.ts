// Reads settings one by one and gathers what is wrong with them. A problem never repeats a value: settings hold secrets.
import type { SettingName } from "./setting-names.ts";

export interface Reading {
  /** Without spaces around it; undefined when it is not set or empty. */
  text(name: SettingName): string | undefined;
  /** As `text`, and a problem when there is none; `what` says what it is. */
  need(name: SettingName, what: string): string;
  problem(text: string): void;
  readonly problems: readonly string[];
}

export function readingOf(env: Readonly<Record<string, string | undefined>>): Reading {
  const problems: string[] = [];
  const text = (name: SettingName): string | undefined => env[name]?.trim() || undefined;
  return {
    text,
    need(name, what) {
      const value = text(name);
      if (value === undefined) problems.push(`${name} is not set: ${what}`);
      return value ?? "";
    },
    problem: (said) => void problems.push(said),
    problems,
  };
}

/** An https address without anything but host and port; undefined, and a problem, when it is none. */
export function httpsAddress(reading: Reading, name: SettingName): string | undefined {
  const value = reading.text(name);
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === "https:" && `${url.pathname}${url.search}${url.hash}${url.username}` === "/") {
    return url.origin;
  }
  reading.problem(`${name} is no address of the form https://name.domain, with nothing behind it`);
  return undefined;
}
