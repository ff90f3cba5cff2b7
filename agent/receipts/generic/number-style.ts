import type { NumberToken } from "./number-token.ts";

/** How a receipt writes numbers. */
export interface NumberStyle {
  readonly decimal: "." | ",";
  /** Digits after the decimal point of the currency. */
  readonly exponent: number;
  /** Amounts may have fewer decimals than the currency, as none has all. */
  readonly loose: boolean;
}

/** A number in units of its last digit. */
export interface Value {
  readonly units: number;
  readonly scale: number;
}

/** More digits are no amount and no quantity. */
const maxDigits = 12;

/** Finds the decimal sign and whether amounts have decimals at all, from all the numbers of a receipt. */
export function numberStyle(tokens: readonly NumberToken[], exponent: number): NumberStyle {
  const plain = tokens.filter((token) => !token.glued && !token.percent);
  const points = plain.filter(({ digits }) => /^(?:\d{1,3}(?:[,']\d{3})+|\d+)?\.\d\d$/.test(digits)).length;
  const commas = plain.filter(({ digits }) => /^(?:\d{1,3}(?:[.']\d{3})+|\d+)?,\d\d$/.test(digits)).length;
  return { decimal: commas > points ? "," : ".", exponent, loose: exponent > 0 && points + commas === 0 };
}

/** How many of the numbers have exactly two decimals. */
export function withDecimals(tokens: readonly NumberToken[]): number {
  return tokens.filter(({ digits, glued, percent, unit }) => !glued && !percent && !unit && /[.,]\d\d$/.test(digits))
    .length;
}

/** A number by the style; `undefined` when it is written otherwise. */
export function valueOf({ digits, negative }: NumberToken, style: NumberStyle): Value | undefined {
  const point = digits.lastIndexOf(style.decimal);
  const whole = point < 0 ? digits : digits.slice(0, point);
  const fraction = point < 0 ? "" : digits.slice(point + 1);
  if (!/^(?:\d*|\d{1,3}(?:[.,']\d{3})+)$/.test(whole) || whole.includes(style.decimal)) return undefined;
  if (!/^\d{0,4}$/.test(fraction)) return undefined;
  const all = whole.replaceAll(/[.,']/g, "") + fraction;
  if (all.length > maxDigits) return undefined;
  const units = Number(all);
  return { units: negative && units !== 0 ? -units : units, scale: fraction.length };
}

/** A number as an amount in minor units; `undefined` when it cannot be one. */
export function minorOf(token: NumberToken, style: NumberStyle): number | undefined {
  if (token.percent || token.glued || token.unit) return undefined;
  const value = valueOf(token, style);
  if (value === undefined || value.scale > style.exponent) return undefined;
  if (value.scale < style.exponent && !isLoose(token, style)) return undefined;
  if (value.scale === 0 && !isWholeAmount(token)) return undefined;
  return value.units * 10 ** (style.exponent - value.scale);
}

function isLoose(token: NumberToken, style: NumberStyle): boolean {
  return style.loose || token.symbol !== undefined;
}

/** Without decimals a number can be anything: an amount has no leading zero and few digits, and stands apart or has a symbol. */
function isWholeAmount({ digits, symbol, gap, start }: NumberToken): boolean {
  if (/^0\d/.test(digits) || (digits.length > 7 && !/[.,']/.test(digits))) return false;
  return symbol !== undefined || /[.,']\d{3}$/.test(digits) || gap >= 2 || start === 0;
}
