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

/** A run of digits with at most one blank, hyphen or point between two of them. */
const run = /\d(?:[ .\-\u00A0]?\d)*/g;

/** Whether digits are a card number: an issuer in use, a length it uses, a check digit that holds (ISO/IEC 7812-1). */
export function isCardNumber(digits: string): boolean {
  if (!/^\d{13,19}$/.test(digits)) return false;
  const first = Number(digits.slice(0, 4));
  return (
    issuers.some(({ from, to, lengths }) => from <= first && first <= to && lengths.includes(digits.length)) &&
    hasLuhn(digits)
  );
}

/** The check digit of ISO/IEC 7812-1, annex B. */
export function hasLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[i]);
    const doubled = (digits.length - i) % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Whether a card number stands anywhere in text: alone, or in groups with blanks, hyphens or points. Digits in full width count too. */
export function holdsCardNumber(text: string): boolean {
  const runs = text.normalize("NFKC").match(run) ?? [];
  return runs.some((digits) => anyJoined(digits.split(/\D/)));
}

/** The digits of text that is nothing but digits in groups; else the text as it is. */
export function withoutGroups(text: string): string {
  const plain = text.normalize("NFKC");
  return /^[\d .-]+$/.test(plain) ? plain.replace(/\D/g, "") : plain;
}

/** Whether groups that follow each other make a card number. */
function anyJoined(groups: readonly string[]): boolean {
  return groups.some((_, from) => {
    let joined = "";
    for (let i = from; i < groups.length && joined.length <= 19; i += 1) {
      joined += groups[i] ?? "";
      if (isCardNumber(joined)) return true;
    }
    return false;
  });
}

/** Whether numbers with this beginning and length can be card numbers, so that one in ten of them would be taken for one. */
export function mayBeCardNumber(prefix: string, lengths: { readonly min: number; readonly max: number }): boolean {
  const known = /^\d{0,4}/.exec(prefix)?.[0] ?? "";
  if (known.length < Math.min(4, prefix.length)) return false;
  const unit = 10 ** (4 - known.length);
  const low = Number(known) * unit;
  return issuers.some(
    ({ from, to, lengths: used }) =>
      from < low + unit && low <= to && used.some((length) => length >= lengths.min && length <= lengths.max),
  );
}
