import { describe, expect, it } from "vitest";
import { readCapture } from "../../../../agent/capture-reading.ts";
import { asLaneId } from "../../../../agent/core/ids.ts";
import type { DecodedSlip } from "../../../../agent/receipts/decode.ts";
import { salesOf, planMorning, type PlannedSlip } from "../../../../drivers/virtual/morning.ts";

const numbers = { next: 301, training: 1 };
const lanes = [
  { laneId: asLaneId("05"), layout: "cn", sales: 60, taps: 30, numbers },
  { laneId: asLaneId("07"), layout: "us", sales: 60, taps: 30, numbers },
] as const;

function morning(seed: number) {
  return planMorning({ seed, retailStoreId: "0117", startsAt: "2026-03-14T08:00:00", lanes, touchAfterMs: 700 });
}

/** Reads slips as one capture after the other: a slip each. */
function readAll(planned: readonly PlannedSlip[]): readonly (readonly [PlannedSlip, DecodedSlip | undefined])[] {
  const slips = readCapture(Buffer.concat(planned.map(({ bytes }) => bytes)), { profile: "auto", reveal: false });
  expect(slips).toHaveLength(planned.length);
  return planned.map((each, index) => [each, slips[index]]);
}

/** What the profile must have read, said in its words. */
function truth({ slip }: PlannedSlip) {
  return {
    kind: "sale",
    status: "completed",
    retailStoreId: slip.retailStoreId,
    workstationId: slip.workstationId,
    sequenceNumber: slip.receiptNo,
    operatorId: slip.operatorId,
    endDateTime: slip.at,
    currencyCode: slip.currencyCode,
    subtotalMinor: slip.subtotalMinor,
    totalMinor: slip.totalMinor,
    itemCount: slip.lines.length,
    reconciliation: { state: "reconciled", reasons: [] },
  };
}

describe("virtual receipts", () => {
  it("are read back by the shipped profiles, every figure of them", () => {
    for (const [planned, slip] of readAll(salesOf(morning(7)))) {
      expect(slip).toMatchObject(truth(planned));
      expect(slip?.lineItems.map((line) => [line.itemId, line.extendedAmountMinor, line.discountMinor ?? 0])).toEqual(
        planned.slip.lines.map((line) => [line.itemId, line.amountMinor - line.discountMinor, line.discountMinor]),
      );
      expect(slip?.lineItems.map((line) => [line.description, Number(line.quantity)])).toEqual(
        planned.slip.lines.map((line) => [line.description, line.quantityMilli / 1000]),
      );
      expect(slip?.tenders.map(({ tenderType, amountMinor }) => [tenderType, amountMinor])).toEqual(
        planned.slip.tenders.map(({ type, amountMinor }) => [type, amountMinor]),
      );
      expect(slip?.changeMinor ?? 0).toBe(planned.slip.changeMinor);
      expect(slip?.taxes.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(planned.slip.taxMinor);
      expect(slip?.barcodes).toHaveLength(1);
    }
  });

  it("say when they are no sale", () => {
    const slips = morning(7).lanes.flatMap((lane) => lane.slips);
    const others = slips.filter(({ slip }) => slip.kind !== "sale");
    expect(others.map(({ slip }) => slip.kind).toSorted()).toEqual(["nosale", "training"]);
    for (const [planned, slip] of readAll(others)) {
      expect(slip).toMatchObject({ kind: planned.slip.kind, sequenceNumber: planned.slip.receiptNo });
    }
  });

  it("show a member and a trade number on some Chinese receipts, and cards only masked", () => {
    const sales = salesOf(morning(7));
    const cn = sales.filter(({ slip }) => slip.currencyCode === "CNY");
    const withMember = cn.filter(({ slip }) => slip.member !== undefined);
    expect(withMember.length).toBeGreaterThan(5);
    for (const [, slip] of readAll(withMember)) expect(slip?.memberId).toMatch(/\*/);
    const trades = cn.flatMap(({ slip }) => slip.tenders).filter(({ type }) => type === "wechat");
    expect(trades.length).toBeGreaterThan(5);
    for (const { reference } of trades) expect(reference).toMatch(/^4200\d{24}$/);
    const cards = sales.flatMap(({ slip }) => slip.tenders).filter(({ type }) => type === "card");
    for (const { reference } of cards) expect(reference).toMatch(/^\*{4} \*{4} \*{4} \d{4} APPR /);
  });
});
