import type { Transaction } from "../../core/transaction.ts";
import type { Role } from "../generic/words/word.ts";
import { means } from "../generic/word-index.ts";
import { compilePattern } from "../pattern.ts";
import type { ProfileSource } from "../profile-schema.ts";
import { atLineStart, literal } from "./literal.ts";
import type { Reading } from "./reading.ts";

type Locale = ProfileSource["locale"];

/** Reads one value of a slip as text; `undefined` when it has none. */
export type Wanted = (read: Transaction) => string | undefined;

/** More patterns for one field are a sign of different layouts. */
const mostPatterns = 3;

/**
 * Patterns that find a field by the label in front of it, on every slip where it is known, and as far as possible nowhere else. They are
 * tried on the slips: one that finds something else first is not proposed.
 */
export function proposeField(
  readings: readonly Reading[],
  wanted: Wanted,
  locale: Locale,
  roles: readonly Role[] = [],
): readonly string[] {
  const chosen: string[] = [];
  let open = readings.filter(({ read }) => wanted(read) !== undefined);
  while (open.length > 0 && chosen.length < mostPatterns) {
    const [first] = open;
    if (first === undefined) break;
    const best = candidates(first, wanted(first.read) ?? "", roles)
      .map((candidate) => ({ ...candidate, ...tally(candidate.pattern, readings, wanted, locale) }))
      .filter(({ right, wrong, named }) => right > 0 && wrong === 0 && (named || !roles.includes("count")))
      .toSorted((a, b) => Number(b.named) - Number(a.named) || b.right - a.right)[0];
    if (best !== undefined) chosen.push(best.pattern);
    open = open.filter(
      (reading) =>
        reading !== first && (best === undefined || find(best.pattern, reading, locale) !== wanted(reading.read)),
    );
  }
  return chosen;
}

function tally(pattern: string, readings: readonly Reading[], wanted: Wanted, locale: Locale) {
  let [right, wrong] = [0, 0];
  for (const reading of readings) {
    const found = find(pattern, reading, locale);
    if (found === undefined) continue;
    if (found === wanted(reading.read)) right += 1;
    else wrong += 1;
  }
  return { right, wrong };
}

/** The first group of the first line that matches, as the profile will find it. */
function find(pattern: string, { lines }: Reading, locale: Locale): string | undefined {
  const compiled = compilePattern(pattern, locale);
  for (const line of lines) {
    const groups = compiled(line);
    if (groups !== undefined) return Object.values(groups)[0];
  }
  return undefined;
}

interface Candidate {
  readonly pattern: string;
  /** The line has a word for the field in front of the value. */
  readonly named: boolean;
}

/** Ways to say where a value stands: its label, or everything before it on the line. */
function candidates({ lines, slip }: Reading, value: string, roles: readonly Role[]): readonly Candidate[] {
  return lines.flatMap((line, index) => {
    const hits = slip.rows[index]?.hits.filter((hit) => roles.some((role) => means(hit, role))) ?? [];
    const found: Candidate[] = [];
    for (let at = line.indexOf(value); at >= 0; at = line.indexOf(value, at + 1)) {
      const named = hits.some(({ start }) => start < at);
      if (isWhole(line, at, value)) found.push(...around(line, at, value).map((pattern) => ({ pattern, named })));
    }
    return found;
  });
}

function isWhole(line: string, at: number, value: string): boolean {
  const [before, after] = [line[at - 1] ?? " ", line[at + value.length] ?? " "];
  const word = /[A-Za-z\d]/;
  return !(word.test(before) && word.test(value[0] ?? "") && !/\p{L}/u.test(before)) && !/\d/.test(after);
}

function around(line: string, at: number, value: string): readonly string[] {
  const before = line.slice(0, at);
  const label = /(?:^|\s{2,}|[\d*])\s*((?:[^\d\s*]|\s(?!\s))+\s*)$/.exec(before)?.[1]?.trimStart() ?? "";
  const placeholder = placeholderFor(line, at, value);
  const short = label.trim() === "" ? [] : [`${boundary(label)}${literal(label)}${placeholder}`];
  return [...short, `${atLineStart(before)}${placeholder}`];
}

/** `ST` is not looked for at the end of `COST`. */
const boundary = (label: string): string => (/^[A-Za-z]/.test(label) ? String.raw`\b` : "");

function placeholderFor(line: string, at: number, value: string): string {
  const next = line[at + value.length];
  if (/^\d+$/.test(value)) return "{digits}";
  if (/\s/.test(value)) return next === undefined ? "{text}$" : "{text}";
  return next === undefined || /\s/.test(next) ? "{word}" : String.raw`(?<value>[^\s${classSafe(next)}]+)`;
}

const classSafe = (sign: string): string => (/[\]\\^-]/.test(sign) ? `\\${sign}` : sign);
