/** Where on a slip the rounding to the smallest coin takes effect, in minor units. */
export interface PlacedRounding {
  /** Added between the lines and the printed total (Öresavrundning, Rundung). */
  readonly beforeTotal: number;
  /** Added between the printed total and what is paid (Rounding, Arrondi). */
  readonly afterTotal: number;
}

/** The figures that tell it. */
export interface RoundedFigures {
  /** As printed, whatever its sign. */
  readonly roundingMinor: number | undefined;
  readonly totalMinor: number | undefined;
  /** What the lines, discounts and added taxes come to, by each way to add them up. */
  readonly due: readonly number[];
  /** What the tenders less the change come to. */
  readonly paid: number;
}

const none: PlacedRounding = { beforeTotal: 0, afterTotal: 0 };

/**
 * Places a printed rounding. Shops differ in whether the total stands before or after it, and in whether its sign is printed: the one
 * place where its amount closes the sums decides. When it closes none it is taken as printed, after the total.
 */
export function placeRounding({ roundingMinor, totalMinor, due, paid }: RoundedFigures): PlacedRounding {
  if (roundingMinor === undefined || roundingMinor === 0 || totalMinor === undefined) return none;
  const size = Math.abs(roundingMinor);
  const afterTotal = paid - totalMinor;
  if (Math.abs(afterTotal) === size && due.includes(totalMinor)) return { beforeTotal: 0, afterTotal };
  const before = due.map((sum) => totalMinor - sum).find((difference) => Math.abs(difference) === size);
  if (before !== undefined && afterTotal === 0) return { beforeTotal: before, afterTotal: 0 };
  return { beforeTotal: 0, afterTotal: roundingMinor };
}

/** No country rounds by more than half of its unit: what is larger is a discount or misread. */
export function isSmallRounding(roundingMinor: number, currencyExponent: number): boolean {
  return Math.abs(roundingMinor) * 2 <= Math.max(10, 10 ** currencyExponent);
}
