import { SeededRandom } from "./random.ts";
import type { VirtualLine, VirtualSlip } from "./virtual-slip.ts";

/** A code that is held to a lane's scanner: its text, how the scanner names its symbology (ISO/IEC 15424), and what it is. */
export type PlannedScan = { readonly text: string; readonly symbology: string } & (
  | { readonly kind: "article"; /** 14 digits. */ readonly gtin: string }
  | { readonly kind: "member"; readonly programme: string }
  | { readonly kind: "payment"; readonly scheme: "wechat" }
);

/** How many sales of a lane have scans. */
export interface ScanCounts {
  /** Sales whose articles the cashier scans with this scanner. */
  readonly articles: number;
  /** Sales, none of them tapped, whose shopper shows a member code. */
  readonly members: number;
  /** Sales paid with WeChat whose shopper shows the payment code to this scanner. */
  readonly payments: number;
}

/** Programme and beginning of the virtual store's member codes, as `codes.members` of its configuration has them; 12 digits in all. */
export const memberCodes = { programme: "club", prefix: "60000", length: 12 } as const;

/** More articles than that the cashier passes over: the morning is played fast. */
const mostArticles = 4;

/**
 * The scans of a lane's sales, by their place among its slips: articles first, then what the shopper shows. Of a random state of its own, so
 * that a lane with scans prints the same slips as one without.
 */
export function planScans(
  slips: readonly { readonly slip: VirtualSlip; readonly tap?: unknown }[],
  counts: ScanCounts,
  seed: number,
): ReadonlyMap<number, readonly PlannedScan[]> {
  const random = new SeededRandom(seed);
  const planned = new Map<number, PlannedScan[]>();
  const among = (fits: (slip: VirtualSlip, isTapped: boolean) => boolean): readonly number[] =>
    slips.flatMap(({ slip, tap }, place) => (slip.kind === "sale" && fits(slip, tap !== undefined) ? [place] : []));
  const choose = (count: number, places: readonly number[], codes: (slip: VirtualSlip) => readonly PlannedScan[]) => {
    for (const chosen of random.choose(count, places.length)) {
      const place = places[chosen] ?? 0;
      const slip = slips[place]?.slip;
      if (slip !== undefined) planned.set(place, [...(planned.get(place) ?? []), ...codes(slip)]);
    }
  };
  const articles = among(({ lines }) => lines.some(({ byWeight }) => !byWeight));
  choose(counts.articles, articles, ({ lines }) => articleScans(lines));
  const untapped = among((_, isTapped) => !isTapped);
  choose(counts.members, untapped, () => [memberScan(random)]);
  const paid = among(({ tenders }) => tenders.some(({ type }) => type === "wechat"));
  choose(counts.payments, paid, () => [paymentScan(random)]);
  return planned;
}

/** A member number as a receipt prints it. */
export function maskedMember(code: string): string {
  return `${code.slice(0, 7)}****${code.slice(-1)}`;
}

function articleScans(lines: readonly VirtualLine[]): readonly PlannedScan[] {
  // What is sold by weight is keyed in at the scale.
  const pieces = lines.filter(({ byWeight }) => !byWeight).slice(0, mostArticles);
  return pieces.map(({ itemId }) => {
    const text = ean13(itemId);
    return { kind: "article", text, symbology: "]E0", gtin: text.padStart(14, "0") };
  });
}

/** An article number as it stands in the bar code. American receipts print a UPC-A as 12 digits without its check digit. */
function ean13(itemId: string): string {
  return itemId.length === 13 ? itemId : `${itemId}${checkDigit(itemId)}`;
}

/** GS1 General Specifications, 7.9.1: weights 3 and 1 from the right. */
function checkDigit(digits: string): number {
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10;
}

function memberScan(random: SeededRandom): PlannedScan {
  const { programme, prefix, length } = memberCodes;
  return { kind: "member", text: `${prefix}${random.digits(length - prefix.length)}`, symbology: "]Q1", programme };
}

/** A one-time code of WeChat Pay: 18 digits, the first two from 10 to 15. */
function paymentScan(random: SeededRandom): PlannedScan {
  return { kind: "payment", text: `1${random.between(0, 5)}${random.digits(16)}`, symbology: "]C0", scheme: "wechat" };
}
