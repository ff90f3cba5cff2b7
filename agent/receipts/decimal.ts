/** How numbers are printed. */
export interface NumberFormat {
  readonly decimal: string;
  /** Empty when thousands are not set apart. */
  readonly thousands: string;
  /** Digits after the decimal point of an amount. */
  readonly exponent: number;
}

/** A decimal number as an integer and the count of its digits after the point. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Longest printed number that is taken for one: 15 digits stay exact in a double. */
const maxDigits = 15;

/**
 * Reads a printed amount into minor units: `1,299.00`, `1.00-`, `-￥5.00`, `1 299,00`. No floating point takes part. `undefined` when it
 * is no amount of this currency, or one that a double does not hold exactly.
 */
export function parseMinor(text: string, format: NumberFormat): number | undefined {
  const decimal = parseDecimal(text.replace(/[¥￥$€£]/g, ""), format);
  if (decimal === undefined || decimal.scale > format.exponent) return undefined;
  const minor = Number(decimal.units * 10n ** BigInt(format.exponent - decimal.scale));
  return Number.isSafeInteger(minor) ? minor : undefined;
}

/** Reads a printed number; a minus may stand before or after it. */
export function parseDecimal(text: string, format: Pick<NumberFormat, "decimal" | "thousands">): Decimal | undefined {
  const bare = text.replace(/[\s\u00A0]/g, "").replaceAll(format.thousands === " " ? "\u00A0" : format.thousands, "");
  const match = /^(-?)(\d+)(?:([.,])(\d+))?(-?)$/.exec(bare);
  if (match === null) return undefined;
  const [, minus = "", whole = "", point, fraction = "", trailing = ""] = match;
  if (point !== undefined && point !== format.decimal) return undefined;
  if (whole.length + fraction.length > maxDigits) return undefined;
  const units = BigInt(whole + fraction);
  return { units: (minus === "") === (trailing === "") ? units : -units, scale: fraction.length };
}

/** A decimal as a string with a point and without needless zeros, e.g. `2.13`. */
export function decimalString({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Whether `quantity` times `price` is `amount` but for rounding, whichever way the POS rounds. All in minor units. */
export function isProduct(quantity: Decimal, price: number, amount: number): boolean {
  const one = 10n ** BigInt(quantity.scale);
  const difference = quantity.units * BigInt(price) - BigInt(amount) * one;
  return difference < one && difference > -one;
}

/** The only unit price in minor units that gives `amount` when commercially rounded, if there is only one. */
export function onlyUnitPrice(quantity: Decimal, amount: number): number | undefined {
  if (quantity.units === 0n) return undefined;
  const one = 10n ** BigInt(quantity.scale);
  const near = Number((BigInt(amount) * one) / quantity.units);
  const fitting = [near - 1, near, near + 1].filter(
    (price) => rounded(quantity.units * BigInt(price), one) === BigInt(amount),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** Half away from zero. */
function rounded(value: bigint, one: bigint): bigint {
  const half = one / 2n;
  return value < 0n ? -((-value + half) / one) : (value + half) / one;
}
