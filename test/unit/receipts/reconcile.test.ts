import { describe, expect, it } from "vitest";
import type { LineItem, Tax } from "../../../agent/core/transaction.ts";
import { withDerived } from "../../../agent/receipts/derived.ts";
import { fiscalAnchors } from "../../../agent/receipts/fiscal/anchors.ts";
import { reconcile, type Unchecked } from "../../../agent/receipts/reconcile.ts";

const milk: LineItem = {
  description: "milk",
  quantity: "2",
  unitPriceMinor: 450,
  extendedAmountMinor: 900,
  voided: false,
};
const bread: LineItem = {
  description: "bread",
  quantity: "1",
  unitPriceMinor: 398,
  extendedAmountMinor: 398,
  voided: false,
};

/** A sale over 12.98 in two lines, paid in cash. */
const sale: Unchecked = {
  kind: "sale",
  status: "completed",
  sequenceNumber: "17",
  endDateTime: "2026-07-01T10:01:30",
  currencyCode: "EUR",
  currencyExponent: 2,
  lineItems: [milk, bread],
  discounts: [],
  taxes: [],
  tenders: [{ tenderType: "cash", amountMinor: 2000 }],
  totalMinor: 1298,
  changeMinor: 702,
  barcodes: [],
  qrCodes: [],
  fiscal: [],
  lines: [],
  profile: "test",
};

const reasons = (change: Partial<Unchecked>): readonly string[] => reconcile({ ...sale, ...change }, 0).reasons;
const vat = (tax: Partial<Tax>): readonly Tax[] => [
  { amountMinor: 85, rate: "7", included: true, netMinor: 1213, grossMinor: 1298, ...tax },
];
const withQr = (qr: string): Partial<Unchecked> => ({
  fiscal: fiscalAnchors({ lines: [], barcodes: [], qrCodes: [qr] }),
});
const rksv = (time: string, amount: string, counter = "Yh3k="): Partial<Unchecked> =>
  withQr(`_R1-AT1_K_17_${time}_${amount}_0,00_0,00_0,00_0,00_${counter}_1A_cA==_cw==`);
const tse = (from: string, to: string, gross: string): Partial<Unchecked> =>
  withQr(`V0;K;Kassenbeleg-V1;Beleg^${gross}_0.00_0.00_0.00_0.00^${gross}:Bar;1;2;${from};${to};e;u;s;k`);

