import type { Reconciliation } from "../core/transaction.ts";
import { effectiveRounding, impliedSubtotal, type Unchecked } from "./reconcile.ts";

/** Kinds that have goods and a total. */
const priced: ReadonlySet<string> = new Set(["sale", "refund", "copy", "training", "suspended"]);

/**
 * What follows from the printed figures of a receipt that agree, where it is not printed itself: subtotal, count of items, change. Nothing
 * is added to a receipt whose figures do not agree.
 */
export function withDerived(slip: Unchecked, { state }: Reconciliation): Unchecked {
  const roundingMinor = effectiveRounding(slip);
  const rounded = roundingMinor === undefined ? slip : { ...slip, roundingMinor };
  if (state !== "reconciled" || !priced.has(slip.kind)) return rounded;
  const paid = slip.tenders.length > 0;
  return {
    ...rounded,
    subtotalMinor: slip.subtotalMinor ?? impliedSubtotal(slip),
    itemCount: slip.itemCount ?? slip.lineItems.filter((item) => !item.voided).length,
    ...(slip.changeMinor === undefined && paid && { changeMinor: 0 }),
  };
}
