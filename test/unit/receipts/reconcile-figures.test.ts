import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Discount, LineItem, Tax } from "../../../agent/core/transaction.ts";
import { withDerived } from "../../../agent/receipts/derived.ts";
import { reconcile, type Unchecked } from "../../../agent/receipts/reconcile.ts";

const base: Unchecked = {
  kind: "sale",
  status: "completed",
  sequenceNumber: "17",
  endDateTime: "2026-07-01T10:01:30",
  currencyCode: "EUR",
  currencyExponent: 2,
  lineItems: [],
  discounts: [],
  taxes: [],
  tenders: [],
  barcodes: [],
  qrCodes: [],
  fiscal: [],
  lines: [],
  profile: "test",
};

const item = (amount: number, more: Partial<LineItem> = {}): LineItem => ({
  description: "item",
  quantity: "1",
  extendedAmountMinor: amount,
  voided: false,
  ...more,
});
const cash = (amountMinor: number) => ({ tenderType: "cash" as const, amountMinor });
const off = (amountMinor: number): readonly Discount[] => [{ description: "off", amountMinor }];
const added = (amountMinor: number): Tax => ({ amountMinor, included: false });

/** A sale of two lines over 12.98, paid in full. */
const sale: Unchecked = { ...base, lineItems: [item(900), item(398)], totalMinor: 1298, tenders: [cash(1298)] };
const reasons = (change: Partial<Unchecked>): readonly string[] => reconcile({ ...sale, ...change }, 0).reasons;
const paying = (totalMinor: number): Partial<Unchecked> => ({ totalMinor, tenders: [cash(totalMinor)] });

const amount = fc.integer({ min: 1, max: 50_000 });
const line = fc.record({
  count: fc.integer({ min: 1, max: 9 }),
  price: amount,
  discount: fc.nat(50),
  voided: fc.boolean(),
});
const figures = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 6 }),
  discount: fc.constantFrom(0, 0, 7, 250),
  tax: fc.nat(2000),
  withSubtotal: fc.boolean(),
  handed: fc.array(amount, { maxLength: 2 }),
});

/** A change that takes a field away. */
const without = (field: keyof Unchecked): Partial<Unchecked> => ({ [field]: undefined });

/** A sale whose every figure is right. */
function rightSale({
  lines,
  discount,
  tax,
  withSubtotal,
  handed,
}: typeof figures extends fc.Arbitrary<infer T> ? T : never): Unchecked {
  const lineItems = lines.map(({ count, price, discount: lineDiscount, voided }) =>
    item(count * price - lineDiscount, {
      quantity: String(count),
      unitPriceMinor: price,
      discountMinor: lineDiscount,
      voided,
    }),
  );
  const standing = lineItems.filter(({ voided }) => !voided);
  const subtotalMinor = standing.reduce((sum, one) => sum + one.extendedAmountMinor, 0) - discount;
  const totalMinor = subtotalMinor + tax;
  const tenders = [...handed.map(cash), cash(Math.max(1, totalMinor))];
  return {
    ...base,
    lineItems,
    discounts: discount === 0 ? [] : off(discount),
    taxes: tax === 0 ? [] : [added(tax)],
    ...(withSubtotal && { subtotalMinor }),
    totalMinor,
    tenders,
    changeMinor: tenders.reduce((sum, one) => sum + one.amountMinor, 0) - totalMinor,
    itemCount: standing.length,
  };
}

/** The sale with one of its figures wrong by so much; undefined where it has no such figure. */
const wrongBy: Readonly<Record<string, (slip: Unchecked, by: number) => Unchecked | undefined>> = {
  total: (slip, by) => ({ ...slip, totalMinor: (slip.totalMinor ?? 0) + by }),
  subtotal: (slip, by) =>
    slip.subtotalMinor === undefined ? undefined : { ...slip, subtotalMinor: slip.subtotalMinor + by },
  change: (slip, by) => ({ ...slip, changeMinor: (slip.changeMinor ?? 0) + by }),
  tender: (slip, by) => ({
    ...slip,
    tenders: slip.tenders.map((one, index) => (index === 0 ? cash(one.amountMinor + by) : one)),
  }),
  "added tax": (slip, by) =>
    slip.taxes.length === 0 ? undefined : { ...slip, taxes: slip.taxes.map((tax) => added(tax.amountMinor + by)) },
  line: (slip, by) => {
    const at = slip.lineItems.findIndex(({ voided }) => !voided);
    return at < 0
      ? undefined
      : { ...slip, lineItems: slip.lineItems.with(at, item((slip.lineItems[at]?.extendedAmountMinor ?? 0) + by)) };
  },
  price: (slip, by) => {
    const [first, ...rest] = slip.lineItems;
    return first && { ...slip, lineItems: [{ ...first, unitPriceMinor: (first.unitPriceMinor ?? 0) + by }, ...rest] };
  },
  count: (slip, by) => ({ ...slip, itemCount: 1000 + Math.abs(by) }),
};

