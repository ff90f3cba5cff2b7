import { foldLine } from "./fold.ts";
import type { Role, Word } from "./words/word.ts";

/** A word found on a line: what it may mean, and where it stands in the folded text. */
export interface Hit {
  readonly words: readonly Word[];
  readonly start: number;
  readonly end: number;
}

interface Node {
  /** By character code: codes make no garbage. */
  readonly next: Map<number, Node>;
  readonly words: Word[];
}

function newNode(): Node {
  return { next: new Map(), words: [] };
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

/** Finds the words of a vocabulary on a line, the longest at each place, in time proportional to the line. */
export class WordIndex {
  readonly #root: Node = newNode();

  constructor(words: readonly Word[]) {
    for (const word of words) this.#add(word);
  }

  #add(word: Word): void {
    let node = this.#root;
    const { text } = foldLine(word[0]);
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (separators.has(code)) continue;
      const next = node.next.get(code) ?? newNode();
      node.next.set(code, next);
      node = next;
    }
    node.words.push(word);
  }

  /** The words on a folded line, from left to right, none inside another. */
  find(text: string): readonly Hit[] {
    const hits: Hit[] = [];
    for (let start = 0; start < text.length; start += 1) {
      if (!startsWord(text, start)) continue;
      const first = this.#root.next.get(text.charCodeAt(start));
      const hit = first === undefined ? undefined : longestAt(first, text, start);
      if (hit === undefined) continue;
      hits.push(hit);
      start = hit.end - 1;
    }
    return hits;
  }
}

function longestAt(first: Node, text: string, start: number): Hit | undefined {
  let node = first;
  let best = ends(node, text, start + 1) ? { words: node.words, start, end: start + 1 } : undefined;
  let gap = 0;
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const next = node.next.get(code);
    if (next !== undefined) {
      node = next;
      gap = 0;
      if (ends(node, text, at + 1)) best = { words: node.words, start, end: at + 1 };
    } else if (separators.has(code) && gap < allowedGap(text, at, gap)) gap += 1;
    else break;
  }
  return best;
}

function ends(node: Node, text: string, end: number): boolean {
  return node.words.length > 0 && endsWord(text, end);
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
