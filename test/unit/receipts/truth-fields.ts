import type { DecodedSlip } from "../../../agent/receipts/decode.ts";
import type { LineItem, Tax, Tender } from "../../../agent/core/transaction.ts";
import type { PoslogTruth, SegmentTruth } from "./stream-truth.ts";

/** One field of the truth beside what was read. */
export interface ComparedField {
  readonly field: string;
  readonly expected: unknown;
  readonly read: unknown;
}

type Compare = (slip: DecodedSlip, truth: SegmentTruth) => readonly ComparedField[];

const one =
  (field: string, expected: (truth: SegmentTruth) => unknown, read: (slip: DecodedSlip) => unknown): Compare =>
  (slip, truth) => [{ field, expected: expected(truth), read: read(slip) }];

const paperOf = (truth: SegmentTruth): string => truth.visualLines?.join("\n") ?? "";

/** A fact of the truth that a layout does not print cannot be read. */
const ifPrinted = (truth: SegmentTruth, text: string | undefined): string | undefined =>
  text !== undefined && paperOf(truth).includes(text) ? text : undefined;

/** What stands for each key of a segment's truth. A key that is not here fails the test: nothing is left out unsaid. */
const segmentFields: Readonly<Record<string, Compare | string>> = {
  kind: one(
    "kind",
    (truth) => truth.kind,
    (slip) => slip.kind,
  ),
  status: one(
    "status",
    (truth) => truth.status,
    (slip) => slip.status,
  ),
  store: one(
    "store",
    (truth) => ifPrinted(truth, truth.store.id),
    (slip) => slip.retailStoreId,
  ),
  lane: one(
    "lane",
    (truth) => truth.lane,
    (slip) => slip.workstationId,
  ),
  cashier: one(
    "cashier",
    (truth) => ifPrinted(truth, truth.cashier),
    (slip) => slip.operatorId,
  ),
  receiptNo: one(
    "receiptNo",
    (truth) => truth.receiptNo,
    (slip) => slip.sequenceNumber,
  ),
  timestamp: (slip, truth) => {
    const [date = "", time = ""] = truth.timestamp.split("T");
    const printed = paperOf(truth).includes(time.slice(0, 5)) || slip.endDateTime?.startsWith(date) === true;
    return printed ? [{ field: "timestamp", expected: truth.timestamp, read: slip.endDateTime }] : [];
  },
  currency: one(
    "currency",
    (truth) => truth.currency,
    (slip) => slip.currencyCode,
  ),
  exp: one(
    "exp",
    (truth) => truth.exp,
    (slip) => slip.currencyExponent,
  ),
  lines: one("lines", linesOf, (slip) => slip.lineItems.map(itemFields)),
  discounts: one(
    "discounts",
    (truth) => truth.discounts?.map(({ amount }) => amount),
    (slip) => slip.discounts.map(({ amountMinor }) => amountMinor),
  ),
  discountTotal: one(
    "discountTotal",
    (truth) => truth.discountTotal,
    (slip) => slip.discounts.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
  ),
  tax: (slip, truth) =>
    (truth.tax ?? []).flatMap((tax, index) => {
      const read = slip.taxes[index];
      const keys = ["amount", "rate", "code", "net", "gross"] as const;
      return keys
        .filter((key) => ["amount", "rate"].includes(key) || (read !== undefined && taxFields(read)[key] !== undefined))
        .map((key) => ({
          field: `tax[${index}].${key}`,
          expected: tax[key],
          read: read && taxFields(read)[key],
        }));
    }),
  taxIncluded: (slip, truth) =>
    slip.taxes.map(({ included }) => ({ field: "taxIncluded", expected: truth.taxIncluded, read: included })),
  tenders: one(
    "tenders",
    (truth) => truth.tenders?.map(({ type, amount, ref, ref2 }) => ({ type, amount, ref, ref2 })),
    (slip) => slip.tenders.map(tenderFields),
  ),
  subtotal: one(
    "subtotal",
    (truth) => truth.subtotal,
    (slip) => slip.subtotalMinor,
  ),
  total: one(
    "total",
    (truth) => truth.total,
    (slip) => slip.totalMinor,
  ),
  change: one(
    "change",
    (truth) => truth.change,
    (slip) => slip.changeMinor ?? 0,
  ),
  itemCount: one(
    "itemCount",
    (truth) => truth.itemCount,
    (slip) => slip.itemCount,
  ),
  member: (slip, truth) => [
    { field: "member.printed", expected: truth.member?.printed, read: slip.memberId },
    ...(truth.member?.points === undefined
      ? []
      : [
          { field: "member.points", expected: String(truth.member.points), read: slip.pointsEarned },
          { field: "member.balance", expected: String(truth.member.balance), read: slip.pointsBalance },
        ]),
  ],
  printed: (slip, truth) => [
    {
      field: "printed.barcodes",
      expected: truth.printed?.barcodes.map(({ data }) => data),
      read: slip.barcodes,
    },
    { field: "printed.qr", expected: truth.printed?.qr, read: slip.qrCodes },
  ],
  tse: (slip, truth) => {
    const [anchor] = slip.fiscal.flatMap((found) => (found.kind === "tse" ? [found] : []));
    return [
      { field: "tse.tx", expected: truth.tse?.tx, read: anchor?.transactionNumber },
      { field: "tse.sigCounter", expected: truth.tse?.sigCounter, read: anchor?.signatureCounter },
      { field: "tse.client", expected: truth.tse?.client, read: anchor?.clientId },
    ];
  },
  startOffset: one(
    "startOffset",
    (truth) => truth.startOffset,
    (slip) => slip.startOffset,
  ),
  origReceiptNo: one(
    "origReceiptNo",
    (truth) => truth.origReceiptNo,
    (slip) => slip.originalSequenceNumber,
  ),
  reprintAt: one(
    "reprintAt",
    (truth) => truth.reprintAt,
    (slip) => slip.copyDateTime,
  ),
  copyNo: one(
    "copyNo",
    (truth) => truth.copyNo,
    (slip) => slip.copyNumber,
  ),
  zNo: one(
    "zNo",
    (truth) => truth.zNo,
    (slip) => slip.reportNumber,
  ),
  count: one(
    "count",
    (truth) => truth.count,
    (slip) => slip.count,
  ),
  refunds: one(
    "refunds",
    (truth) => truth.refunds,
    (slip) => slip.refundCount,
  ),
  gross: one(
    "gross",
    (truth) => truth.gross,
    (slip) => slip.grossMinor,
  ),
  refundAmount: one(
    "refundAmount",
    (truth) => truth.refundAmount,
    (slip) => Math.abs(slip.refundMinor ?? NaN),
  ),
  net: one(
    "net",
    (truth) => truth.net,
    (slip) => slip.netMinor,
  ),
  firstReceiptNo: one(
    "firstReceiptNo",
    (truth) => truth.firstReceiptNo,
    (slip) => slip.firstSequenceNumber,
  ),
  lastReceiptNo: one(
    "lastReceiptNo",
    (truth) => truth.lastReceiptNo,
    (slip) => slip.lastSequenceNumber,
  ),
  visualLines: one(
    "visualLines",
    (truth) => bare(truth.visualLines ?? []),
    (slip) => bare(slip.lines),
  ),
  barcode: "the same as printed.barcodes",
  qr: "the same as printed.qr",
  cut: "the same as printed.cut",
  drawer: "no part of a transaction: the decoder's own tests have it",
  logo: "no part of a transaction: the decoder's own tests have it",
  missingReceiptNo: "says what is not printed",
  missingAmount: "says what is not printed",
};