describe("the figures of a sale", () => {
  it("hold whatever lines, discounts, taxes and tenders make them", () => {
    fc.assert(
      fc.property(figures, (some) => {
        const slip = rightSale(some);
        fc.pre((slip.totalMinor ?? 0) > 0);
        expect(reconcile(slip, 0)).toEqual({ state: "reconciled", reasons: [] });
      }),
    );
  });

  it.each(Object.entries(wrongBy))("do not hold when one is wrong: %s", (_, change) => {
    fc.assert(
      fc.property(figures, fc.integer({ min: 2, max: 9999 }), fc.boolean(), (some, size, isLess) => {
        const slip = rightSale(some);
        // Whether a discount was taken off a subtotal already is not printed: by as much a figure may be either way.
        fc.pre((slip.totalMinor ?? 0) > 10_000 && size !== some.discount);
        const wrong = change(slip, isLess ? -size : size);
        fc.pre(wrong !== undefined);
        expect(reconcile(wrong ?? slip, 0).state).toBe("unreconciled");
      }),
    );
  });

  it("do not hold where a line could not be read, or the paper is not all there", () => {
    expect(reconcile(sale, 1)).toEqual({ state: "unreconciled", reasons: ["LINE_UNREADABLE"] });
    expect(reasons({ status: "truncated" })).toEqual(["TRUNCATED"]);
    expect(reconcile({ ...base, kind: "other", status: "truncated" }, 0).reasons).toEqual(["TRUNCATED"]);
    expect(reasons({ lineItems: [], totalMinor: 0, tenders: [] })).toEqual(["NO_LINES"]);
  });
});

it.each(["void", "nosale", "other"] as const)("a slip of the kind %s has no figures to hold", (kind) => {
  expect(reconcile({ ...base, kind }, 0)).toEqual({ state: "not-applicable", reasons: [] });
});

describe("a discount on the receipt", () => {
  it.each<[string, Partial<Unchecked>]>([
    ["behind a subtotal", { discounts: off(98), subtotalMinor: 1298, ...paying(1200) }],
    ["in front of a subtotal", { discounts: off(98), subtotalMinor: 1200, ...paying(1200) }],
    ["without a subtotal", { discounts: off(98), ...paying(1200) }],
    ["in the prices already", { discounts: off(98) }],
    [
      "in the prices already, and the tax on all of them",
      { discounts: off(98), taxes: [{ amountMinor: 85, rate: "7", included: true }] },
    ],
  ])("holds %s", (_, change) => {
    expect(reasons(change)).toEqual([]);
  });

  it("does not hold when it was not taken off and tax was added", () => {
    expect(reasons({ discounts: off(98), taxes: [added(100)], ...paying(1398) })).toEqual(["LINES_NOT_SUBTOTAL"]);
  });
});

describe("a rounding to the smallest coin", () => {
  it("of nothing holds", () => {
    expect(reasons({ roundingMinor: 0 })).toEqual([]);
    expect(withDerived(sale, reconcile(sale, 0))).not.toHaveProperty("roundingMinor");
  });

  it("that closes no sum is taken as printed, after the total", () => {
    expect(reasons({ roundingMinor: 2 })).toEqual(["TENDERS_NOT_TOTAL"]);
  });

  it.each([
    [2, 50],
    [1, 5],
    [0, 5],
    [3, 500],
  ])("is at most half of the unit, with %i digits %i", (currencyExponent, most) => {
    for (const roundingMinor of [most, -most]) {
      expect(reasons({ currencyExponent, roundingMinor, tenders: [cash(1298 + roundingMinor)] })).toEqual([]);
    }
    const roundingMinor = most + 1;
    expect(reasons({ currencyExponent, roundingMinor, tenders: [cash(1298 + roundingMinor)] })).toEqual([
      "ROUNDING_NOT_SMALL",
    ]);
  });
});

