import { hasLuhn, isPan, maxPanDigits, minPanDigits, panLengths } from "../../../agent/core/card-number.ts";

/** A run of digits with at most one blank, hyphen or point between two of them. */
const run = /\d(?:[ .\-\u00A0]?\d)*/g;

/** Whether digits, and nothing else, are a card number: an issuer in use, a length it uses, a check digit that holds (ISO/IEC 7812-1). */
export function isCardNumber(digits: string): boolean {
  const isLikely = digits.length >= minPanDigits && digits.length <= maxPanDigits && /^\d+$/.test(digits);
  return isLikely && isPan(Uint8Array.from(digits, Number), digits.length);
}

/** Whether the last digit of a number is its check digit (ISO/IEC 7812-1, annex B), whoever issued it. */
export function endsInLuhn(digits: string): boolean {
  return hasLuhn(Uint8Array.from(digits, Number), digits.length);
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
    for (let i = from; i < groups.length && joined.length <= maxPanDigits; i += 1) {
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
  return panLengths(low, low + unit - 1).some((length) => length >= lengths.min && length <= lengths.max);
}
