import { describe, expect, it } from "vitest";
import type { DecodedSlip } from "../../../agent/receipts/decode.ts";
import { createPrintDecoder } from "../../../drivers/printer/decoder/print-decoder.ts";
import {
  foreignStreams,
  generatedStreams,
  poslogReceipts,
  segmentsOf,
  slipsOf,
  streamBytes,
  streamsAtHand,
  type SegmentTruth,
} from "./stream-truth.ts";

const without = streamsAtHand ? "" : " (skipped: ../shared/receipts is absent)";

/** What any slip says, as far as it is printed: some facts of the truth are not on the paper. */
function expectedOf(truth: SegmentTruth): Record<string, unknown> {
  const paper = truth.visualLines?.join("\n") ?? "";
  return {
    kind: truth.kind,
    ...(truth.status === undefined ? {} : { status: truth.status }),
    ...(paper.includes(truth.store.id) ? { retailStoreId: truth.store.id } : {}),
    ...(truth.cashier !== undefined && paper.includes(truth.cashier) ? { operatorId: truth.cashier } : {}),
    ...(truth.receiptNo === undefined ? {} : { sequenceNumber: truth.receiptNo }),
    ...(truth.startOffset === undefined ? {} : { startOffset: truth.startOffset }),
    workstationId: truth.lane,
    currencyCode: truth.currency,
    currencyExponent: truth.exp,
    barcodes: (truth.printed?.barcodes ?? []).map((barcode) => barcode.data),
    qrCodes: truth.printed?.qr ?? [],
  };
}

function expectReport(slip: DecodedSlip, truth: SegmentTruth): void {
  expect({ number: slip.reportNumber, count: slip.count, net: slip.netMinor }).toEqual({
    number: truth.zNo,
    count: truth.count,
    net: truth.net,
  });
  expect([slip.firstSequenceNumber, slip.lastSequenceNumber]).toEqual([truth.firstReceiptNo, truth.lastReceiptNo]);
  if (truth.tenders === undefined) return;
  expect(slip.tenders).toEqual(truth.tenders.map(({ type, amount }) => ({ tenderType: type, amountMinor: amount })));
}

function expectReceipt(slip: DecodedSlip, truth: SegmentTruth): void {
  const paper = truth.visualLines?.join("\n") ?? "";
  expect(slip.endDateTime).toBe(truth.timestamp);
  expect(slip.lineItems.map((item) => ({ ...item, quantity: Number(item.quantity) }))).toEqual(
    (truth.lines ?? []).map((line) => ({
      ...(paper.includes(line.sku) ? { itemId: line.sku } : {}),
      description: line.name,
      quantity: line.qty,
      unitPriceMinor: line.unitPrice,
      extendedAmountMinor: line.amount,
      ...(line.discount === undefined ? {} : { discountMinor: line.discount }),
      voided: line.voided ?? false,
    })),
  );
  expect(slip.discounts.map((discount) => discount.amountMinor)).toEqual(truth.discounts?.map(({ amount }) => amount));
  expect(slip.taxes.map((tax) => ({ amount: tax.amountMinor, rate: Number(tax.rate) }))).toEqual(
    truth.tax?.map(({ amount, rate }) => ({ amount, rate })),
  );
  expect(slip.tenders).toEqual(
    truth.tenders?.map(({ type, amount, ref }) => ({
      tenderType: type,
      amountMinor: amount,
      ...(ref === undefined ? {} : { reference: ref }),
    })),
  );
  expect([slip.totalMinor, slip.changeMinor ?? 0]).toEqual([truth.total, truth.change ?? 0]);
  expect(slip.subtotalMinor ?? truth.subtotal).toBe(truth.subtotal);
  expect(slip.itemCount ?? truth.itemCount).toBe(truth.itemCount);
  expect(slip.memberId).toBe(truth.member?.printed);
}

function expectedState(slip: DecodedSlip): string {
  if (slip.status === "truncated") return "unreconciled";
  return slip.kind === "nosale" ? "not-applicable" : "reconciled";
}

describe.skipIf(!streamsAtHand)(`streams of public encoders${without}`, () => {
  it.each(generatedStreams())("reads every field of %s", (name) => {
    const truths = segmentsOf(name);
    const slips = slipsOf(streamBytes(`generated/${name}.bin`));
    expect(slips).toHaveLength(truths.length);
    for (const [index, truth] of truths.entries()) {
      const slip = slips[index];
      if (slip === undefined) continue;
      expect(slip).toMatchObject(expectedOf(truth));
      if (truth.kind.endsWith("-report")) expectReport(slip, truth);
      else if (truth.kind !== "nosale") expectReceipt(slip, truth);
      expect(slip.reconciliation.state).toBe(expectedState(slip));
    }
  });

  it("loses no slip and calls none whole when a stream is cut at any byte", () => {
    const bytes = streamBytes("generated/cn01-sale-cash.bin");
    for (let length = 0; length < bytes.length; length += 1) {
      const slips = slipsOf(bytes.subarray(0, length));
      expect(slips.length).toBeLessThanOrEqual(1);
      for (const slip of slips) {
        if (slip.reconciliation.state === "reconciled") expect(slip.totalMinor).toBe(9201);
      }
    }
  });
});

describe.skipIf(!streamsAtHand)(`receipts of the POSLog sample${without}`, () => {
  it.each(poslogReceipts())("reads number, lines, tenders and total of $file", (truth) => {
    const [slip, ...more] = slipsOf(streamBytes(`poslog/${truth.file}`));
    expect(more).toEqual([]);
    expect(slip?.sequenceNumber).toBe(truth.receiptNo);
    expect(slip?.lineItems.map((item) => [item.itemId, item.extendedAmountMinor])).toEqual(
      truth.lines.map((line) => [line.sku, line.amount]),
    );
    expect(slip?.tenders.map((tender) => tender.amountMinor)).toEqual(truth.tenders.map((tender) => tender.amount));
    expect(slip?.totalMinor).toBe(truth.totals.find(({ type }) => type === "TransactionGrandAmount")?.amount);
  });
});

describe.skipIf(!streamsAtHand)(`streams of other encoders${without}`, () => {
  it.each(foreignStreams())("frames %s to the last byte without an unknown command", (name) => {
    const decoder = createPrintDecoder({ startOffset: 0 });
    const events = [...decoder.feed(streamBytes(`third-party/${name}`)), ...decoder.end()];
    expect(events.filter((event) => event.type === "unknown" || event.type === "broken")).toEqual([]);
    expect(events.length).toBeGreaterThan(0);
  });
});
