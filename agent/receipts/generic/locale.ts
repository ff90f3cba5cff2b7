import type { NumberToken } from "./number-token.ts";
import type { Row } from "./row.ts";
import type { Language } from "./words/word.ts";

/** What a receipt tells about where it was printed. */
export interface Locale {
  readonly language: Exclude<Language, "any" | "zh"> | undefined;
  /** ISO 4217; absent when nothing on the receipt tells. */
  readonly currency: string | undefined;
  /** Digits after the decimal point. */
  readonly exponent: number;
  /** Speaks of VAT or GST: not the United States, whatever the currency. */
  readonly vat: boolean;
}

/** Finds language and currency from script, words, symbols and numbers. */
export function localeOf(rows: readonly Row[], decimals: number): Locale {
  const language = languageOf(rows);
  const currency = currencyOf(rows, language);
  const vat = rows.some((row) => /\b(?:VAT|GST)\b/.test(row.text));
  return { language, currency, vat, exponent: exponentOf(currency, language, decimals) };
}

const simplified = /[单号机员时间实应额点钱货现总计价数编码电话门会积银]/g;
const traditional = /[單號機員時間實應額點錢貨現總計價數編碼電話門會積銀]/g;

function languageOf(rows: readonly Row[]): Locale["language"] {
  const text = rows.map((row) => row.text).join("\n");
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  if (count(/[\u3041-\u3096\u30A1-\u30FA]/g) >= 3) return "ja";
  const wide = count(/[\u4E00-\u9FFF]/g);
  const latin = latinLanguage(rows);
  if (wide >= 4 && (latin === undefined || wide >= 8)) {
    if (/領収|合計.*円|税込|外税|内税/.test(text)) return "ja";
    return count(traditional) > count(simplified) ? "zh-Hant" : "zh-Hans";
  }
  return latin;
}

/** Which language's words stand on the receipt most, weighed by their length. */
function latinLanguage(rows: readonly Row[]): "en" | "de" | "fr" | "it" | "es" | "pt" | "nl" | undefined {
  const scores = { en: 0, de: 0, fr: 0, it: 0, es: 0, pt: 0, nl: 0 };
  for (const row of rows) {
    for (const hit of row.hits) {
      for (const [text, , language] of hit.words) if (language in scores) scores[language as "en"] += text.length;
    }
  }
  const [best] = Object.entries(scores).sort(([, a], [, b]) => b - a);
  return best === undefined || best[1] === 0 ? undefined : (best[0] as "en");
}

/** What tells a currency, the surest first. */
const signs: readonly (readonly [pattern: RegExp, currency: string])[] = [
  [/HK\$|港币|港幣|\bHKD\b/, "HKD"],
  [/NT\$|新台幣|新臺幣|\bTWD\b|統一編號|統編|電子發票/, "TWD"],
  [/R\$ ?\d/, "BRL"],
  [/£|\bGBP\b|VAT (?:REG(?:ISTRATION)?\.? )?(?:NO\.?|NUMBER)?:? ?(?:GB|\d{3} \d{4} \d{2}\b)|GB ?\d{9}/, "GBP"],
  [/\bCHF\b|CHE-\d{3}|(?<![A-Z])FR\. \d/, "CHF"],
  [/€|\bEURO?\b|P\. ?IVA|PARTITA IVA|ATU\d{8}|\bDE\d{9}\b|SIRET|\bUST\b/, "EUR"],
  [/\bABN\b/, "AUD"],
  [/\b(?:HST|QST|TVQ|TPS)\b/, "CAD"],
  [/\bGSTIN\b|₹/, "INR"],
  [/\bUSD\b|US\$/, "USD"],
  [/\bCNY\b|\bRMB\b|人民币/, "CNY"],
  [/\bJPY\b/, "JPY"],
];

/** What a receipt in Chinese may be paid in; other names on it are those of goods. */
const inChinese = new Set(["HKD", "TWD", "USD", "CNY"]);

function currencyOf(rows: readonly Row[], language: Locale["language"]): string | undefined {
  if (language === "ja") return "JPY";
  const text = rows.map((row) => row.text).join("\n");
  const chinese = language === "zh-Hans" || language === "zh-Hant";
  const told = signs.find(([pattern, currency]) => (!chinese || inChinese.has(currency)) && pattern.test(text))?.[1];
  if (told !== undefined) return told;
  if (language === "zh-Hans") return "CNY";
  if (language === "zh-Hant") return "TWD";
  if (language === "en") return american(text) ? "USD" : undefined;
  return language === "de" || language === "fr" || language === "it" || language === "nl" || language === "es"
    ? "EUR"
    : undefined;
}

/** Prices plus tax, ZIP codes behind a state, telephone numbers of ten digits: the United States, if nothing speaks of VAT. */
function american(text: string): boolean {
  if (/\b(?:VAT|GST)\b/.test(text)) return false;
  const tax = /\b(?:SALES )?TAX\b/.test(text);
  const zip = /\b[A-Z]{2},? \d{5}(?:-\d{4})?\b/.test(text);
  const phone = /(?:\(\d{3}\) ?|\b\d{3}[-.])\d{3}[-.]\d{4}\b/.test(text);
  const dollars = /\$ ?\d/.test(text);
  const measure = /\d ?LBS?\b/.test(text);
  return tax || zip || phone || dollars || measure;
}

const withoutDecimals = new Set(["JPY", "KRW", "VND", "CLP"]);

/** Some currencies have decimals that no shop prints. */
const rarelyDecimals = new Set(["TWD"]);

function exponentOf(currency: string | undefined, language: Locale["language"], decimals: number): number {
  if (currency !== undefined && withoutDecimals.has(currency)) return 0;
  if (currency !== undefined && rarelyDecimals.has(currency)) return decimals > 0 ? 2 : 0;
  return language === "ja" ? 0 : 2;
}

/** Numbers of all rows. */
export function numbersOf(rows: readonly Row[]): readonly NumberToken[] {
  return rows.flatMap((row) => row.numbers);
}
