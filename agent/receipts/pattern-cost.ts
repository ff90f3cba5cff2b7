import { allChars, noChars, overlap, union, type CharSet } from "./char-set.ts";
import { PatternError } from "./pattern.ts";
import { parsePattern, type Syntax } from "./pattern-syntax.ts";

/** No line that patterns are tried on is longer (see `readable` in profile.ts). */
const lineLength = 200;

/**
 * How many ways of matching may be tried on one line at most. A pattern at this limit takes some tenths of a second on a line made
 * to hurt it, and microseconds on any printed one.
 */
const mostWays = 5_000_000;

/**
 * Throws a {@link PatternError} for an expression that could hold up the daemon on some line. The engine of the language tries one way
 * after the other, so what counts is how many there are: it is bounded here by looking at each point where it must choose (another
 * round or on, this alternative or that one) and asking whether the next character decides. A choice that it does not decide, inside
 * something repeated without limit, can make exponentially many ways and is refused; others multiply.
 */
export function assertAffordable(expression: string): void {
  const { ways } = measure(parsePattern(expression), noChars);
  const starts = expression.startsWith("^") ? 1 : lineLength;
  if (ways * starts <= mostWays) return;
  throw new PatternError(
    {
      "zh-CN": "这个模式在某些行上会耗时过长",
      en: "this pattern could take far too long on some lines",
    },
    {
      "zh-CN": String.raw`不要在重复的括号里再用 + 或 *(如 (\S+\s?)+);少用连续的 .* ;以 ^ 开头。`,
      en: String.raw`Put no + or * inside something that is itself repeated, like (\S+\s?)+; use fewer .* and begin with ^.`,
    },
  );
}

interface Measure {
  /** What a match of this and all that follows can begin with. */
  readonly first: CharSet;
  /** How many ways there are through this, at most. */
  readonly ways: number;
}

/** `next` is what can follow. */
function measure(node: Syntax, next: CharSet): Measure {
  switch (node.type) {
    case "chars":
      return { first: node.set, ways: 1 };
    case "sequence":
      return node.items.reduceRight<Measure>(
        (after, item) => {
          const { first, ways } = measure(item, after.first);
          return { first, ways: ways * after.ways };
        },
        { first: next, ways: 1 },
      );
    case "choice":
      return measureChoice(node.options, next);
    case "repeat":
      return measureRepeat(node, next);
    case "look":
      return { first: next, ways: measure(node.body, allChars).ways };
  }
}

function measureChoice(options: readonly Syntax[], next: CharSet): Measure {
  const measures = options.map((option) => measure(option, next));
  const begins = options.map((option, index) => ({
    first: measures[index]?.first ?? allChars,
    prefix: prefixOf(option),
  }));
  const decided = begins.every((one, index) => begins.slice(index + 1).every((other) => apart(one, other)));
  const ways = measures.map((each) => each.ways);
  return {
    first: union(...measures.map(({ first }) => first)),
    ways: decided ? Math.max(...ways) : ways.reduce((sum, one) => sum + one, 0),
  };
}

interface Beginning {
  readonly first: CharSet;
  readonly prefix: readonly CharSet[];
}

/** Whether no text can be begun by both: words such as KREDITKARTE and KARTE are told apart by their second letter. */
function apart(a: Beginning, b: Beginning): boolean {
  return !overlap(a.first, b.first) || a.prefix.some((set, index) => !overlap(set, b.prefix[index] ?? allChars));
}

/** The characters it surely begins with, one after the other. */
function prefixOf(node: Syntax): readonly CharSet[] {
  if (node.type === "chars") return [node.set];
  if (node.type !== "sequence") return [];
  const sets: CharSet[] = [];
  for (const item of node.items) {
    if (item.type === "chars") sets.push(item.set);
    else if (item.type !== "sequence" || item.items.length > 0) break;
  }
  return sets;
}

function measureRepeat({ body, min, max }: Extract<Syntax, { type: "repeat" }>, next: CharSet): Measure {
  const again = union(measure(body, next).first, next);
  const inside = measure(body, max > 1 ? again : next);
  const begin = measure(body, noChars).first;
  const first = min === 0 ? union(inside.first, next) : inside.first;
  const rounds = Math.min(max, lineLength);
  if (inside.ways > 1) {
    const each = max === Infinity ? Infinity : inside.ways ** rounds;
    return { first, ways: each * (rounds - min + 1) };
  }
  const decided = min === max || !overlap(begin, next);
  return { first, ways: decided ? 1 : Math.max(1, rounds - min + 1) };
}
