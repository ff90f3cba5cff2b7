import { hasCheckDigit } from "../core/gs1-check-digit.ts";

/** Lengths of a GTIN (GS1 General Specifications 3.3.2: GTIN-8, -12, -13, -14). */
const lengths: ReadonlySet<number> = new Set([8, 12, 13, 14]);

/** A shorter number, filled up with zeros to the length of a GTIN, is the shop's own (a PLU). */
const shortestGtin = 8;

/**
 * Whether an item code looks like a GTIN and its check digit is wrong. Codes of other lengths, numbers filled up with zeros, and
 * 8 digits of the shop's own range (General Specifications 1.4.3: prefixes 0 and 2) are not judged.
 */
export function hasWrongCheckDigit(itemId: string): boolean {
  if (!lengths.has(itemId.length) || !/^\d+$/.test(itemId)) return false;
  if (itemId.replace(/^0+/, "").length < shortestGtin) return false;
  if (itemId.length === 8 && /^[02]/.test(itemId)) return false;
  return !hasCheckDigit(itemId);
}
