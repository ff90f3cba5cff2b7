import { foldLine } from "./fold.ts";
import type { Role, Word } from "./words/word.ts";

/** A word found on a line: what it may mean, and where it stands in the folded text. */
export interface Hit {
  readonly words: readonly Word[];
  readonly start: number;
  readonly end: number;
}

/** Whether a word found may mean this. */
export function means(hit: Hit, role: Role): boolean {
  return hit.words.some((word) => word[1] === role);
}

/** Blank, point, hyphen, underscore, slash, apostrophe. */
const separators = new Set([0x20, 0x2e, 0x2d, 0x5f, 0x2f, 0x27]);

const isLetter = (code: number): boolean => code >= 0x41 && code <= 0x5a;
const isWide = (code: number): boolean => code >= 0x2e80;

/** Blanks that wide characters are spread with: `合      计`. */
const maxSpread = 8;

/** A word as it is looked for, and all that it may mean. */
interface Key {
  readonly text: string;
  readonly words: Word[];
}

/** Where the keys that begin with the same characters stand: from `lo` to before `hi`. */
interface Range {
  readonly lo: number;
  readonly hi: number;
}

/**
 * Finds the words of a vocabulary on a line, the longest at each place, in time proportional to the line. A sorted list, narrowed
 * character by character: a tree of thousands of words would cost a daemon that may never need it ten megabytes.
 */
export class WordIndex {
  readonly #words: () => readonly Word[];
  #keys: readonly Key[] | undefined;
  readonly #first = new Map<number, Range>();

  /** `words` is called when the first line is looked at. */
  constructor(words: () => readonly Word[]) {
    this.#words = words;
  }

  /** The words on a folded line, from left to right, none inside another. */
  find(text: string): readonly Hit[] {
    const keys = (this.#keys ??= this.#sorted());
    const hits: Hit[] = [];
    for (let start = 0; start < text.length; start += 1) {
      if (!startsWord(text, start)) continue;
      const first = this.#first.get(text.charCodeAt(start));
      const hit = first === undefined ? undefined : longestAt(keys, first, text, start);
      if (hit === undefined) continue;
      hits.push(hit);
      start = hit.end - 1;
    }
    return hits;
  }

  #sorted(): readonly Key[] {
    const byText = new Map<string, Key>();
    for (const word of this.#words()) {
      const text = keyOf(word);
      const key = byText.get(text) ?? { text, words: [] };
      key.words.push(word);
      byText.set(text, key);
    }
    const keys = [...byText.values()].toSorted((a, b) => (a.text < b.text ? -1 : 1));
    for (const [at, { text }] of keys.entries()) {
      const code = text.charCodeAt(0);
      this.#first.set(code, { lo: this.#first.get(code)?.lo ?? at, hi: at + 1 });
    }
    return keys;
  }
}

function keyOf(word: Word): string {
  const codes = Array.from(foldLine(word[0]).text).filter((char) => !separators.has(char.charCodeAt(0)));
  return codes.join("");
}

function longestAt(keys: readonly Key[], first: Range, text: string, start: number): Hit | undefined {
  let { lo, hi } = first;
  let depth = 1;
  let best = hitAt(keys, lo, depth, text, start, start + 1);
  let gap = 0;
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const from = bound(keys, lo, hi, depth, code);
    const to = bound(keys, from, hi, depth, code + 1);
    if (from < to) {
      [lo, hi] = [from, to];
      depth += 1;
      gap = 0;
      best = hitAt(keys, lo, depth, text, start, at + 1) ?? best;
    } else if (separators.has(code) && gap < allowedGap(text, at, gap)) gap += 1;
    else break;
  }
  return best;
}

/** The first of the keys from `lo` to `hi`, alike up to `depth`, whose next character is `code` or comes after it. */
function bound(keys: readonly Key[], lo: number, hi: number, depth: number, code: number): number {
  let [from, to] = [lo, hi];
  while (from < to) {
    const middle = (from + to) >> 1;
    const text = keys[middle]?.text ?? "";
    // A key that ends here comes before all that go on.
    if (depth >= text.length || text.charCodeAt(depth) < code) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The word that ends at `end`, if one does: it is the first of its range. */
function hitAt(
  keys: readonly Key[],
  lo: number,
  depth: number,
  text: string,
  start: number,
  end: number,
): Hit | undefined {
  const key = keys[lo];
  return key?.text.length === depth && endsWord(text, end) ? { words: key.words, start, end } : undefined;
}

function startsWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code !== 0x20 && (at === 0 || !isLetter(code) || !isLetter(text.charCodeAt(at - 1)));
}

function endsWord(text: string, end: number): boolean {
  return end === text.length || !isLetter(text.charCodeAt(end - 1)) || !isLetter(text.charCodeAt(end));
}

/** Separators inside a word: one, two when they differ (`Bon-Nr. 7`), more between wide characters. */
function allowedGap(text: string, at: number, gap: number): number {
  if (isWide(text.charCodeAt(at - gap - 1))) return maxSpread;
  return gap === 1 && text.charCodeAt(at) === text.charCodeAt(at - 1) ? 1 : 2;
}
