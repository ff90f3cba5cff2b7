import type { Tax } from "../core/transaction.ts";

/** What the taxes of a slip are held against, in minor units. */
export interface TaxedFigures {
  readonly taxes: readonly Tax[];
  readonly totalMinor: number | undefined;
  /** What the lines and discounts come to. */
  readonly goods: number;
  readonly lineCount: number;
}

/** Whether each tax is what its rate makes of what it is charged on. */
export function taxesFollowRates(figures: TaxedFigures): boolean {
  return figures.taxes.every((tax) => followsRate(tax, figures));
}

/** Whether what the included taxes are charged on is no more than the total. Goods without tax need not be listed. */
export function taxesWithinTotal({ taxes, totalMinor }: TaxedFigures): boolean {
  if (totalMinor === undefined) return true;
  const bases = taxes.flatMap((tax) => (tax.included && tax.grossMinor !== undefined ? [tax.grossMinor] : []));
  return Math.abs(bases.reduce((sum, base) => sum + base, 0)) <= Math.abs(totalMinor);
}

function followsRate(tax: Tax, { totalMinor, goods, lineCount }: TaxedFigures): boolean {
  const { netMinor, grossMinor, amountMinor } = tax;
  if (netMinor !== undefined && grossMinor !== undefined && netMinor + amountMinor !== grossMinor) return false;
  const rate = tax.rate === undefined ? undefined : ratio(tax.rate);
  if (rate === undefined) return true;
  // A tax may be rounded on every line and then added up.
  const tolerance = BigInt(1 + Math.floor(lineCount / 2));
  if (grossMinor !== undefined) return isShare(amountMinor, grossMinor, included(rate), tolerance);
  if (netMinor !== undefined) return isShare(amountMinor, netMinor, rate, tolerance);
  // Without its base, it is at least not more than the rate makes of everything.
  const base = tax.included ? Math.max(Math.abs(totalMinor ?? goods), Math.abs(goods)) : Math.abs(goods);
  return isAtMost(Math.abs(amountMinor), base, tax.included ? included(rate) : rate, tolerance);
}

/** A share as a fraction. */
interface Share {
  readonly of: bigint;
  readonly in: bigint;
}

/** A rate in percent, e.g. `8.25`, as the share of the net amount. */
function ratio(rate: string): Share | undefined {
  const [, whole = "", fraction = ""] = /^(\d{1,3})(?:\.(\d{1,6}))?$/.exec(rate) ?? [];
  if (whole === "") return undefined;
  return { of: BigInt(whole + fraction), in: 100n * 10n ** BigInt(fraction.length) };
}

/** The same as the share of the gross amount. */
function included({ of, in: whole }: Share): Share {
  return { of, in: whole + of };
}

function isShare(amount: number, base: number, share: Share, tolerance: bigint): boolean {
  const difference = BigInt(amount) * share.in - BigInt(base) * share.of;
  return (difference < 0n ? -difference : difference) <= tolerance * share.in;
}

function isAtMost(amount: number, base: number, share: Share, tolerance: bigint): boolean {
  return BigInt(amount) * share.in - BigInt(base) * share.of <= tolerance * share.in;
}
