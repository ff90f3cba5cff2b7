import type { LineItem, Reconciliation, Transaction } from "../core/transaction.ts";
import { isSmallRounding, placeRounding, type PlacedRounding } from "./cash-rounding.ts";
import { isProduct, type Decimal } from "./decimal.ts";
import { agrees } from "./embedded-code.ts";
import { fiscalReasons } from "./fiscal/fiscal-gates.ts";
import { taxesFollowRates, taxesWithinTotal } from "./tax-gates.ts";
import type { UnreconciledReason } from "../core/unreconciled-reason.ts";

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
  (slip) => (slip.lineItems.every(isAsEmbedded) ? undefined : "EMBEDDED_NOT_AMOUNT"),
  (slip) => (linesMakeSubtotal(slip) ? undefined : "LINES_NOT_SUBTOTAL"),
  (slip) => (subtotalMakesTotal(slip) ? undefined : "SUBTOTAL_NOT_TOTAL"),
  (slip) => (taxesFollowRates(taxed(slip)) ? undefined : "TAX_NOT_RATE"),
  (slip) => (taxesWithinTotal(taxed(slip)) ? undefined : "TAXES_NOT_TOTAL"),
  ({ roundingMinor = 0, currencyExponent = 2 }) =>
    isSmallRounding(roundingMinor, currencyExponent) ? undefined : "ROUNDING_NOT_SMALL",
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
  if (checks.length > 0) reasons.push(...fiscalReasons(slip));
  return { state: reasons.length === 0 ? "reconciled" : "unreconciled", reasons };
}

/**
 * The rounding as it takes effect: what is paid for rounding when positive, what is given when negative. Some shops print it without
 * its sign.
 */
export function effectiveRounding(slip: Unchecked): number | undefined {
  if (slip.roundingMinor === undefined) return undefined;
  const { beforeTotal, afterTotal } = rounding(slip);
  return beforeTotal + afterTotal;
}

/** What the lines that stand come to, less the discounts on the whole receipt. */
function goodsTotal(slip: Unchecked): number {
  return linesTotal(slip) - discountsTotal(slip);
}

/** What a total leaves for a subtotal that is not printed. */
export function impliedSubtotal(slip: Unchecked): number {
  return (slip.totalMinor ?? goodsTotal(slip)) - addedTaxes(slip) - rounding(slip).beforeTotal;
}

/** What was handed over, less what was given back. Some POS print the change both as a negative tender and on a line of its own. */
function paidTotal({ tenders, changeMinor = 0 }: Unchecked): number {
  const amounts = tenders.map((tender) => tender.amountMinor);
  return sum(amounts) - (amounts.includes(-Math.abs(changeMinor)) ? 0 : changeMinor);
}

function isConsistent(item: LineItem): boolean {
  if (item.unitPriceMinor === undefined) return true;
  return isProduct(decimalOf(item.quantity), item.unitPriceMinor, grossOf(item));
}

function isAsEmbedded({ embedded, ...item }: LineItem): boolean {
  if (embedded === undefined || item.voided) return true;
  if (agrees(embedded, { amountMinor: grossOf(item), quantity: decimalOf(item.quantity) })) return true;
  // A label that was weighed before may be sold as one piece.
  if (embedded.weight === undefined || item.quantity.includes(".") || item.unitPriceMinor === undefined) return false;
  return isProduct(decimalOf(embedded.weight), item.unitPriceMinor, Math.abs(grossOf(item)));
}

function decimalOf(quantity: string): Decimal {
  const [whole = "", fraction = ""] = quantity.split(".");
  return { units: BigInt(whole + fraction), scale: fraction.length };
}

function grossOf({ extendedAmountMinor, discountMinor = 0 }: LineItem): number {
  return extendedAmountMinor + discountMinor;
}

/** Taxes are charged on what was due before it was rounded. */
function taxed(slip: Unchecked) {
  const { taxes, totalMinor } = slip;
  const due = totalMinor === undefined ? undefined : totalMinor - rounding(slip).beforeTotal;
  return { taxes, totalMinor: due, goods: goodsTotal(slip), lineCount: slip.lineItems.length };
}

function rounding(slip: Unchecked): PlacedRounding {
  const { roundingMinor, totalMinor, subtotalMinor } = slip;
  if (roundingMinor === undefined) return { beforeTotal: 0, afterTotal: 0 };
  const added = addedTaxes(slip);
  const sums = [subtotalMinor, goodsTotal(slip), linesTotal(slip)].flatMap((base) => base ?? []);
  return placeRounding({ roundingMinor, totalMinor, due: sums.map((base) => base + added), paid: paidTotal(slip) });
}

/** Discounts on the receipt may have been taken off the subtotal already, or not. */
function linesMakeSubtotal(slip: Unchecked): boolean {
  const { subtotalMinor, totalMinor } = slip;
  if (subtotalMinor !== undefined) return goodsTotal(slip) === subtotalMinor || linesTotal(slip) === subtotalMinor;
  if (totalMinor === undefined) return true;
  const due = totalMinor - rounding(slip).beforeTotal - addedTaxes(slip);
  return goodsTotal(slip) === due || (addedTaxes(slip) === 0 && linesTotal(slip) === due);
}

function subtotalMakesTotal(slip: Unchecked): boolean {
  const { subtotalMinor, totalMinor } = slip;
  if (subtotalMinor === undefined || totalMinor === undefined) return true;
  const total = subtotalMinor + addedTaxes(slip) + rounding(slip).beforeTotal;
  return total === totalMinor || total - discountsTotal(slip) === totalMinor;
}

/** Some POS print what is given back on a refund without a minus. */
function tendersMakeTotal(slip: Unchecked): boolean {
  const { totalMinor } = slip;
  if (totalMinor === undefined) return true;
  const due = totalMinor + rounding(slip).afterTotal;
  return paidTotal(slip) === due || (due < 0 && paidTotal(slip) === -due);
}

function countsLines(slip: Unchecked): boolean {
  const items = standing(slip);
  if (slip.itemCount === undefined || slip.itemCount === items.length) return true;
  return slip.itemCount === sum(items.map((item) => (/^\d+$/.test(item.quantity) ? Number(item.quantity) : 1)));
}

function linesTotal(slip: Unchecked): number {
  return sum(standing(slip).map((item) => item.extendedAmountMinor));
}

function discountsTotal(slip: Unchecked): number {
  return sum(slip.discounts.map((discount) => discount.amountMinor));
}

function addedTaxes(slip: Unchecked): number {
  return sum(slip.taxes.filter((tax) => !tax.included).map((tax) => tax.amountMinor));
}

function standing(slip: Unchecked): readonly LineItem[] {
  return slip.lineItems.filter((item) => !item.voided);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
