import { isPan } from "../core/card-number.ts";
import { joinsDigits, type Gap } from "./digit-groups.ts";
import { isCouponOrLocation, isDate, isGtin, isShippingCode, isTime } from "./pan-rules.ts";

/** Where digits of a card number stand that are not broken. */
export interface Bare {
  /** Zeros before the digits, which fill a field. */
  readonly padding: number;
  /** A GS1 separator (FNC1, GS) stands right before. */
  readonly afterSeparator: boolean;
  /** Whether the line says that a card number follows. */
  readonly inCardContext: () => boolean;
}

/** Whether `count` digits of a card number are one, and no article, location, coupon or shipping number. */
export function isBareCard(
  digits: Uint8Array,
  count: number,
  { padding, afterSeparator, inCardContext }: Bare,
): boolean {
  if (afterSeparator && isCouponOrLocation(digits, count)) return false;
  if (isShippingCode(digits, count, padding)) return false;
  return !isGtin(digits, 0, count) || inCardContext();
}

/** How groups of digits are printed. */
export interface Printed {
  /** Digits of each group. */
  readonly sizes: readonly number[];
  /** What stands between the groups. */
  readonly gaps: readonly Gap[];
  /** What stands before the first group and after the last. */
  readonly neighbours: { readonly before: Gap; readonly after: Gap };
  /** Another single digit stands before or after. */
  readonly singlesAround: boolean;
  /** Whether the line says that a card number follows. */
  readonly inCardContext: () => boolean;
}

/** Whether several groups are printed as one number is: alike separators, no decimal, no date, no article number among them. */
export function readsAsOne(digits: Uint8Array, printed: Printed): boolean {
  const { sizes, gaps, neighbours } = printed;
  const separators = new Set(gaps.map((gap) => gap.separator).filter((separator) => separator !== 0));
  if (isDecimalPart(neighbours.before) || isDecimalPart(neighbours.after)) return false;
  if (sizes.every((length) => length === 1)) return separators.size <= 1 && !printed.singlesAround;
  if (separators.size <= 1 && (isCardGrouping(sizes) || isCardGrouping(acrossLines(sizes, gaps)))) {
    return sizes.join() !== "6,13" || !isGtin(digits, 6, 13) || printed.inCardContext();
  }
  if (separators.size > 1) return isCardGrouping(sizes) && !gaps.some(joinsDigits);
  if (gaps.some((gap) => gap.count > 1 || joinsDigits(gap))) return false;
  const [separator = 0] = separators;
  if (separator === 0)
    return isWrapped(
      digits,
      sizes,
      gaps.some((gap) => gap.indented),
    );
  return (separator === 0x20 || separator === 0x2d) && isGrouped(digits, sizes);
}

/** A date is written with strokes, and a card's expiry may follow the number after one. */
function isDecimalPart(gap: Gap): boolean {
  return joinsDigits(gap) && gap.separator !== 0x2f;
}

/** Groups that card numbers are printed in: fours with a shorter last one, 4-6-5 (Amex), 4-6-4 (Diners), 6-13 (UnionPay). */
function isCardGrouping(sizes: readonly number[]): boolean {
  return /^(?:4(?:,4){2,3}(?:,[1-4])?|4,6,[45]|6,13)$/.test(sizes.join());
}

/** Digits broken by line ends alone. A short number at the end of a line and an article or card number on the next are two. */
function isWrapped(digits: Uint8Array, sizes: readonly number[], indented: boolean): boolean {
  const [first = 0, second = 0] = sizes;
  if (sizes.length === 2 && isPan(digits.subarray(first), second)) return false;
  if (indented && sizes.some((length) => length < 4)) return false;
  return first >= 2 && !(first < 8 && isGtin(digits, first, second));
}

function isGrouped(digits: Uint8Array, sizes: readonly number[]): boolean {
  let at = 0;
  if (sizes[0] === 6 && isTime(digits)) return false;
  for (const [index, length] of sizes.entries()) {
    if (length < 3 && index < sizes.length - 1) return false;
    if (length === 8 && isDate(digits, at)) return false;
    if (isGtin(digits, at, length)) return false;
    at += length;
  }
  return true;
}

/** Sizes of the groups when those that a line end broke are put together again. */
function acrossLines(sizes: readonly number[], gaps: readonly Gap[]): readonly number[] {
  const joined: number[] = [];
  for (const [index, length] of sizes.entries()) {
    if (index > 0 && gaps[index - 1]?.lineEnd === true) joined.push((joined.pop() ?? 0) + length);
    else joined.push(length);
  }
  return joined;
}
