import type { EmbeddedValue } from "../core/transaction.ts";
import { decimalString, type Decimal } from "./decimal.ts";

/**
 * How codes of the shop's own number range are built (GS1 General Specifications 2.1.11 and 2.1.12 leave it to the country or the
 * shop): a digit stands for itself, `I` for a digit of the article's number, `P` of the price in minor units, `W` of the weight in
 * thousandths, `V` and `C` for check digits, e.g. `21IIIIIPPPPPC` or `2IIIIIVWWWWWC`.
 */
export const embeddedScheme = /^(?=.*I)(?=.*[PW])(?!.*P.*W)(?!.*W.*P)\d{1,2}[IPWV]+C$/;

/** What a line says of a piece: the amount before discounts in minor units, and the quantity. */
export interface Piece {
  readonly amountMinor: number;
  readonly quantity: Decimal;
}

/**
 * What an item code says by one of the schemes, `undefined` when no scheme fits or the value is left empty (all zeros). Zeros before
 * the code, to fill it up to 13 or 14 digits, do not count.
 */
export function embeddedByScheme(itemId: string, schemes: readonly string[]): EmbeddedValue | undefined {
  for (const scheme of schemes) {
    const code = atLength(itemId, scheme.length);
    if (code === undefined || !fits(code, scheme)) continue;
    const value = digitsOf(code, scheme, "P") || digitsOf(code, scheme, "W");
    if (/^0*$/.test(value)) return undefined;
    const itemReference = digitsOf(code, scheme, "I");
    if (scheme.includes("P")) return { itemReference, priceMinor: Number(value) };
    return { itemReference, weight: decimalString({ units: BigInt(value), scale: 3 }) };
  }
  return undefined;
}

/** Built the way most countries build them: five digits of the article, four or five of the value. */
const usual = ["2XIIIIIPPPPPC", "2XIIIIIWWWWWC", "2XIIIIVPPPPPC", "2IIIIIVPPPPC"] as const;

/**
 * What an item code of the usual builds says, when the line bears it out: the price is the line's amount to the cent, or the weight
 * its quantity to the gram. Otherwise nothing is said: a shop may use its range for something else.
 */
export function embeddedByLine(itemId: string, piece: Piece): EmbeddedValue | undefined {
  const code = itemId.replace(/^0+/, "");
  if (!/^2\d{11,12}$/.test(code)) return undefined;
  return usual
    .map((build) => build.replace("X", code[1] ?? ""))
    .map((scheme) => embeddedByScheme(code, [scheme]))
    .find((value) => value !== undefined && agrees(value, piece));
}

/** Whether what the code says is what the line says. A price in the code is that of the whole line, or of one of several. */
export function agrees({ priceMinor, weight }: EmbeddedValue, { amountMinor, quantity }: Piece): boolean {
  const amount = Math.abs(amountMinor);
  const units = quantity.units < 0n ? -quantity.units : quantity.units;
  if (priceMinor !== undefined) {
    const whole = quantity.scale === 0 ? Number(units) : 1;
    return amount === priceMinor || amount === priceMinor * whole;
  }
  return decimalString({ units, scale: quantity.scale }) === weight;
}

function atLength(itemId: string, length: number): string | undefined {
  if (!/^\d+$/.test(itemId)) return undefined;
  const bare = itemId.replace(/^0+/, "");
  return bare.length > length || itemId.length < length - 1 ? undefined : bare.padStart(length, "0");
}

function fits(code: string, scheme: string): boolean {
  return [...scheme].every((sign, i) => !/\d/.test(sign) || code[i] === sign);
}

function digitsOf(code: string, scheme: string, sign: string): string {
  return [...code].filter((_, i) => scheme[i] === sign).join("");
}
