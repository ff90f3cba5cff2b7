import type { ProfileSource } from "../profile-schema.ts";
import { escaped } from "./literal.ts";
import { kindLine } from "./propose-kinds.ts";
import { isReport, type Reading } from "./reading.ts";

/** What tells the layout, and the slips of a stream apart. */
export type Recognition = Pick<ProfileSource, "match" | "split" | "whole">;

/**
 * The line with most of what identifies a slip (store, lane, number) is hardly the same in two layouts, and stands on every slip: its
 * labels recognise the layout. Where such a line stands above the items, it also tells that another slip begins.
 */
export function proposeMatch(readings: readonly Reading[]): Recognition {
  const any: string[] = [];
  for (const reading of readings) {
    if (any.some((pattern) => stands(pattern, reading))) continue;
    const pattern = recognising(reading);
    if (pattern !== undefined) any.push(pattern);
  }
  const [header] = any;
  const isHeader =
    header !== undefined && readings.every((reading) => isReport(reading) || standsOnceAtTop(header, reading));
  const whole = closing(readings);
  return {
    match: { any, all: [], none: [] },
    split: isHeader ? { header } : {},
    whole: whole === undefined ? [] : [whole],
  };
}

const stands = (pattern: string, { lines }: Reading): boolean => {
  const expression = new RegExp(pattern, "u");
  return lines.some((line) => expression.test(line));
};

function standsOnceAtTop(pattern: string, { lines }: Reading): boolean {
  const expression = new RegExp(pattern, "u");
  const at = lines.flatMap((line, index) => (expression.test(line) ? [index] : []));
  return at.length === 1 && (at[0] ?? lines.length) < lines.length / 2;
}

/** The line with most identifiers, or the one that names the report; else the first that has letters. */
function recognising(reading: Reading): string | undefined {
  const { lines, read } = reading;
  const named = isReport(reading) ? kindLine(reading) : undefined;
  if (named !== undefined) return String.raw`^\s*${escaped(named.trim())}$`;
  const values = [read.retailStoreId, read.workstationId, read.sequenceNumber, read.operatorId].filter(
    (value) => value !== undefined,
  );
  const scored = lines
    .map((line, index) => ({ line, index, score: values.filter((value) => labelled(line, value)).length }))
    .toSorted((a, b) => b.score - a.score || a.index - b.index);
  const best = scored.find(({ score }) => score > 0) ?? scored.find(({ line }) => /\p{L}{2}/u.test(line));
  return best === undefined ? undefined : identifying(best.line, values);
}

const labelled = (line: string, value: string): boolean => {
  const at = line.indexOf(value);
  return at > 0 && /\p{L}/u.test(line.slice(0, at));
};

/** The labels of a line with anything for the values between them; what follows the last value is left out. */
function identifying(line: string, values: readonly string[]): string {
  const indent = /^\s+/.test(line) ? String.raw`\s*` : "";
  const words = line.trim().split(/(\s+)/);
  const parts = words.map((word) => {
    if (/^\s+$/.test(word)) return String.raw`\s+`;
    if (!/\d/.test(word) && values.includes(word)) return String.raw`\S+`;
    const value = values.find((one) => word.includes(one) && /[:.#]/.test(word[word.indexOf(one) - 1] ?? ""));
    if (value !== undefined) return String.raw`${escaped(word.slice(0, word.indexOf(value)))}\S+`;
    return escaped(word).replace(/\d+/g, String.raw`\d+`);
  });
  return `^${indent}${parts.join("")}`;
}

/** The last line with words, if all slips end with it: where it stands the slip is whole. */
function closing(readings: readonly Reading[]): string | undefined {
  const last = readings.map(({ lines }) => lines.findLast((line) => /\p{L}{2}/u.test(line))?.trim());
  const [first] = last;
  if (first === undefined || first.length < 3 || /\d/.test(first) || last.some((line) => line !== first))
    return undefined;
  return String.raw`^\s*${escaped(first)}`;
}