describe("a tax with its rate, on a slip of two lines", () => {
  it.each<[string, Partial<Tax>, number, number]>([
    ["of a gross amount", { included: true, grossMinor: 1070 }, 68, 72],
    ["of a net amount", { included: true, netMinor: 1000 }, 68, 72],
    ["of what is not printed", { included: true }, 0, 86],
  ])("%s is right to a minor unit and one for every two lines", (_, figure, least, most) => {
    const tax = (amountMinor: number): Partial<Unchecked> => ({
      taxes: [{ included: true, rate: "7", ...figure, amountMinor }],
    });
    expect([least, most].map((amountMinor) => reasons(tax(amountMinor)))).toEqual([[], []]);
    const wrong = least === 0 ? [most + 1] : [least - 1, most + 1];
    expect(wrong.map((amountMinor) => reasons(tax(amountMinor)))).toEqual(wrong.map(() => ["TAX_NOT_RATE"]));
  });

  it("is right with a rate that has a fraction, and where a bound is met exactly", () => {
    const fraction = (amountMinor: number): Partial<Unchecked> => ({
      taxes: [{ amountMinor, rate: "7.5", included: true, grossMinor: 1075 }],
    });
    expect([73, 77].map((amountMinor) => reasons(fraction(amountMinor)))).toEqual([[], []]);
    expect([72, 78].map((amountMinor) => reasons(fraction(amountMinor)))).toEqual([["TAX_NOT_RATE"], ["TAX_NOT_RATE"]]);
    const exact = (amountMinor: number): Partial<Unchecked> => ({
      lineItems: [item(700), item(370)],
      ...paying(1070),
      taxes: [{ amountMinor, rate: "7", included: true }],
    });
    expect([72, 73].map((amountMinor) => reasons(exact(amountMinor)))).toEqual([[], ["TAX_NOT_RATE"]]);
  });

  it("is held against the goods where no total is printed", () => {
    const taxes = [{ amountMinor: 80, rate: "7", included: true }];
    expect(reasons({ ...without("totalMinor"), taxes })).toEqual(["NO_TOTAL"]);
  });

  it("holds when several are charged on the same goods, and none is included", () => {
    const taxes = [
      { amountMinor: 65, rate: "5", included: false, netMinor: 1298, grossMinor: 1363 },
      { amountMinor: 26, rate: "2", included: false, netMinor: 1298, grossMinor: 1324 },
    ];
    expect(reasons({ taxes, ...paying(1389) })).toEqual([]);
  });

  it.each(["A", "", "7 %", "1000", "7.1234567"])("is held against no rate where that is no number: %o", (rate) => {
    expect(reasons({ taxes: [{ amountMinor: 1200, rate, included: true }] })).toEqual([]);
  });
});

describe("the figures of a report", () => {
  const report: Unchecked = { ...base, kind: "z-report", grossMinor: 1000, refundMinor: -100, netMinor: 900 };
  const of = (change: Partial<Unchecked>): readonly string[] => reconcile({ ...report, ...change }, 0).reasons;

  it.each<[string, Partial<Unchecked>, readonly string[]]>([
    ["gross less refunds", {}, []],
    ["refunds without their sign", { refundMinor: 100 }, []],
    ["tenders that are the net", { tenders: [cash(500), cash(400)] }, []],
    ["a net without gross", { ...without("grossMinor"), tenders: [cash(900)] }, []],
    ["a net without refunds", { ...without("refundMinor"), tenders: [cash(900)] }, []],
    ["tenders without a net", { ...without("grossMinor"), ...without("netMinor"), tenders: [cash(1)] }, []],
    ["a net that is too high", { netMinor: 901 }, ["REPORT_GROSS_NOT_NET"]],
    ["tenders that are not the net", { tenders: [cash(500), cash(401)] }, ["REPORT_TENDERS_NOT_NET"]],
  ] as const)("are held against each other: %s", (_, change, expected) => {
    expect(of(change)).toEqual(expected);
    expect(of({ ...change, kind: "x-report" })).toEqual(expected);
  });
});
