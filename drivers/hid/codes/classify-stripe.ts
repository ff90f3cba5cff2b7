import type { ScannedCode } from "../../../agent/core/scanned-code.ts";
import { isBankForm, numberOn, type Track } from "../stripe-tracks.ts";
import { endsInLuhn, holdsCardNumber } from "./card-number.ts";

/** Stripe cards of one loyalty programme. */
export interface StripePattern {
  readonly programme: string;
  /** What the number on the card begins with. */
  readonly prefix: string;
}

/**
 * What a swiped card is: a loyalty card by the configured beginning of its number, or a payment card, of which nothing is kept. A card
 * number on any track makes it a payment card whatever is configured; so does a number with its check digit in the form of a bank card
 * (ISO/IEC 7813) of an issuer nobody knows, unless its beginning is configured. `undefined` for every other card: nothing of it is kept either.
 */
export function classifyStripe(tracks: readonly Track[], patterns: readonly StripePattern[]): ScannedCode | undefined {
  if (tracks.some(holdsCard)) return { kind: "payment-card" };
  for (const track of tracks) {
    const number = numberOn(track);
    const pattern = patterns.find(({ prefix }) => number.startsWith(prefix));
    if (pattern && /^[0-9A-Z ]{4,}$/.test(number))
      return { kind: "member", programme: pattern.programme, value: number };
  }
  const isBank = tracks.some((track) => isBankForm(track) && endsInLuhn(numberOn(track).replace(/\D/g, "")));
  return isBank ? { kind: "payment-card" } : undefined;
}

/** On track 3 two digits of format code stand before the number (ISO/IEC 4909). */
function holdsCard(track: Track): boolean {
  const number = numberOn(track);
  return holdsCardNumber(number) || (track.track === 3 && holdsCardNumber(number.slice(2)));
}
