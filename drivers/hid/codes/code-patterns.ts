/** Numbers that a store gives out, in a form that costs nothing to check and cannot be got wrong like a regular expression. */
export interface CodePattern {
  readonly prefix?: string;
  /** Characters in all, the prefix included: exactly, or between two bounds. */
  readonly length?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** What stands after the prefix; digits by default. */
  readonly characters?: "digits" | "alphanumeric";
}

/** Numbers of one loyalty programme. */
export interface MemberPattern extends CodePattern {
  readonly programme: string;
}

const characterSets: Readonly<Record<NonNullable<CodePattern["characters"]>, RegExp>> = {
  digits: /^\d*$/,
  alphanumeric: /^[0-9A-Za-z-]*$/,
};

/** Nobody prints a longer number on a card. */
const longest = 64;

/** How long numbers of a pattern can be. */
export function lengthsOf({ prefix = "", length, minLength, maxLength }: CodePattern): { min: number; max: number } {
  if (length !== undefined) return { min: length, max: length };
  return { min: minLength ?? prefix.length + 1, max: maxLength ?? longest };
}

/** Whether text is a number of a pattern. */
export function fitsPattern(text: string, pattern: CodePattern): boolean {
  const { prefix = "", characters = "digits" } = pattern;
  const { min, max } = lengthsOf(pattern);
  if (text.length < min || text.length > max || !text.startsWith(prefix)) return false;
  return characterSets[characters].test(text.slice(prefix.length));
}

/** The pattern that text fits: the one with the longest prefix, of these the first. */
export function findPattern<P extends CodePattern>(text: string, patterns: readonly P[]): P | undefined {
  const fitting = patterns.filter((pattern) => fitsPattern(text, pattern));
  return fitting.toSorted((a, b) => (b.prefix?.length ?? 0) - (a.prefix?.length ?? 0))[0];
}