describe("the arithmetic of a slip", () => {
  it("holds for a sound sale", () => {
    expect(reconcile(sale, 0)).toEqual({ state: "reconciled", reasons: [] });
  });

  it.each<[string, Partial<Unchecked>]>([
    ["NO_SEQUENCE_NUMBER", without("sequenceNumber")],
    ["NO_DATE_TIME", without("endDateTime")],
    ["NO_TOTAL", without("totalMinor")],
    ["LINE_NOT_QUANTITY_TIMES_PRICE", { lineItems: [{ ...milk, quantity: "3" }, bread] }],
    ["EMBEDDED_NOT_AMOUNT", { lineItems: [{ ...milk, embedded: { itemReference: "1", priceMinor: 899 } }, bread] }],
    ["EMBEDDED_NOT_AMOUNT", { lineItems: [{ ...milk, embedded: { itemReference: "1", weight: "1.5" } }, bread] }],
    ["LINES_NOT_SUBTOTAL", { lineItems: [milk] }],
    ["SUBTOTAL_NOT_TOTAL", { subtotalMinor: 1298, totalMinor: 1299, changeMinor: 701 }],
    ["TAX_NOT_RATE", { taxes: vat({ amountMinor: 84 }) }],
    ["TAX_NOT_RATE", { taxes: vat({ amountMinor: 185, netMinor: 1113 }) }],
    ["TAX_NOT_RATE", { taxes: [{ amountMinor: 300, rate: "7", included: true }] }],
    ["TAXES_NOT_TOTAL", { taxes: vat({ amountMinor: 95, netMinor: 1363, grossMinor: 1458 }) }],
    ["ROUNDING_NOT_SMALL", { roundingMinor: 52, changeMinor: 650 }],
    ["TENDERS_NOT_TOTAL", { changeMinor: 700 }],
    ["ITEM_COUNT_NOT_LINES", { itemCount: 5 }],
    ["FISCAL_TOTAL_DIFFERS", rksv("2026-07-01T10:01:30", "12,99")],
    ["FISCAL_TIME_DIFFERS", rksv("2026-07-01T11:01:30", "12,98")],
    ["FISCAL_KIND_DIFFERS", rksv("2026-07-01T10:01:30", "12,98", "VFJB")],
    ["FISCAL_TIME_DIFFERS", tse("2026-07-01T10:00:00Z", "2026-07-01T10:01:00Z", "12.98")],
    ["FISCAL_TOTAL_DIFFERS", withQr("01,10,031001900104,12345678,13.00,20260701,1,")],
    ["FISCAL_TOTAL_DIFFERS", withQr("01,10,031001900104,12345678,9.00,20260701,1,")],
    ["FISCAL_TIME_DIFFERS", withQr("01,10,031001900104,12345678,12.12,20260702,1,")],
  ])("says %s", (reason, change) => {
    expect(reasons(change)).toEqual([reason]);
  });

  it.each<[string, Partial<Unchecked>]>([
    ["tax that follows its rate", { taxes: vat({}) }],
    ["tax of which goods are exempt", { taxes: vat({ amountMinor: 26, netMinor: 372, grossMinor: 398 }) }],
    ["a TSE code in summer time", tse("2026-07-01T07:59:00Z", "2026-07-01T08:01:30Z", "12.98")],
    [
      "a TSE code in winter time",
      { ...tse("2026-01-01T08:59:00Z", "2026-01-01T09:01:30Z", "12.98"), endDateTime: "2026-01-01T10:01:00" },
    ],
    ["an Austrian code", rksv("2026-07-01T10:01:30", "12,98")],
    ["a Chinese invoice without tax", withQr("01,10,031001900104,12345678,11.49,20260701,1,")],
    ["rounding after the total", { roundingMinor: 2, changeMinor: 700 }],
    [
      "rounding after the total without its sign",
      {
        roundingMinor: 2,
        totalMinor: 1302,
        changeMinor: 700,
        lineItems: [milk, { ...bread, unitPriceMinor: 402, extendedAmountMinor: 402 }],
      },
    ],
    ["rounding before the total", { roundingMinor: 2, totalMinor: 1300, changeMinor: 700 }],
    [
      "rounding between subtotal and total",
      { subtotalMinor: 1298, roundingMinor: -3, totalMinor: 1295, changeMinor: 705 },
    ],
    [
      "taxes on what was due before it was rounded off",
      { taxes: vat({}), roundingMinor: -3, totalMinor: 1295, changeMinor: 705 },
    ],
    ["a voided line", { lineItems: [milk, bread, { ...bread, voided: true }] }],
    ["an embedded price", { lineItems: [{ ...milk, embedded: { itemReference: "1", priceMinor: 450 } }, bread] }],
  ])("holds with %s", (_, change) => {
    expect(reasons(change)).toEqual([]);
  });

  it("does not hold when rounding is taken twice", () => {
    expect(reasons({ roundingMinor: 2, totalMinor: 1300, changeMinor: 698 })).toEqual(["LINES_NOT_SUBTOTAL"]);
  });

  it("says by how much rounding changed what is paid, whatever its printed sign", () => {
    const rounded = { ...sale, roundingMinor: 3, subtotalMinor: 1298, totalMinor: 1295, changeMinor: 705 };
    expect(withDerived(rounded, reconcile(rounded, 0)).roundingMinor).toBe(-3);
  });

  it("derives what is not printed from figures that agree, and nothing from others", () => {
    const exact = { ...sale, ...without("changeMinor"), tenders: [{ tenderType: "card" as const, amountMinor: 1298 }] };
    expect(withDerived(exact, reconcile(exact, 0))).toMatchObject({
      subtotalMinor: 1298,
      itemCount: 2,
      changeMinor: 0,
    });
    const wrong = { ...exact, totalMinor: 1300 };
    const derived = withDerived(wrong, reconcile(wrong, 0));
    expect([derived.subtotalMinor, derived.itemCount, derived.changeMinor]).toEqual([undefined, undefined, undefined]);
  });

  it("does not hold a reprint against the time of its code", () => {
    const copy = { kind: "copy" as const, status: "duplicate" as const };
    expect(reasons({ ...copy, ...rksv("2026-06-01T10:01:30", "12,98") })).toEqual([]);
  });
});

/** A change that takes a field away. */
function without(field: keyof Unchecked): Partial<Unchecked> {
  return { [field]: undefined };
}
