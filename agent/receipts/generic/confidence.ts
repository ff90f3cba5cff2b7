import type { Transaction } from "../../core/transaction.ts";
import type { Money } from "./money.ts";

/** What the confidence in a slip rests on. */
export interface Evidence {
  readonly slip: Omit<Transaction, "confidence">;
  readonly money: Money | undefined;
  /** Number or time might be another one. */
  readonly doubtful: boolean;
  /** How much of its line the word that tells the kind is; 0 when there is no such word. */
  readonly kindSure: number;
  readonly understood: boolean;
}

/**
 * How sure a reading is, 0 to 1. Above 0.8 only when arithmetic confirms it twice, by items and by tenders, and nothing else is in
 * doubt; a reading that nothing confirms stays below 0.5.
 */
export function confidenceOf({ slip, money, doubtful, kindSure, understood }: Evidence): number {
  const identified = slip.sequenceNumber !== undefined && slip.endDateTime !== undefined;
  const base = slip.kind === "other" ? 0.3 : base0(slip, money, kindSure);
  const whole = slip.status === "truncated" ? 0.5 : 1;
  const limit = identified && !doubtful ? 1 : 0.75;
  return Math.round(Math.min(base, limit) * whole * (understood ? 1 : 0.9) * 100) / 100;
}

function base0(slip: Evidence["slip"], money: Money | undefined, kindSure: number): number {
  if (slip.kind === "x-report" || slip.kind === "z-report") return slip.netMinor === undefined ? 0.4 : 0.7;
  if (slip.kind === "nosale") return kindSure >= 0.9 ? 0.85 : 0.6;
  if (money === undefined || slip.totalMinor === undefined) return 0.2;
  const needsTenders = slip.kind === "sale" || slip.kind === "refund" || slip.kind === "copy";
  const agreements = [money.linesAgree, money.tendersAgree || !needsTenders].filter(Boolean).length;
  if (slip.reconciliation.state === "reconciled" && money.linesAgree)
    return kindSure > 0 && kindSure < 0.75 ? 0.78 : 0.95;
  if (agreements === 2) return money.contradicted ? 0.6 : 0.78;
  return agreements === 1 || money.subtotalAgrees ? 0.6 : 0.35;
}
