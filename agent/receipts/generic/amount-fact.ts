import { minorOf, valueOf, type NumberStyle } from "./number-style.ts";
import type { NumberToken } from "./number-token.ts";
import { countLetters, coverage, type Row } from "./row.ts";
import { means, type Hit } from "./word-index.ts";
import type { MoneyRole } from "./words/word.ts";

/** An amount on a receipt and what the words before it say it is. */
export interface AmountFact {
  readonly row: Row;
  readonly token: NumberToken;
  /** In minor units. */
  readonly minor: number;
  readonly role: MoneyRole | undefined;
  /** The words explain the label, so it is hardly the name of an article. */
  readonly plain: boolean;
  /** A percentage before it on the line, as a decimal string. */
  readonly rate: string | undefined;
  /** The last amount of its line with nothing behind it but a tax code. */
  readonly last: boolean;
  /** The printed label. */
  readonly label: readonly [start: number, end: number];
}

/** What an amount is when its label has several words; the first that is there decides. */
const precedence: readonly MoneyRole[] = [
  "account",
  "saving",
  "change",
  "discount",
  "taxIncluded",
  "rounding",
  "net",
  "taxAdded",
  "tax",
  "tip",
  "subtotal",
  "emptiesBack",
  "wechat",
  "alipay",
  "gift",
  "cash",
  "card",
  "other",
  "received",
  "charge",
  "due",
  "paid",
  "total",
  "count",
  "voidLine",
  "again",
];

const taxRoles: readonly MoneyRole[] = ["tax", "taxAdded", "taxIncluded"];

/** The amounts of a row, each with the label nearest before it. `carried` is the label on the row above, if that has no amount. */
export function amountsOf(row: Row, style: NumberStyle, carried: MoneyRole | undefined): readonly AmountFact[] {
  if (row.numbers.length === 0) return [];
  const facts: AmountFact[] = [];
  const amounts = row.numbers.flatMap((token) => {
    const minor = minorOf(token, style);
    return minor === undefined ? [] : [{ token, minor }];
  });
  let from = 0;
  for (const [index, { token, minor }] of amounts.entries()) {
    const hits = row.hits.filter((hit) => hit.start >= from && hit.end <= token.start && !isServed(row, hit, token));
    const role = facts.length === 0 && hits.length === 0 && isBare(row) ? carried : roleOf(hits);
    const plain = coverage(row, from, token.start) >= 0.6 || (role !== undefined && coversCell(row, from, token.start));
    const last = index === amounts.length - 1 && isTail(row.text.slice(token.end));
    facts.push({ row, token, minor, role, plain, rate: rateOf(row, token, style), last, label: [from, token.start] });
    from = token.end;
  }
  return facts;
}

/** The role of a row that is a label and nothing else: its amount may stand on the next row. */
export function carriedRole(row: Row): MoneyRole | undefined {
  if (row.numbers.some((token) => !token.glued && !token.unit)) return undefined;
  if (row.hits.some((hit) => means(hit, "column") || means(hit, "quantityColumn"))) return undefined;
  return coverage(row, 0, row.text.length) >= 0.8 ? roleOf(row.hits) : undefined;
}

/** Whether what stands last before the amount, behind a gap, is a word: `5 ARTICLES  TOTAL A PAYER    27,10`. */
function coversCell(row: Row, from: number, to: number): boolean {
  const label = row.text.slice(from, to).trimEnd();
  const gap = label.lastIndexOf("  ");
  return gap >= 0 && countLetters(label.slice(gap)) > 1 && coverage(row, from + gap, to) >= 0.8;
}

/** A count has its number already: `总件数:6      总计:27.80`. */
function isServed(row: Row, hit: Hit, amount: NumberToken): boolean {
  if (!means(hit, "count")) return false;
  return row.numbers.some((token) =>
    token.start >= hit.end
      ? token.end <= amount.start && !token.percent
      : token.end <= hit.start && hit.start - token.end <= 1,
  );
}

function isBare(row: Row): boolean {
  return !/\p{L}{2}/u.test(row.text.replace(/EUR|CHF|USD|GBP|RMB|CNY|HK|NT/g, ""));
}

function roleOf(hits: readonly Hit[]): MoneyRole | undefined {
  const has = (role: MoneyRole): boolean => hits.some((hit) => means(hit, role));
  const role = precedence.find(has);
  const isTotal = has("total") || has("due");
  // `Total incl. VAT` is the total, `Total excl. VAT` is not.
  if (role !== undefined && taxRoles.includes(role) && isTotal) {
    if (has("inclusive") || role === "taxIncluded") return "total";
    if (has("exclusive")) return "net";
  }
  if (role === "total" && has("exclusive")) return "net";
  if ((role === "tax" || role === "taxAdded") && has("inclusive")) return "taxIncluded";
  return role;
}

/** A tax code, a unit of currency, a mark: what may stand behind the amount of a line. `E` for euro may have a tax code behind it. */
function isTail(text: string): boolean {
  return /^\s*(?:E(?![A-Z])\s*)?(?:[A-Z*#%※+¤]{1,2}\d?|[軽税込内非外減轻課※*]{1,2}|\d{1,2}(?:[.,]\d{1,2})?\s?%?|[A-D]\s?\d{0,2}|EUR|CHF|元|円|[)\]]{1,2})?\s*$/.test(
    text,
  );
}

function rateOf(row: Row, token: NumberToken, style: NumberStyle): string | undefined {
  const percent = row.numbers.findLast((other) => other.percent && other.end <= token.start + 1);
  const value = percent === undefined ? undefined : rateValue(percent, style);
  return value;
}

/** A rate may be written with the other decimal sign than the amounts. */
function rateValue(token: NumberToken, style: NumberStyle): string | undefined {
  const other: NumberStyle = { ...style, decimal: style.decimal === "." ? "," : "." };
  const value = valueOf(token, style) ?? valueOf(token, other);
  if (value === undefined) return undefined;
  const digits = String(Math.abs(value.units)).padStart(value.scale + 1, "0");
  const split = digits.length - value.scale;
  const fraction = digits.slice(split).replace(/0+$/, "");
  return `${digits.slice(0, split)}${fraction === "" ? "" : `.${fraction}`}`;
}
