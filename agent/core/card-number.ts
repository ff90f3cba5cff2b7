/** Fewest and most digits of a primary account number, PAN (ISO/IEC 7812-1). */
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
  panLengths(first, first).reduce((bits, length) => bits | (1 << length), 0),
);

/** Whether some issuer's numbers begin with 1, 2, 3 or 4 digits: the digits as a number, by how many they are. */
const begins: readonly Uint8Array[] = [1, 10, 100, 1000, 10_000].map((count) =>
  Uint8Array.from({ length: count }, (_, prefix) => {
    const unit = 10_000 / count;
    return panLengths(prefix * unit, (prefix + 1) * unit - 1).length > 0 ? 1 : 0;
  }),
);

/** The lengths of card numbers whose first four digits, as a number, lie from `from` to `to`; none where no issuer is. May repeat some. */
export function panLengths(from: number, to: number): readonly number[] {
  return issuers.filter((issuer) => issuer.from <= to && from <= issuer.to).flatMap(({ lengths }) => lengths);
}

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
  return (((lengthsOf[prefix] ?? 0) >> count) & 1) === 1 && hasLuhn(digits, count);
}

/** Whether the last of the first `count` digits is the check digit of those before it (ISO/IEC 7812-1, annex B: Luhn). */
export function hasLuhn(digits: Uint8Array, count: number): boolean {
  let sum = 0;
  for (let i = 0; i < count; i += 1) {
    const digit = digits[i] ?? 0;
    const doubled = (count - i) % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
