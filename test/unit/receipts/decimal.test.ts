import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalString, isProduct, onlyUnitPrice, parseDecimal, parseMinor } from "../../../agent/receipts/decimal.ts";

const dollars = { decimal: ".", thousands: ",", exponent: 2 };
const euros = { decimal: ",", thousands: ".", exponent: 2 };
const kroner = { decimal: ",", thousands: " ", exponent: 2 };
const yen = { decimal: ".", thousands: ",", exponent: 0 };

describe("parseMinor", () => {
  it.each([
    ["12.99", dollars, 1299],
    ["1,299.00", dollars, 129_900],
    ["1.00-", dollars, -100],
    ["-69.90", dollars, -6990],
    ["￥100.00", dollars, 10_000],
    ["-￥5.00", dollars, -500],
    ["3.456,10", euros, 345_610],
    ["1 299,00", kroner, 129_900],
    ["1\u00A0299,00", kroner, 129_900],
    ["¥1,204", yen, 1204],
    ["0.29", dollars, 29],
    ["90071992547409", dollars, 9_007_199_254_740_900],
  ])("reads %s", (text, format, minor) => {
    expect(parseMinor(text, format)).toBe(minor);
  });

  it.each(["", "abc", "1.2.3", "12.345", "1e5", "9".repeat(16), "--5", "90071992547410", "-123456789012345"])(
    "refuses %j",
    (text) => {
      expect(parseMinor(text, dollars)).toBeUndefined();
    },
  );

  it("reads back every amount exactly", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (minor) => {
        const digits = String(Math.abs(minor)).padStart(3, "0");
        const text = `${minor < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
        expect(parseMinor(text, dollars)).toBe(minor);
      }),
    );
  });
});

describe("quantities", () => {
  const decimal = (text: string): { units: bigint; scale: number } =>
    parseDecimal(text, dollars) ?? { units: 0n, scale: 0 };

  it("become strings without needless zeros", () => {
    expect(["2.130", "1", "-1", "0.50", "10", "-0.250"].map((text) => decimalString(decimal(text)))).toEqual([
      "2.13",
      "1",
      "-1",
      "0.5",
      "10",
      "-0.25",
    ]);
  });

  it("times a price are an amount but for rounding either way", () => {
    expect(isProduct(decimal("1.236"), 1198, 1481)).toBe(true);
    expect(isProduct(decimal("1.236"), 1198, 1480)).toBe(true);
    expect(isProduct(decimal("1.236"), 1198, 1482)).toBe(false);
    expect(isProduct(decimal("-1"), 6990, -6990)).toBe(true);
  });

  it("give the unit price only where one price alone fits", () => {
    expect(onlyUnitPrice(decimal("2"), 700)).toBe(350);
    expect(onlyUnitPrice(decimal("1.236"), 1481)).toBe(1198);
    expect(onlyUnitPrice(decimal("-1"), -6990)).toBe(6990);
    expect(onlyUnitPrice(decimal("2"), 701)).toBeUndefined();
    expect(onlyUnitPrice(decimal("0.1"), 100)).toBeUndefined();
    expect(onlyUnitPrice(decimal("0"), 100)).toBeUndefined();
  });
});
