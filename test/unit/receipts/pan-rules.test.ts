import { describe, expect, it } from "vitest";
import { isCouponOrLocation, isDate, isGtin, isShippingCode, isTime } from "../../../agent/receipts/pan-rules.ts";
import { withGtinCheck } from "../../support/card-numbers.ts";

const digitsOf = (text: string): Uint8Array => Uint8Array.from(text, Number);
const spoilt = (text: string): string => `${text.slice(0, -1)}${(Number(text.at(-1)) + 1) % 10}`;

// Each of these spares a number from being masked: one that holds too easily lets card numbers through.
describe("what is no card number", () => {
  it.each([12, 13, 14])("is a GTIN of %i digits by its check digit, wherever it stands", (length) => {
    const gtin = withGtinCheck("4111222333444".slice(0, length - 1));
    expect(isGtin(digitsOf(gtin), 0, length)).toBe(true);
    expect(isGtin(digitsOf(`999${gtin}`), 3, length)).toBe(true);
    expect(isGtin(digitsOf(spoilt(gtin)), 0, length)).toBe(false);
  });

  it.each([8, 11, 15, 16])("is no GTIN of %i digits, whatever its check digit", (length) => {
    expect(isGtin(digitsOf(withGtinCheck("411122233344455".slice(0, length - 1))), 0, length)).toBe(false);
  });

  it.each<[string, boolean]>([
    ["20260101", true],
    ["20991231", true],
    ["20260001", false],
    ["20261301", false],
    ["20260100", false],
    ["20260132", false],
    ["19260101", false],
    ["21260101", false],
  ])("is the date %s: %s", (text, expected) => {
    expect(isDate(digitsOf(text), 0)).toBe(expected);
    expect(isDate(digitsOf(`77${text}`), 2)).toBe(expected);
  });

  it.each<[string, boolean]>([
    ["000000", true],
    ["235959", true],
    ["240000", false],
    ["006000", false],
    ["000060", false],
  ])("is the time %s: %s", (text, expected) => {
    expect(isTime(digitsOf(text))).toBe(expected);
  });

  it("is a coupon of AI 8110 to 8112, and a location of AI 410 to 417 by its check digit", () => {
    expect(
      ["8110", "8112", "8113", "8120", "8210", "9110"].map((text) => isCouponOrLocation(digitsOf(text), 20)),
    ).toEqual([true, true, false, false, false, false]);
    const number = withGtinCheck("401234500000");
    const location = (ai: string, more = ""): boolean =>
      isCouponOrLocation(digitsOf(ai + number + more), 16 + more.length);
    expect(["410", "414", "417", "418", "420", "310"].map((ai) => location(ai))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(location("414", "0")).toBe(false);
    expect(isCouponOrLocation(digitsOf(`414${spoilt(number)}`), 16)).toBe(false);
  });

  it("is a shipping code of 20 digits with two zeros and more before it, by its check digit", () => {
    const code = withGtinCheck("34012345000000000");
    expect(code).toHaveLength(18);
    expect(isShippingCode(digitsOf(code), 18, 2)).toBe(true);
    expect(isShippingCode(digitsOf(spoilt(code)), 18, 2)).toBe(false);
    expect([1, 3].map((padding) => isShippingCode(digitsOf(code), 18, padding))).toEqual([false, false]);
    const short = withGtinCheck("3401234500000000");
    expect([3, 2].map((padding) => isShippingCode(digitsOf(short), 17, padding))).toEqual([true, false]);
    const long = withGtinCheck("340123450000000000");
    expect(isShippingCode(digitsOf(long), 19, 1)).toBe(false);
  });
});
