/**
 * Why a slip's own figures do not agree. docs/reconciliation.md says of each what it means and what to do.
 * - `TRUNCATED`: it stopped in the middle, so nothing can be said for sure.
 * - `NO_SEQUENCE_NUMBER`, `NO_DATE_TIME`, `NO_TOTAL`, `NO_LINES`: not found on it.
 * - `LINE_UNREADABLE`: an item without a readable amount, or a line among the items that the profile does not explain.
 * - `LINE_NOT_QUANTITY_TIMES_PRICE`: quantity times unit price is not the line's amount.
 * - `EMBEDDED_NOT_AMOUNT`: the price or weight in an item code is not that of its line.
 * - `LINES_NOT_SUBTOTAL`: the items less the discounts are not the subtotal (or the total, where no subtotal and no added tax is printed).
 * - `SUBTOTAL_NOT_TOTAL`: subtotal, added taxes and rounding are not the total.
 * - `TAX_NOT_RATE`: a tax is not what its rate makes of what it is charged on, or net and tax are not gross.
 * - `TAXES_NOT_TOTAL`: the included taxes are charged on more than the total.
 * - `ROUNDING_NOT_SMALL`: the rounding is more than half of the currency's unit.
 * - `TENDERS_NOT_TOTAL`: the tenders less the change are not the total and its rounding.
 * - `ITEM_COUNT_NOT_LINES`: the printed count is neither the number of items nor the sum of their whole quantities.
 * - `REPORT_GROSS_NOT_NET`: on a report, gross sales and refunds do not make net sales.
 * - `REPORT_TENDERS_NOT_NET`: on a report, the tenders are not net sales.
 * - `FISCAL_TOTAL_DIFFERS`, `FISCAL_TIME_DIFFERS`, `FISCAL_KIND_DIFFERS`: a fiscal code on it says otherwise.
 */
export const unreconciledReasons = [
  "TRUNCATED",
  "NO_SEQUENCE_NUMBER",
  "NO_DATE_TIME",
  "NO_TOTAL",
  "NO_LINES",
  "LINE_UNREADABLE",
  "LINE_NOT_QUANTITY_TIMES_PRICE",
  "EMBEDDED_NOT_AMOUNT",
  "LINES_NOT_SUBTOTAL",
  "SUBTOTAL_NOT_TOTAL",
  "TAX_NOT_RATE",
  "TAXES_NOT_TOTAL",
  "ROUNDING_NOT_SMALL",
  "TENDERS_NOT_TOTAL",
  "ITEM_COUNT_NOT_LINES",
  "REPORT_GROSS_NOT_NET",
  "REPORT_TENDERS_NOT_NET",
  "FISCAL_TOTAL_DIFFERS",
  "FISCAL_TIME_DIFFERS",
  "FISCAL_KIND_DIFFERS",
] as const;

/** One of {@link unreconciledReasons}. */
export type UnreconciledReason = (typeof unreconciledReasons)[number];
