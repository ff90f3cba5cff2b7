import { parseMinor } from "../decimal.ts";
import { localDateTime } from "../local-date-time.ts";

/** An amount of a fiscal code in minor units: the currencies of all of them have two digits after the point. */
export function amountOf(text: string, decimal: "." | ","): number | undefined {
  if (!/^-?\d{1,13}(?:[.,]\d{1,2})?$/.test(text)) return undefined;
  return parseMinor(text, { decimal, thousands: "", exponent: 2 });
}

/** `20260314` as ISO 8601, when there is such a day. */
export function dateOf(text: string): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  return localDateTime({ year, month, day, hour: "00", minute: "00" })?.slice(0, 10);
}

/** An instant in UTC as RFC 3339 writes it, when it is one. */
export function instantOf(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
