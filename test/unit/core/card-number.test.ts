import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasLuhn, isPan, mayBegin, panLengths } from "../../../agent/core/card-number.ts";
import { withLuhn } from "../../support/card-numbers.ts";

const digitsOf = (number: string): Uint8Array => Uint8Array.from(number, Number);
const number = fc.stringMatching(/^\d{12,18}$/).map(withLuhn);

describe("card numbers", () => {
  it("are of an issuer, of a length it uses and with its check digit", () => {
    fc.assert(
      fc.property(number, (number) => {
        const first = Number(number.slice(0, 4));
        expect(isPan(digitsOf(number), number.length)).toBe(panLengths(first, first).includes(number.length));
      }),
      { numRuns: 5_000 },
    );
  });

  it("are known from their first digits on", () => {
    fc.assert(
      fc.property(number, fc.nat({ max: 4 }), (number, known) => {
        if (isPan(digitsOf(number), number.length)) expect(mayBegin(digitsOf(number), known)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
    expect(mayBegin(digitsOf("1"), 1)).toBe(false);
    expect(mayBegin(digitsOf("7000"), 4)).toBe(false);
  });

  it("are none when a digit is another one", () => {
    fc.assert(
      fc.property(number, fc.nat(), fc.integer({ min: 1, max: 9 }), (number, at, by) => {
        const digits = digitsOf(number);
        expect(hasLuhn(digits, digits.length)).toBe(true);
        const index = at % digits.length;
        digits[index] = ((digits[index] ?? 0) + by) % 10;
        expect(hasLuhn(digits, digits.length)).toBe(false);
      }),
    );
  });

  it.each([
    ["41", 15, true],
    ["2221", 15, true],
    ["34", 14, true],
    ["34", 15, false],
    ["9280", 15, false],
  ])("of %s and %i digits more: %s", (begin, more, expected) => {
    const whole = withLuhn(begin.padEnd(more, "1"));
    expect(isPan(digitsOf(whole), whole.length)).toBe(expected);
  });
});
