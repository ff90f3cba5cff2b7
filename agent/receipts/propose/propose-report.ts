import type { Transaction } from "../../core/transaction.ts";
import type { ProfileSource } from "../profile-schema.ts";
import { proposeField } from "./propose-fields.ts";
import { isReport, type Reading } from "./reading.ts";
import { figurePattern, numbersOn } from "./tagged-line.ts";

type Locale = ProfileSource["locale"];
type Report = ProfileSource["report"];

const texts: readonly (readonly [keyof Report, (read: Transaction) => string | undefined])[] = [
  ["number", (read) => read.reportNumber],
  ["count", (read) => read.count?.toString()],
  ["refundCount", (read) => read.refundCount?.toString()],
  ["first", (read) => read.firstSequenceNumber],
  ["last", (read) => read.lastSequenceNumber],
];

const amounts: readonly (readonly [keyof Report, (read: Transaction) => number | undefined])[] = [
  ["gross", (read) => read.grossMinor],
  ["refund", (read) => read.refundMinor],
  ["net", (read) => read.netMinor],
];

/** Where X and Z reports say what they say. */
export function proposeReport(readings: readonly Reading[], locale: Locale): Report {
  const reports = readings.filter(isReport);
  const found: Record<string, readonly string[]> = {};
  for (const [key, wanted] of texts) {
    const patterns = proposeField(reports, wanted, locale);
    if (patterns.length > 0) found[key] = patterns;
  }
  for (const [key, wanted] of amounts) {
    const lines = new Set<string>();
    for (const { lines: printed, read } of reports) {
      const value = wanted(read);
      const line =
        value === undefined
          ? undefined
          : printed.find((one) => numbersOn(one, locale).some(({ minor }) => minor === value));
      const number = line === undefined ? undefined : numbersOn(line, locale).findLast(({ minor }) => minor === value);
      if (line !== undefined && number !== undefined) lines.add(figurePattern(line, number));
    }
    if (lines.size > 0) found[key] = [...lines];
  }
  return found;
}
