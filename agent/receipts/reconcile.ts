import type { LineItem, Reconciliation, Transaction } from "../core/transaction.ts";
import { isProduct } from "./decimal.ts";

/**
 * Why a slip's own figures do not agree:
 * - `TRUNCATED`: it stopped in the middle, so nothing can be said for sure.
 * - `NO_SEQUENCE_NUMBER`, `NO_DATE_TIME`, `NO_TOTAL`, `NO_LINES`: not found on it.
 * - `LINE_UNREADABLE`: an item without a readable amount, or a line among the items that the profile does not explain.
 * - `LINE_NOT_QUANTITY_TIMES_PRICE`: quantity times unit price is not the line's amount.
 * - `LINES_NOT_SUBTOTAL`: the items less the discounts are not the subtotal (or the total, where no subtotal and no added tax is printed).
 * - `SUBTOTAL_NOT_TOTAL`: subtotal and added taxes are not the total.
 * - `TENDERS_NOT_TOTAL`: the tenders less the change are not the total.
 * - `ITEM_COUNT_NOT_LINES`: the printed count is neither the number of items nor the sum of their whole quantities.
 * - `REPORT_GROSS_NOT_NET`: on a report, gross sales and refunds do not make net sales.
 * - `REPORT_TENDERS_NOT_NET`: on a report, the tenders are not net sales.
 */
export type UnreconciledReason =
  | "TRUNCATED"
  | "NO_SEQUENCE_NUMBER"
  | "NO_DATE_TIME"
  | "NO_TOTAL"
  | "NO_LINES"
  | "LINE_UNREADABLE"
  | "LINE_NOT_QUANTITY_TIMES_PRICE"
  | "LINES_NOT_SUBTOTAL"
  | "SUBTOTAL_NOT_TOTAL"
  | "TENDERS_NOT_TOTAL"
  | "ITEM_COUNT_NOT_LINES"
  | "REPORT_GROSS_NOT_NET"
  | "REPORT_TENDERS_NOT_NET";

/** A slip before its arithmetic is checked. */
export type Unchecked = Omit<Transaction, "reconciliation" | "confidence">;

type Gate = (slip: Unchecked) => UnreconciledReason | undefined;

const identified: readonly Gate[] = [
  (slip) => (slip.sequenceNumber === undefined ? "NO_SEQUENCE_NUMBER" : undefined),
  (slip) => (slip.endDateTime === undefined ? "NO_DATE_TIME" : undefined),
];

const priced: readonly Gate[] = [
  (slip) => (slip.totalMinor === undefined ? "NO_TOTAL" : undefined),
  (slip) => (slip.lineItems.length === 0 ? "NO_LINES" : undefined),
  (slip) => (slip.lineItems.every(isConsistent) ? undefined : "LINE_NOT_QUANTITY_TIMES_PRICE"),
  (slip) => (linesMakeSubtotal(slip) ? undefined : "LINES_NOT_SUBTOTAL"),
  (slip) => (subtotalMakesTotal(slip) ? undefined : "SUBTOTAL_NOT_TOTAL"),
  (slip) => (countsLines(slip) ? undefined : "ITEM_COUNT_NOT_LINES"),
];

const paid: readonly Gate[] = [(slip) => (tendersMakeTotal(slip) ? undefined : "TENDERS_NOT_TOTAL")];

const report: readonly Gate[] = [
  ({ grossMinor, refundMinor, netMinor }) =>
    grossMinor === undefined || refundMinor === undefined || grossMinor - Math.abs(refundMinor) === netMinor
      ? undefined
      : "REPORT_GROSS_NOT_NET",
  ({ tenders, netMinor }) =>
    tenders.length === 0 || netMinor === undefined || sum(tenders.map((tender) => tender.amountMinor)) === netMinor
      ? undefined
      : "REPORT_TENDERS_NOT_NET",
];

const gates: Readonly<Record<Transaction["kind"], readonly Gate[]>> = {
  sale: [...identified, ...priced, ...paid],
  refund: [...identified, ...priced, ...paid],
  copy: [...identified, ...priced, ...paid],
  training: priced,
  suspended: priced,
  "x-report": report,
  "z-report": report,
  void: [],
  nosale: [],
  other: [],
};

/** Checks the slip's figures against each other. `unreadable` counts lines among its items that were not understood. */
export function reconcile(slip: Unchecked, unreadable: number): Reconciliation {
  const checks = gates[slip.kind];
  if (checks.length === 0 && slip.status !== "truncated") return { state: "not-applicable", reasons: [] };
  const reasons: UnreconciledReason[] = slip.status === "truncated" ? ["TRUNCATED"] : [];
  if (unreadable > 0) reasons.push("LINE_UNREADABLE");
  for (const check of checks) {
    const reason = check(slip);
    if (reason !== undefined) reasons.push(reason);
  }
  return { state: reasons.length === 0 ? "reconciled" : "unreconciled", reasons };
}

function isConsistent(item: LineItem): boolean {
  if (item.unitPriceMinor === undefined) return true;
  const [whole = "", fraction = ""] = item.quantity.split(".");
  const quantity = { units: BigInt(whole + fraction), scale: fraction.length };
  return isProduct(quantity, item.unitPriceMinor, item.extendedAmountMinor + (item.discountMinor ?? 0));
}

function linesMakeSubtotal(slip: Unchecked): boolean {
  const addedTax = slip.taxes.some((tax) => !tax.included);
  const target = slip.subtotalMinor ?? (addedTax ? undefined : slip.totalMinor);
  if (target === undefined)
    return slip.totalMinor === undefined || linesTotal(slip) + addedTaxes(slip) === slip.totalMinor;
  return linesTotal(slip) === target || linesTotal(slip) + discountsTotal(slip) === target;
}

function linesTotal(slip: Unchecked): number {
  return sum(standing(slip).map((item) => item.extendedAmountMinor)) - discountsTotal(slip);
}

function discountsTotal(slip: Unchecked): number {
  return sum(slip.discounts.map((discount) => discount.amountMinor));
}

/** Discounts on the receipt may stand before or after the subtotal. */
function subtotalMakesTotal(slip: Unchecked): boolean {
  const { subtotalMinor, totalMinor } = slip;
  if (subtotalMinor === undefined || totalMinor === undefined) return true;
  const total = subtotalMinor + addedTaxes(slip);
  return total === totalMinor || total - discountsTotal(slip) === totalMinor;
}

function addedTaxes(slip: Unchecked): number {
  return sum(slip.taxes.filter((tax) => !tax.included).map((tax) => tax.amountMinor));
}

/** Some POS print the change both as a negative tender and on a line of its own. */
function tendersMakeTotal({ tenders, changeMinor = 0, totalMinor }: Unchecked): boolean {
  if (totalMinor === undefined) return true;
  const amounts = tenders.map((tender) => tender.amountMinor);
  const change = amounts.includes(-Math.abs(changeMinor)) ? 0 : changeMinor;
  return sum(amounts) - change === totalMinor;
}

function countsLines(slip: Unchecked): boolean {
  const items = standing(slip);
  if (slip.itemCount === undefined || slip.itemCount === items.length) return true;
  return slip.itemCount === sum(items.map((item) => (/^\d+$/.test(item.quantity) ? Number(item.quantity) : 1)));
}

function standing(slip: Unchecked): readonly LineItem[] {
  return slip.lineItems.filter((item) => !item.voided);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
