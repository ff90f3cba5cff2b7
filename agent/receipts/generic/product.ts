import { decimalString, onlyUnitPrice, type Decimal } from "../decimal.ts";
import type { AmountFact } from "./amount-fact.ts";
import { minorOf, valueOf, type NumberStyle, type Value } from "./number-style.ts";
import type { NumberToken } from "./number-token.ts";
import type { Row } from "./row.ts";

/** Quantity and price on a line. */
export interface Product {
  readonly row: Row;
  /** A decimal string. */
  readonly quantity: string;
  /** Absent when quantity times price is not the amount: two for 6.00. */
  readonly priceMinor: number | undefined;
  /** Whether the line has the amount as well. */
  readonly complete: boolean;
  /** Where quantity and price stand. */
  readonly at: readonly number[];
  /** The quantity begins the line: `2 x Flat White`. */
  readonly leads: boolean;
  /** Where the leading quantity ends. */
  readonly end: number;
  /** Whether quantity times price is this. */
  makes(amount: number): boolean;
  /** The quantity alone, for an amount that price does not make. */
  of(amount: number): Product;
}

interface Pair {
  readonly quantity: Value;
  readonly price: number;
  readonly tokens: readonly NumberToken[];
}

/**
 * Reads quantity and price by arithmetic: two numbers before the amount whose product it is, or two with a multiplication sign and no
 * amount. `undefined` when the line has neither.
 */
export function productOf(row: Row, fact: AmountFact | undefined, style: NumberStyle): Product | undefined {
  const numbers = row.numbers.filter((token) => !token.percent && !isCode(token));
  if (fact !== undefined) {
    const before = numbers.filter((token) => token.end <= fact.token.start);
    const pair = pairs(before, style).find(({ quantity, price }) => multiplies(quantity, price, fact.minor));
    if (pair !== undefined) return product(row, pair, fact.minor, true);
    const alone = leadingQuantity(row, before, style);
    if (alone !== undefined && !hasSign(row, alone.token, fact.token)) {
      const price = onlyUnitPrice(decimal(alone.value), fact.minor);
      return product(row, { quantity: alone.value, price: price ?? 0, tokens: [alone.token] }, fact.minor, true);
    }
  }
  const marked = numbers.filter((token) => !token.glued);
  const [first, second, ...more] = marked;
  if (first === undefined || second === undefined || more.length > 0 || !hasSign(row, first, second)) return undefined;
  const pair = pairs([first, second], style)[0];
  return pair === undefined ? undefined : product(row, pair, undefined, false);
}

/** The one number between name and amount as a quantity; its price is what gives the amount, if only one does. */
export function quantityBefore(row: Row, fact: AmountFact, style: NumberStyle): Product | undefined {
  const [token, ...more] = row.numbers.filter(
    (each) =>
      each.end <= fact.token.start && !each.glued && !each.percent && !isCode(each) && (!each.unit || each.gap >= 2),
  );
  const value = token === undefined || more.length > 0 ? undefined : quantityOf(token, style);
  if (token === undefined || value === undefined || value.units <= 0) return undefined;
  const price = onlyUnitPrice(decimal(value), fact.minor);
  return product(row, { quantity: value, price: price ?? 0, tokens: [token] }, fact.minor, true);
}

function isCode(token: NumberToken): boolean {
  return /^\d{5,}$/.test(token.digits) || /^0\d{2,}$/.test(token.digits);
}

function pairs(tokens: readonly NumberToken[], style: NumberStyle): readonly Pair[] {
  const found: Pair[] = [];
  for (const [index, first] of tokens.slice(0, 6).entries()) {
    for (const second of tokens.slice(index + 1, 6)) {
      for (const [one, other] of [
        [first, second],
        [second, first],
      ] as const) {
        const quantity = quantityOf(one, style);
        const price = minorOf({ ...other, glued: false, unit: false, gap: 2 }, { ...style, loose: true });
        if (quantity !== undefined && price !== undefined && isPrice(other, style)) {
          found.push({ quantity, price, tokens: [one, other] });
        }
      }
    }
  }
  return found;
}

/** With decimals in use, a price has them; a quantity may have others. */
function isPrice(token: NumberToken, style: NumberStyle): boolean {
  return style.exponent === 0 || style.loose || token.symbol !== undefined || /[.,]\d\d$/.test(token.digits);
}

/** Weights may be written with the other decimal sign than amounts have. */
function quantityOf(token: NumberToken, style: NumberStyle): Value | undefined {
  if (token.symbol !== undefined) return undefined;
  const value = valueOf(token, style) ?? valueOf(token, { ...style, decimal: style.decimal === "," ? "." : "," });
  return value === undefined || value.scale > 3 ? undefined : value;
}

function leadingQuantity(
  row: Row,
  before: readonly NumberToken[],
  style: NumberStyle,
): { token: NumberToken; value: Value } | undefined {
  const [token] = before;
  if (token === undefined || token.symbol !== undefined || !/^\d{1,3}$/.test(token.digits)) return undefined;
  const next = row.text.slice(token.end);
  const leads = row.text.slice(0, token.start).trim() === "" && /^ ?[X*] ?\D|^ {1,6}\p{L}/u.test(next);
  const trails = /(?:^| )[X*] ?$/.test(row.text.slice(0, token.start));
  const value = leads || trails ? valueOf(token, style) : undefined;
  return value === undefined || value.units === 0 ? undefined : { token, value };
}

/** Whether nothing but a multiplication sign and a unit stands between two numbers. */
function hasSign(row: Row, first: NumberToken, second: NumberToken): boolean {
  const between = row.text.slice(first.end, second.start);
  return /^\s?(?:[A-Z]{1,4}\.?|[\u2E80-\uFFFF]{1,2})?\s{0,2}(?:[X*@]|A\s)\s{0,2}[単单單]?\s?$/.test(between);
}

const decimal = ({ units, scale }: Value): Decimal => ({ units: BigInt(units), scale });

function multiplies(quantity: Value, price: number, amount: number): boolean {
  const one = 10 ** quantity.scale;
  const difference = quantity.units * price - amount * one;
  // Whichever way the POS rounds; figures too large to be exact are none.
  return quantity.units !== 0 && Number.isSafeInteger(difference) && Math.abs(difference) < one;
}

function product(row: Row, pair: Pair, amount: number | undefined, complete: boolean): Product {
  const { quantity, price, tokens } = pair;
  const [token] = tokens;
  const leads = token !== undefined && row.text.slice(0, token.start).trim() === "";
  const sign = token === undefined || !leads ? "" : (/^ ?[X*](?= |$|\d)/.exec(row.text.slice(token.end))?.[0] ?? "");
  const known = amount === undefined ? price : multiplies(quantity, price, amount) ? price : undefined;
  const self: Product = {
    row,
    quantity: decimalString(decimal(quantity)),
    priceMinor: known,
    complete,
    at: tokens.map(({ start }) => start),
    leads,
    end: (token?.end ?? 0) + sign.length,
    makes: (other) => multiplies(quantity, price, other),
    of: () => ({ ...self, priceMinor: undefined }),
  };
  return self;
}
