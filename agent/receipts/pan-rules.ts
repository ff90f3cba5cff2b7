/** Whether `count` digits from `from` on are a GTIN of 12, 13 or 14 digits by its check digit (GS1 General Specifications, 7.9). */
export function isGtin(digits: Uint8Array, from: number, count: number): boolean {
  return count >= 12 && count <= 14 && gs1Check(digits, from, count);
}

function gs1Check(digits: Uint8Array, from: number, count: number): boolean {
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum += (digits[from + i] ?? 0) * ((count - i) % 2 === 0 ? 3 : 1);
  return sum % 10 === 0;
}

/** Whether 8 digits from `from` on are a date of this century written yyyyMMdd. */
export function isDate(digits: Uint8Array, from: number): boolean {
  const at = (i: number): number => digits[from + i] ?? 0;
  const month = at(4) * 10 + at(5);
  const day = at(6) * 10 + at(7);
  return at(0) === 2 && at(1) === 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/** Whether the first 6 digits are a time of day written HHmmss. */
export function isTime(digits: Uint8Array): boolean {
  const pair = (i: number): number => (digits[i] ?? 0) * 10 + (digits[i + 1] ?? 0);
  return pair(0) <= 23 && pair(2) <= 59 && pair(4) <= 59;
}

/**
 * Whether digits after a GS1 separator are an element that looks like a card number: a location, AI 410 to 417 with its number of 13
 * digits, or a coupon, AI 8110 to 8112 (GS1 General Specifications, 3.7 and 3.9).
 */
export function isCouponOrLocation(digits: Uint8Array, count: number): boolean {
  const at = (i: number): number => digits[i] ?? 0;
  if (at(0) === 8 && at(1) === 1 && at(2) === 1) return at(3) <= 2;
  return count === 16 && at(0) === 4 && at(1) === 1 && at(2) <= 7 && isGtin(digits, 3, 13);
}

/** Whether 20 digits, of which the first two and maybe more are zeros, are a serial shipping container code, AI 00, by its check digit. */
export function isShippingCode(digits: Uint8Array, count: number, padding: number): boolean {
  return padding >= 2 && padding + count === 20 && gs1Check(digits, 0, count);
}
