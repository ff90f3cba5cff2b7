import type { Segment } from "../splitter.ts";
import type { Transaction } from "../../core/transaction.ts";
import { readLines, type SlipLines } from "../generic/slip-lines.ts";
import { readable } from "../profile.ts";

/** A slip to make a profile from, and what it says as far as that can be told without one. */
export interface Reading {
  readonly segment: Segment;
  /** Lines as patterns are tried on them, card numbers masked. */
  readonly lines: readonly string[];
  readonly read: Transaction;
  readonly slip: SlipLines;
}

/** Takes a slip apart that was read without a profile. */
export function toReading(segment: Segment, read: Transaction): Reading {
  const lines = read.lines.map(readable);
  return { segment, lines, read, slip: readLines(lines) };
}

/** Whether a slip is a report on a period. */
export const isReport = ({ read: { kind } }: Reading): boolean => kind === "x-report" || kind === "z-report";

/** Which lines of a slip belong to its items. */
export interface ItemLines {
  readonly reading: Reading;
  readonly first: number;
  readonly last: number;
}

/** A line of dashes and the like. */
export const isRule = (line: string): boolean => line.trim() !== "" && !/[\p{L}\p{N}]/u.test(line);
