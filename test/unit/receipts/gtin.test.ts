import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkDigit } from "../../../agent/core/gs1-check-digit.ts";
import { hasWrongCheckDigit } from "../../../agent/receipts/gtin.ts";

/** A GTIN of a given length without leading zeros. */
const gtin = fc
  .constantFrom(8, 12, 13, 14)
  .chain((length) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length - 1, maxLength: length - 1 }))
  .map((digits) => `${digits[0] === 0 || digits[0] === 2 ? 9 : digits[0]}${digits.slice(1).join("")}`)
  .map((digits) => `${digits}${checkDigit(digits)}`);

describe("check digits of GTINs", () => {
  it.each(["4006381333931", "96385074", "036000291452", "10614141000415"])("accepts %s of the GS1 examples", (code) => {
    expect(hasWrongCheckDigit(code)).toBe(false);
  });

  it("accepts every code with the check digit it computes", () => {
    fc.assert(fc.property(gtin, (code) => !hasWrongCheckDigit(code)));
  });

  it("notices any one digit that is wrong", () => {
    fc.assert(
      fc.property(gtin, fc.nat(13), fc.integer({ min: 1, max: 9 }), (code, at, shift) => {
        const i = 1 + (at % (code.length - 1));
        const changed = code.slice(0, i) + String((Number(code[i]) + shift) % 10) + code.slice(i + 1);
        expect(hasWrongCheckDigit(changed)).toBe(true);
      }),
    );
  });

  it.each(["2100016", "000000004011", "00000000090162", "20000001", "A123456789012"])(
    "does not judge %s, which is a number of the shop's own",
    (code) => {
      expect(hasWrongCheckDigit(code)).toBe(false);
    },
  );
});
