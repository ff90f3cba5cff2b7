import { allChars, complement, noChars, union, type CharSet } from "./char-set.ts";

/** A regular expression as far as the time it takes depends on it. */
export type Syntax =
  /** One character of a set. */
  | { readonly type: "chars"; readonly set: CharSet }
  | { readonly type: "sequence"; readonly items: readonly Syntax[] }
  | { readonly type: "choice"; readonly options: readonly Syntax[] }
  | { readonly type: "repeat"; readonly body: Syntax; readonly min: number; readonly max: number }
  /** Looks ahead or behind and takes nothing. */
  | { readonly type: "look"; readonly body: Syntax };

const nothing: Syntax = { type: "sequence", items: [] };
const anything: Syntax = { type: "repeat", body: { type: "chars", set: allChars }, min: 0, max: Infinity };

const range = (from: string, to = from): CharSet => [[from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0]];

const digits = range("0", "9");
const wordChars = union(digits, range("A", "Z"), range("a", "z"), range("_"));
/** ECMA-262, 12.2 and 12.3. */
const blanks = union(
  [[0x09, 0x0d]],
  ...[" ", "\u00A0", "\u1680", "\u202F", "\u205F", "\u3000", "\uFEFF"].map((one) => range(one)),
  [[0x2000, 0x200a]],
  [[0x2028, 0x2029]],
);
const lineEnds = union([[0x0a, 0x0a]], [[0x0d, 0x0d]], [[0x2028, 0x2029]]);

/** All letters and more: no digit of ASCII, no blank, no sign of ASCII is one. */
const letters = complement(union([[0x00, 0x40]], [[0x5b, 0x60]], [[0x7b, 0x7f]], blanks));

const classes: Readonly<Record<string, CharSet>> = {
  d: digits,
  D: complement(digits),
  w: wordChars,
  W: complement(wordChars),
  s: blanks,
  S: complement(blanks),
  t: range("\t"),
  n: range("\n"),
  v: range("\v"),
  f: range("\f"),
  r: range("\r"),
  0: range("\0"),
};

/** Parses an expression that `new RegExp(expression, "u")` accepts (ECMA-262, 22.2.1). */
export function parsePattern(expression: string): Syntax {
  return new Parser(expression).choice();
}

class Parser {
  readonly #text: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#text = [...text];
  }

  choice(): Syntax {
    const options = [this.#sequence()];
    while (this.#take("|")) options.push(this.#sequence());
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { type: "choice", options };
  }

  #sequence(): Syntax {
    const items: Syntax[] = [];
    while (this.#at < this.#text.length && !this.#sees("|") && !this.#sees(")")) items.push(this.#repeated());
    return { type: "sequence", items };
  }

  #repeated(): Syntax {
    const body = this.#atom();
    const bounds = this.#bounds();
    if (bounds === undefined) return body;
    this.#take("?");
    return { type: "repeat", body, ...bounds };
  }

  #bounds(): { min: number; max: number } | undefined {
    if (this.#take("*")) return { min: 0, max: Infinity };
    if (this.#take("+")) return { min: 1, max: Infinity };
    if (this.#take("?")) return { min: 0, max: 1 };
    if (!this.#take("{")) return undefined;
    const [min = "0", max = min] = this.#until("}").split(",");
    return { min: Number(min), max: max === "" ? Infinity : Number(max) };
  }

  #atom(): Syntax {
    const character = this.#next();
    if (character === "^" || character === "$") return nothing;
    if (character === ".") return { type: "chars", set: complement(lineEnds) };
    if (character === "(") return this.#group();
    if (character === "[") return { type: "chars", set: this.#class() };
    if (character !== "\\") return { type: "chars", set: range(character) };
    if (this.#sees("b") || this.#sees("B")) {
      this.#next();
      return nothing;
    }
    if (/[1-9]/.test(this.#text[this.#at] ?? "")) {
      while (/\d/.test(this.#text[this.#at] ?? "")) this.#next();
      return anything;
    }
    if (this.#take("k")) {
      this.#until(">");
      return anything;
    }
    return { type: "chars", set: this.#escape() };
  }

  #group(): Syntax {
    let look = false;
    if (this.#take("?")) {
      const kind = this.#next();
      look = kind === "=" || kind === "!";
      if (kind === "<") {
        look = this.#take("=") || this.#take("!");
        if (!look) this.#until(">");
      } else if (!look && kind !== ":") return this.#modified();
    }
    const body = this.choice();
    this.#take(")");
    return look ? { type: "look", body } : body;
  }

  /** `(?i:...)`: which characters count as the same there is not followed; anything may be meant. */
  #modified(): Syntax {
    this.#until(":");
    this.choice();
    this.#take(")");
    return { type: "repeat", body: anything, min: 1, max: Infinity };
  }

  #class(): CharSet {
    const negated = this.#take("^");
    let set = noChars;
    while (this.#at < this.#text.length && !this.#take("]")) {
      const from = this.#classMember();
      const single = from.length === 1 && from[0]?.[0] === from[0]?.[1];
      if (single && this.#sees("-") && this.#text[this.#at + 1] !== "]") {
        this.#next();
        const to = this.#classMember();
        set = union(set, [[from[0]?.[0] ?? 0, to[0]?.[1] ?? 0]]);
      } else set = union(set, from);
    }
    return negated ? complement(set) : set;
  }

  #classMember(): CharSet {
    const character = this.#next();
    if (character !== "\\") return range(character);
    return this.#take("b") ? range("\b") : this.#escape();
  }

  /** What stands after a backslash and means one character. */
  #escape(): CharSet {
    const letter = this.#next();
    if (letter === "p" || letter === "P") {
      const property = this.#until("}");
      return letter === "p" && /^\{L[ultmo]?$/.test(property) ? letters : allChars;
    }
    if (letter === "c") return range(String.fromCodePoint((this.#next().codePointAt(0) ?? 0) % 32));
    if (letter === "x") return this.#hex(2);
    if (letter === "u") return this.#take("{") ? codePoint(this.#until("}")) : this.#hex(4);
    return classes[letter] ?? range(letter);
  }

  #hex(count: number): CharSet {
    return codePoint(Array.from({ length: count }, () => this.#next()).join(""));
  }

  #sees(character: string): boolean {
    return this.#text[this.#at] === character;
  }

  #take(character: string): boolean {
    const seen = this.#sees(character);
    if (seen) this.#at += 1;
    return seen;
  }

  #next(): string {
    const character = this.#text[this.#at] ?? "";
    this.#at += 1;
    return character;
  }

  /** Everything before the next `end`, which is taken too. */
  #until(end: string): string {
    let taken = "";
    while (this.#at < this.#text.length && !this.#sees(end)) taken += this.#next();
    this.#next();
    return taken;
  }
}

const codePoint = (hex: string): CharSet => [[Number.parseInt(hex, 16), Number.parseInt(hex, 16)]];
