// The part of the search language that backups use: field:value terms with AND, OR, NOT and ranges.
import type { Item } from "./state.ts";

type Test = (item: Item) => boolean;

const TOKEN = /\(|\)|-?[a-z]+:\[[^\]]*\]|-?[a-z]+:"[^"]*"|-?[a-z]+:[^\s()]+|"[^"]*"|[^\s()]+/gi;

function range(value: string): { from: number; to: number } | undefined {
  const found = /^\[(\S+) TO (\S+)\]$/.exec(value);
  if (found === null) return undefined;
  const bound = (text: string | undefined, otherwise: number): number =>
    text === undefined || text === "*" ? otherwise : Number(text);
  return { from: bound(found[1], -Infinity), to: bound(found[2], Infinity) };
}

/** Fuzzy as the real one: every word of the value occurs among the words of the field. */
function words(field: string, value: string): boolean {
  const have = field.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return value
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .every((word) => word === "" || have.includes(word));
}

function term(field: string, value: string): Test {
  switch (field) {
    case "orgid":
    case "accountid":
      return (item) => item.orgId === value;
    case "owner":
      return (item) => item.owner === value;
    case "id":
      return (item) => item.id === value;
    case "group":
      return (item) => item.groups.includes(value);
    case "access":
      return (item) => item.fields.access === value;
    case "type":
      return (item) => words(item.fields.type, value);
    case "title":
      return (item) => words(item.fields.title, value);
    case "tags":
      return (item) => item.fields.tags.some((tag) => words(tag, value));
    case "typekeywords":
      return (item) => item.fields.typeKeywords.some((keyword) => words(keyword, value));
    case "created":
    case "modified": {
      const bounds = range(value) ?? { from: Number(value), to: Number(value) };
      return (item) => item.fields[field] >= bounds.from && item.fields[field] <= bounds.to;
    }
    default:
      return () => false;
  }
}

function single(token: string): Test {
  const found = /^(-?)([a-z]+):(.*)$/is.exec(token);
  if (found === null) {
    const value = token.replace(/"/g, "");
    return (item) => item.id === value || words(`${item.fields.title} ${item.fields.tags.join(" ")}`, value);
  }
  const [, not, field = "", value = ""] = found;
  const test = term(field.toLowerCase(), value.replace(/^"|"$/g, ""));
  return not === "-" ? (item) => !test(item) : test;
}

/** The test that a query stands for. AND binds closer than OR and is implied between terms. */
export function parseQuery(query: string): Test {
  const tokens = query.match(TOKEN) ?? [];
  let at = 0;
  const primary = (): Test => {
    const token = tokens[at] ?? "";
    at += 1;
    if (token === "NOT") {
      const test = primary();
      return (item) => !test(item);
    }
    if (token !== "(") return single(token);
    const test = either();
    at += 1;
    return test;
  };
  const all = (): Test => {
    const tests = [primary()];
    while (at < tokens.length && tokens[at] !== "OR" && tokens[at] !== ")") {
      if (tokens[at] === "AND") at += 1;
      tests.push(primary());
    }
    return (item) => tests.every((test) => test(item));
  };
  const either = (): Test => {
    const tests = [all()];
    while (tokens[at] === "OR") {
      at += 1;
      tests.push(all());
    }
    return (item) => tests.some((test) => test(item));
  };
  return either();
}
