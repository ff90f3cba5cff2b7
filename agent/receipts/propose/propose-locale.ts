import type { ProfileSource } from "../profile-schema.ts";
import type { Reading } from "./reading.ts";

type Locale = ProfileSource["locale"];

/** Symbols that are allowed for only one currency each on receipts of this kind. */
const bySymbol: readonly (readonly [RegExp, string])[] = [
  [/€|EUR/, "EUR"],
  [/£|GBP/, "GBP"],
  [/\$|USD/, "USD"],
  [/[¥￥]/, "CNY"],
];

/** How the receipts write amounts, and in which currency; the second value tells whether the currency is sure. */
export function proposeLocale(readings: readonly Reading[]): {
  readonly locale: Locale;
  readonly currencySure: boolean;
} {
  const text = readings.flatMap(({ lines }) => lines).join("\n");
  const codes = readings.flatMap(({ read }) => (read.currencyCode === undefined ? [] : [read.currencyCode]));
  const currency = codes[0] ?? bySymbol.find(([symbol]) => symbol.test(text))?.[1] ?? "EUR";
  const exponent = readings.find(({ read }) => read.currencyExponent !== undefined)?.read.currencyExponent ?? 2;
  const decimal = count(text, /\d,\d\d(?![\d.,])/g) > count(text, /\d\.\d\d(?![\d.,])/g) ? "," : ".";
  const other = decimal === "," ? "." : ",";
  const thousands = ([other, " ", "'"] as const).find((sign) =>
    new RegExp(String.raw`(?<![\d.,])\d{1,3}(?:[${sign}]\d{3})+(?!\d)`).test(text),
  );
  const locale: Locale = {
    currency,
    exponent: exponent === 0 || exponent === 1 || exponent === 3 ? exponent : 2,
    decimal,
    thousands: thousands ?? other,
  };
  return { locale, currencySure: codes.length > 0 };
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
