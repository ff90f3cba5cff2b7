import type { NumberFormat } from "./decimal.ts";

/** What a line matched: the named groups of the pattern that took part. */
export type Groups = Readonly<Record<string, string>>;

/** A pattern of a profile, ready to be tried on a line. Answers the groups, or `undefined` when the line does not match. */
export type LinePattern = (line: string) => Groups | undefined;

const symbols = "[¥￥$€£]";
const moneyNames = ["amount", "unitPrice", "discount"] as const;

/** What each placeholder stands for. A two-digit year is a year of this century. */
function placeholders(format: NumberFormat): ReadonlyMap<string, string> {
  const decimal = escaped(format.decimal);
  const grouped = format.thousands === "" ? "\\d+" : `\\d{1,3}(?:${escaped(format.thousands)}\\d{3})+|\\d+`;
  const fraction = format.exponent === 0 ? "" : `${decimal}\\d{${format.exponent}}`;
  const money = `-?\\s?${symbols}?\\s?-?(?:${grouped})${fraction}-?`;
  return new Map([
    ...moneyNames.map((name) => [name, money] as const),
    ["quantity", `-?\\d+(?:${decimal}\\d+)?-?`],
    ["rate", `\\d+(?:${decimal}\\d+)?`],
    ["itemId", "\\d{4,14}"],
    ["description", "\\S.*?"],
    ["digits", "\\d+"],
    ["word", "\\S+"],
    ["text", "\\S.*?"],
    ["year", "\\d{4}|\\d{2}"],
    ...["month", "day", "hour", "minute", "second"].map((name) => [name, "\\d{2}"] as const),
  ]);
}

function escaped(text: string): string {
  return text === " " ? "[ \\u00A0]" : text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/**
 * Compiles a pattern of a profile: a regular expression in which `{amount}`, `{quantity}`, `{itemId}`, `{description}` and so on stand
 * for what they say and become groups of that name. Throws an `Error` that says what is wrong with it.
 */
export function compilePattern(source: string, format: NumberFormat): LinePattern {
  const regex = new RegExp(expand(source, placeholders(format)), "u");
  return (line) => {
    const match = regex.exec(line);
    if (match === null) return undefined;
    const groups = Object.entries(match.groups ?? {}).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return Object.fromEntries(groups);
  };
}

function expand(source: string, known: ReadonlyMap<string, string>): string {
  return source.replace(/\{([A-Za-z]\w*)\}/g, (_, name: string) => {
    const pattern = known.get(name);
    if (pattern === undefined)
      throw new Error(`{${name}} is no placeholder; known are ${[...known.keys()].join(", ")}`);
    return `(?<${name}>${pattern})`;
  });
}
