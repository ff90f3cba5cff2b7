import { decimalString, parseDecimal, parseMinor } from "../decimal.ts";
import type { ProfileSource } from "../profile-schema.ts";
import { escaped, literal } from "./literal.ts";

type Locale = ProfileSource["locale"];

/** A stretch of a line that stands for something: the placeholder it becomes. */
export interface Tag {
  readonly from: number;
  readonly to: number;
  /** What stands in the pattern for it. */
  readonly pattern: string;
}

/** A number on a line, with its sign and symbol. */
export interface NumberAt {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** As an amount in minor units, if it is one. */
  readonly minor: number | undefined;
  /** As a decimal string. */
  readonly decimal: string | undefined;
}

/** The numbers on a line, from left to right. */
export function numbersOn(line: string, locale: Locale): readonly NumberAt[] {
  return [...line.matchAll(/(?<![\p{L}\d])-?[¥￥$€£]?-?\d+(?:[.,']\d+)*-?|(?<=[\p{L}])\d+(?:[.,']\d+)*/gu)].map(
    (match) => {
      const [text] = match;
      const decimal = parseDecimal(text.replace(/[¥￥$€£]/g, ""), locale);
      const full = locale.exponent === 0 || (decimal?.scale ?? 0) === locale.exponent;
      return {
        from: match.index,
        to: match.index + text.length,
        text,
        minor: full ? parseMinor(text, locale) : undefined,
        decimal: decimal === undefined ? undefined : decimalString(decimal),
      };
    },
  );
}

/** The line as a pattern: tags become placeholders, what stands between them is generalised; labels may be kept as they are. */
export function lineAsPattern(line: string, tags: readonly Tag[], labels: "kept" | "free" = "free"): string {
  const ordered = tags.toSorted((a, b) => a.from - b.from);
  let pattern = "^";
  let at = 0;
  for (const tag of ordered) {
    const before = line.slice(at, tag.from);
    pattern += at === 0 ? opening(before, labels) : between(before, labels);
    pattern += tag.pattern;
    at = tag.to;
  }
  return `${pattern}${tail(line.slice(at))}$`;
}

/** Blanks at the beginning of a line tell a line below an item from an item. */
function opening(text: string, labels: "kept" | "free"): string {
  const bare = text.trimStart();
  return `${bare === text ? "" : bare === "" && text.length > 8 ? String.raw`\s*` : String.raw`\s+`}${between(bare, labels)}`;
}

/** Units and words may be others the next time; signs are kept. */
function between(text: string, labels: "kept" | "free"): string {
  return text
    .split(/(\s+|\p{L}+|\d+)/u)
    .map((part) => {
      if (part === "") return "";
      if (/^\s+$/.test(part)) return String.raw`\s+`;
      if (/^\d+$/.test(part)) return String.raw`\d+`;
      if (!/^\p{L}+$/u.test(part) || part.toLowerCase() === "x") return escaped(part);
      return labels === "kept" && part.length > 1 ? part : String.raw`\p{L}+`;
    })
    .join("");
}

/** A tax code or mark behind the figures may be another one, or none. */
function tail(text: string): string {
  if (/^\s+\S{1,2}$/.test(text)) return String.raw`(?:\s+\S{1,2})?`;
  return text.trim() === "" ? "" : between(text, "free");
}

/** A line with a label and one amount: the label stays, the amount is read. */
export function figurePattern(line: string, number: NumberAt): string {
  const label = line.slice(0, number.from);
  const bare = label.trimStart();
  const rest = tail(line.slice(number.to));
  return `^${bare === label ? "" : String.raw`\s*`}${literal(bare.trimEnd())}${label.trim() === "" ? "" : String.raw`\s+`}{amount}${rest}$`;
}
