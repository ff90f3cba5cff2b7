import type { Locale } from "../core/errors.ts";
import type { NumberFormat } from "./decimal.ts";

/** What a line matched: the named groups of the pattern that took part. */
export type Groups = Readonly<Record<string, string>>;

/** A pattern of a profile, ready to be tried on a line. Answers the groups, or `undefined` when the line does not match. */
export type LinePattern = (line: string) => Groups | undefined;

type Text = Readonly<Record<Locale, string>>;

/** What is wrong with a pattern of a profile, and what to write instead. `message` is the English text. */
export class PatternError extends Error {
  readonly text: Text;
  readonly remedy: Text;

  constructor(text: Text, remedy: Text) {
    super(text.en);
    this.name = "PatternError";
    this.text = text;
    this.remedy = remedy;
  }
}

const symbols = "[¥￥$€£]";
const moneyNames = ["amount", "unitPrice", "discount", "net", "gross"] as const;

/** What each placeholder stands for. A two-digit year is a year of this century. */
function placeholders(format: NumberFormat): ReadonlyMap<string, string> {
  const decimal = escaped(format.decimal);
  const grouped = format.thousands === "" ? "\\d+" : `\\d{1,3}(?:${escaped(format.thousands)}\\d{3})+|\\d+`;
  const fraction = format.exponent === 0 ? "" : `${decimal}\\d{${format.exponent}}`;
  const money = `(?:-\\s?)?(?:${symbols}\\s?)?-?(?:${grouped})${fraction}-?`;
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
    ...["month", "day", "hour"].map((name) => [name, "\\d{1,2}"] as const),
    ...["minute", "second"].map((name) => [name, "\\d{2}"] as const),
    ["monthName", "\\p{L}{3,9}"],
    ["half", "[AaPp]\\.?[Mm]"],
  ]);
}

function escaped(text: string): string {
  return text === " " ? "[ \\u00A0]" : text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/**
 * The regular expression a pattern of a profile stands for: `{amount}`, `{quantity}`, `{itemId}`, `{description}` and so on are put in as
 * groups of that name. Throws a {@link PatternError} for a placeholder that does not exist.
 */
export function expandPattern(source: string, format: NumberFormat): string {
  const known = placeholders(format);
  return source.replace(/(?<!\\[pP])\{([A-Za-z]\w*)\}/g, (_, name: string) => {
    const pattern = known.get(name);
    if (pattern === undefined) throw unknownPlaceholder(name, [...known.keys()]);
    return `(?<${name}>${pattern})`;
  });
}

function unknownPlaceholder(name: string, known: readonly string[]): PatternError {
  return new PatternError(
    { "zh-CN": `没有 {${name}} 这个占位符`, en: `{${name}} is no placeholder` },
    { "zh-CN": `可用的占位符:${known.join("、")}。`, en: `Known are ${known.join(", ")}.` },
  );
}

/** Compiles a pattern of a profile, see {@link expandPattern}. Throws a {@link PatternError} that says what is wrong with it. */
export function compilePattern(source: string, format: NumberFormat): LinePattern {
  const regex = compile(expandPattern(source, format));
  return (line) => {
    const match = regex.exec(line);
    if (match === null) return undefined;
    const groups = Object.entries(match.groups ?? {}).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return Object.fromEntries(groups);
  };
}

function compile(expression: string): RegExp {
  try {
    return new RegExp(expression, "u");
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*\/u: /s, "") : "";
    throw new PatternError(
      { "zh-CN": `不是有效的正则表达式:${reason}`, en: `is no regular expression: ${reason}` },
      {
        "zh-CN": "检查括号是否成对;要匹配 . ( ) [ ] * + ? | 这些字符本身,前面加反斜杠。",
        en: "Check that brackets come in pairs; put a backslash before . ( ) [ ] * + ? | where the character itself is meant.",
      },
    );
  }
}
