import { findDates, findTimes, type DateToken, type TimeToken } from "./date-time.ts";
import { foldLine, type Folded } from "./fold.ts";
import { scanNumbers, type NumberToken } from "./number-token.ts";
import { means, type Hit } from "./word-index.ts";
import { vocabulary } from "./words/vocabulary.ts";
import type { Role } from "./words/word.ts";

/** A line with everything that can be said of it alone. */
export interface Row {
  readonly index: number;
  readonly folded: Folded;
  readonly text: string;
  readonly hits: readonly Hit[];
  readonly dates: readonly DateToken[];
  readonly times: readonly TimeToken[];
  readonly numbers: readonly NumberToken[];
  /** Nothing but lines and ornaments. */
  readonly blank: boolean;
}

/** No paper is wider; longer lines are noise. */
const maxLineLength = 200;

/** Takes a line apart: words, dates, times, numbers. */
export function toRow(line: string, index: number): Row {
  const folded = foldLine(line.length > maxLineLength ? "" : line.trimEnd());
  const { text } = folded;
  const dates = findDates(text);
  const times = findTimes(text).filter((time) => dates.every((date) => !overlaps(time, date)));
  const taken = [...dates, ...times];
  const numbers = scanNumbers(text, (at) => taken.some(({ start, end }) => at >= start && at < end));
  const blank = !isPrint(text);
  return { index, folded, text, hits: blank ? [] : vocabulary.find(text), dates, times, numbers, blank };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Whether one of the words of a row may mean this. */
export function rowMeans(row: Row, ...roles: readonly Role[]): boolean {
  return row.hits.some((hit) => roles.some((role) => means(hit, role)));
}

/** The share of the letters in a stretch that the words found explain: 1 for a plain label, little for a name that has such a word. */
export function coverage(row: Row, start: number, end: number): number {
  const letters = countLetters(row.text.slice(start, end));
  if (letters === 0) return 1;
  let known = 0;
  for (const hit of row.hits) {
    if (hit.start >= start && hit.end <= end) known += countLetters(row.text.slice(hit.start, hit.end));
  }
  return known / letters;
}

/** How many letters a text has; tax codes of one letter do not count. */
export function countLetters(text: string): number {
  let all = 0;
  let run = 0;
  for (let at = 0; at <= text.length; at += 1) {
    if (isLetter(text.charCodeAt(at))) {
      run += 1;
      continue;
    }
    if (run > 1 || (run === 1 && text.charCodeAt(at - 1) >= firstWide)) all += run;
    run = 0;
  }
  return all;
}

const firstWide = 0x2e80;

/** The letters of folded text: capitals, other scripts, ideographs and kana, but not their punctuation. */
function isLetter(code: number): boolean {
  if (code < 0xc0) return code >= 0x41 && code <= 0x5a;
  if (code < firstWide) return code < 0x2000 && code !== 0xd7 && code !== 0xf7;
  return (code >= 0x3041 && code <= 0x30fa) || (code >= 0x3400 && code < 0xfe00) || code === 0x3005;
}

function isPrint(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code >= 0x30 && code <= 0x39) || isLetter(code)) return true;
  }
  return false;
}
