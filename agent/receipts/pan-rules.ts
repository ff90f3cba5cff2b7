/** Fewest and most digits of a primary account number (ISO/IEC 7812-1). */
export const minPanDigits = 13;
/** See {@link minPanDigits}. */
export const maxPanDigits = 19;

interface Issuer {
  /** First and last value of the first four digits. */
  readonly from: number;
  readonly to: number;
  readonly lengths: readonly number[];
}

const sixteenUp = [16, 17, 18, 19];
const anyLength = [13, 14, 15, 16, 17, 18, 19];

/** Issuer ranges in use: Mir, Mastercard, Diners, Amex, JCB, Visa, Maestro, Discover, UnionPay. */
const issuers: readonly Issuer[] = [
  { from: 2200, to: 2204, lengths: [16, 19] },
  { from: 2221, to: 2720, lengths: [16] },
  { from: 3000, to: 3059, lengths: [14, 16] },
  { from: 3095, to: 3095, lengths: [14, 16] },
  { from: 3400, to: 3499, lengths: [15] },
  { from: 3528, to: 3589, lengths: sixteenUp },
  { from: 3600, to: 3699, lengths: [14, 16] },
  { from: 3700, to: 3799, lengths: [15] },
  { from: 3800, to: 3999, lengths: [14, 16] },
  { from: 4000, to: 4999, lengths: [13, 16, 19] },
  { from: 5018, to: 5018, lengths: anyLength },
  { from: 5020, to: 5020, lengths: anyLength },
  { from: 5038, to: 5038, lengths: anyLength },
  { from: 5100, to: 5599, lengths: [16] },
  { from: 5893, to: 5893, lengths: anyLength },
  { from: 6011, to: 6011, lengths: sixteenUp },
  { from: 6200, to: 6299, lengths: sixteenUp },
  { from: 6304, to: 6304, lengths: anyLength },
  { from: 6440, to: 6599, lengths: sixteenUp },
  { from: 6759, to: 6759, lengths: anyLength },
  { from: 6761, to: 6763, lengths: anyLength },
  { from: 8100, to: 8171, lengths: sixteenUp },
];

/** Lengths that numbers with these first four digits have, one bit a length. */
const lengthsOf = Uint32Array.from({ length: 10_000 }, (_, first) =>
  issuers
    .filter(({ from, to }) => from <= first && first <= to)
    .reduce((bits, { lengths }) => lengths.reduce((all, length) => all | (1 << length), bits), 0),
);

/** Whether some issuer's numbers begin with 1, 2, 3 or 4 digits: the digits as a number, by how many they are. */
const begins: readonly Uint8Array[] = [1, 10, 100, 1000, 10_000].map((count) =>
  Uint8Array.from({ length: count }, (_, prefix) => {
    const unit = 10_000 / count;
    return issuers.some(({ from, to }) => from < (prefix + 1) * unit && prefix * unit <= to) ? 1 : 0;
  }),
);

/** Whether some issuer's numbers begin with these digits, of which the first `count` (at most 4) are known. */
export function mayBegin(digits: Uint8Array, count: number): boolean {
  const known = Math.min(4, count);
  let prefix = 0;
  for (let i = 0; i < known; i += 1) prefix = prefix * 10 + (digits[i] ?? 0);
  return begins[known]?.[prefix] === 1;
}

/** Whether the first `count` digits are a card number: a real issuer, a length it uses, a check digit that holds. */
export function isPan(digits: Uint8Array, count: number): boolean {
  const prefix = (digits[0] ?? 0) * 1000 + (digits[1] ?? 0) * 100 + (digits[2] ?? 0) * 10 + (digits[3] ?? 0);
  return (((lengthsOf[prefix] ?? 0) >> count) & 1) === 1 && luhn(digits, count);
}

/** The check digit of ISO/IEC 7812-1, annex B. */
function luhn(digits: Uint8Array, count: number): boolean {
  let sum = 0;
  for (let i = 0; i < count; i += 1) {
    const digit = digits[i] ?? 0;
    const doubled = (count - i) % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

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
