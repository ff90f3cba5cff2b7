import type { DateOrder, DateToken, TimeToken } from "./date-time.ts";
import type { Locale } from "./locale.ts";
import type { Row } from "./row.ts";
import { means } from "./word-index.ts";

/** When a slip says it was made. */
export interface SlipTime {
  /** Local, ISO 8601 without offset. */
  readonly endDateTime: string;
  /** Several times stand on it, or day and month could be the other way round. */
  readonly doubtful: boolean;
}

interface Candidate {
  readonly dateTime: string;
  readonly labelled: boolean;
  readonly seconds: boolean;
}

/** Finds the time of the sale; seconds that are only in a fiscal QR code are taken from there. */
export function readTime(rows: readonly Row[], locale: Locale, qrCodes: readonly string[]): SlipTime | undefined {
  const order = orderOf(locale);
  const found = rows.flatMap((row, index) => candidatesOf(rows, row, index, order));
  const best = found.find(({ labelled }) => labelled) ?? found[0];
  if (best === undefined) return undefined;
  const same = found.filter(({ labelled }) => labelled === best.labelled);
  const minute = best.dateTime.slice(0, 16);
  const fuller = same.find((other) => other.seconds && other.dateTime.startsWith(minute)) ?? best;
  const second = fuller.seconds ? undefined : fiscalSecond(qrCodes, minute);
  return {
    endDateTime: second === undefined ? fuller.dateTime : `${minute}:${second}`,
    doubtful: same.some((other) => !other.dateTime.startsWith(minute)),
  };
}

/** Which comes first where both could: day in Europe, month in the United States, year in China and Japan. */
function orderOf({ language, currency, vat }: Locale): readonly DateOrder[] {
  if (language === "ja" || language === "zh-Hans" || language === "zh-Hant") return ["ymd", "dmy"];
  if (currency === "USD") return ["mdy", "dmy"];
  if (language !== "en" && language !== undefined) return ["dmy"];
  return (currency === undefined && !vat) || currency === "CAD" ? [] : ["dmy"];
}

function candidatesOf(
  rows: readonly Row[],
  row: Row,
  index: number,
  order: readonly DateOrder[],
): readonly Candidate[] {
  return row.dates.flatMap((date) => {
    const label = labelBefore(row, date.start);
    const iso = dateOf(date, order);
    const time = timeFor(rows, row, index, date);
    if (label === "foreign" || iso === undefined || time === undefined) return [];
    return [{ dateTime: `${iso}T${time.time}`, labelled: label === "own", seconds: time.seconds }];
  });
}

/** The reading of the preferred order, or the only one there is. */
function dateOf({ readings }: DateToken, order: readonly DateOrder[]): string | undefined {
  for (const wanted of ["plain", ...order]) {
    const fit = readings.find((reading) => reading.order === wanted && isLikely(reading.order, reading.date));
    if (fit !== undefined) return fit.date;
  }
  const others = new Set(readings.filter(({ order, date }) => isLikely(order, date)).map(({ date }) => date));
  return others.size === 1 ? [...others][0] : undefined;
}

/** A year of two digits may be a day: only years near ours are taken. */
function isLikely(order: string, date: string): boolean {
  const year = Number(date.slice(0, 4));
  return order === "plain" || (year >= 2015 && year <= 2045);
}

function labelBefore(row: Row, at: number): "own" | "foreign" | undefined {
  const labels = row.hits.filter((hit) => hit.end <= at && (means(hit, "time") || means(hit, "foreignTime")));
  const last = labels.at(-1);
  if (last === undefined) return rowIsForeign(row) ? "foreign" : undefined;
  return labels.some((hit) => means(hit, "foreignTime")) ? "foreign" : "own";
}

/** `Kopie vom 10.01.`, `Original 0123 of 12/03/2026`. */
function rowIsForeign(row: Row): boolean {
  return row.hits.some((hit) => means(hit, "foreignTime") || means(hit, "kindCopy"));
}

/** The time on the same line, the first one after the date if there is one; else alone on the next line or the one before. */
function timeFor(rows: readonly Row[], row: Row, index: number, date: DateToken): TimeToken | undefined {
  const own = row.times.find((time) => time.start >= date.end) ?? row.times[0];
  if (own !== undefined) return own;
  for (const near of [rows[index + 1], rows[index - 1]]) {
    if (near !== undefined && near.dates.length === 0 && near.times[0] !== undefined && !rowIsForeign(near)) {
      return near.times[0];
    }
  }
  return undefined;
}

/** Seconds of the time in a fiscal code (TSE, RKSV), if its minute is the printed one; it may be in UTC, which moves hours alone. */
function fiscalSecond(qrCodes: readonly string[], minute: string): string | undefined {
  const matches = qrCodes.flatMap((code) => [...code.matchAll(/\d{4}-\d{2}-\d{2}T\d{2}:(\d{2}):(\d{2})/g)]);
  // Of a start and an end the end, which comes last, is meant.
  return matches.filter((match) => match[1] === minute.slice(14)).at(-1)?.[2];
}