/** Every field of a segment's truth beside what was read of it. */
export function comparedFields(slip: DecodedSlip, truth: SegmentTruth): readonly ComparedField[] {
  return Object.keys(truth).flatMap((key) => {
    const compare = segmentFields[key];
    if (typeof compare === "function") return compare(slip, truth);
    return compare === undefined ? [{ field: key, expected: "a field that is compared", read: undefined }] : [];
  });
}

/** Every usable field of a POSLog receipt's truth beside what was read of it. */
export function comparedPoslogFields(slip: DecodedSlip, truth: PoslogTruth): readonly ComparedField[] {
  const totals = new Map(truth.totals.map(({ type, amount }) => [type, amount]));
  return [
    { field: "store", expected: truth.store, read: slip.retailStoreId },
    { field: "lane", expected: truth.lane, read: slip.workstationId },
    { field: "receiptNo", expected: truth.receiptNo, read: slip.sequenceNumber },
    { field: "timestamp", expected: truth.timestamp, read: slip.endDateTime },
    { field: "currency", expected: truth.currency, read: slip.currencyCode },
    { field: "kind", expected: "sale", read: slip.kind },
    {
      field: "lines",
      expected: truth.lines.map(({ sku, name, amount }) => [sku, name.trim(), amount]),
      read: slip.lineItems.map((item) => [item.itemId, item.description, item.extendedAmountMinor]),
    },
    {
      field: "taxes",
      expected: truth.taxes.map(({ amount, percent }) => [amount, Number(percent)]),
      read: slip.taxes.map(({ amountMinor, rate }) => [amountMinor, Number(rate)]),
    },
    {
      field: "tenders",
      expected: truth.tenders.map(({ amount, auth }) => [amount, auth]),
      read: slip.tenders.map(({ amountMinor, reference }) => [amountMinor, reference]),
    },
    { field: "total", expected: totals.get("TransactionGrandAmount"), read: slip.totalMinor },
    { field: "change", expected: truth.change, read: slip.changeMinor ?? 0 },
  ];
}

function linesOf(truth: SegmentTruth): unknown {
  return (truth.lines ?? []).map((line) => ({
    sku: ifPrinted(truth, line.sku),
    name: line.name,
    qty: line.qty,
    unitPrice: line.unitPrice,
    amount: line.amount,
    discount: line.discount,
    taxCode: new RegExp(` ${line.taxCode?.replace("*", "\\*") ?? "none"}$`, "m").test(paperOf(truth))
      ? line.taxCode
      : undefined,
    voided: line.voided ?? false,
  }));
}

function itemFields(item: LineItem): unknown {
  return {
    sku: item.itemId,
    name: item.description,
    qty: Number(item.quantity),
    unitPrice: item.unitPriceMinor,
    amount: item.extendedAmountMinor,
    discount: item.discountMinor,
    taxCode: item.taxCode,
    voided: item.voided,
  };
}

function taxFields({ amountMinor, rate, taxCode, netMinor, grossMinor }: Tax) {
  return { amount: amountMinor, rate: Number(rate), code: taxCode, net: netMinor, gross: grossMinor };
}

function tenderFields({ tenderType, amountMinor, reference, merchantReference }: Tender) {
  return { type: tenderType, amount: amountMinor, ref: reference, ref2: merchantReference };
}

/** Text without the blanks and line ends that an encoder may set otherwise, and without rules. */
function bare(lines: readonly string[]): string {
  const texts = lines.map((line) => line.replaceAll(/\s/g, ""));
  return texts.filter((line) => !/^[-─=_*]*$/.test(line)).join("");
}
