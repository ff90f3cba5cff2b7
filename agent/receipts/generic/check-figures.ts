import type { Reconciliation, TransactionKind } from "../../core/transaction.ts";
import type { UnreconciledReason } from "../../core/unreconciled-reason.ts";
import { reconcile, type Unchecked } from "../reconcile.ts";
import type { Money } from "./money.ts";

/** Kinds that are paid. */
const paid: readonly TransactionKind[] = ["sale", "refund", "copy"];

/**
 * Checks the figures by the gates of every profile, and stricter: a total that was found by arithmetic is `reconciled` only when items
 * and tenders both make it.
 */
export function checkFigures(slip: Unchecked, money: Money | undefined): Reconciliation {
  if (money === undefined) return reconcile(slip, 0);
  const { state, reasons } = reconcile(gateView(slip, money), money.strange);
  if (state !== "reconciled") return { state, reasons };
  const more: UnreconciledReason[] = [];
  if (!money.linesAgree) more.push("LINES_NOT_SUBTOTAL");
  if (money.contradicted || (money.subtotalMinor !== undefined && !money.subtotalAgrees))
    more.push("SUBTOTAL_NOT_TOTAL");
  if (!money.tendersAgree && paid.includes(slip.kind)) more.push("TENDERS_NOT_TOTAL");
  return more.length === 0 ? { state, reasons } : { state: "unreconciled", reasons: more };
}

/** The gates know of no charge between subtotal and total: it is one of the lines here, and the subtotal is checked with it. */
function gateView(slip: Unchecked, { charges }: Money): Unchecked {
  if (charges.length === 0) return slip;
  const { subtotalMinor: _, itemCount: __, ...rest } = slip;
  return rest;
}
