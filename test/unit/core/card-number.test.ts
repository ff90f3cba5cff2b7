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
        expect(isPan(digits, digits.length)).toBe(false);
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

  const sixteenUp = [16, 17, 18, 19];
  const all = [13, 14, 15, ...sixteenUp];

  // The ranges that issuers use, each by its first and its last four digits, and what is next to them.
  it.each<[string, string, readonly number[], string]>([
    ["2199", "2200 2204", [16, 19], "2205"],
    ["2220", "2221 2720", [16], "2721"],
    ["2999", "3000 3059", [14, 16], "3060"],
    ["3094", "3095", [14, 16], "3096"],
    ["3399", "3400 3499", [15], "3500"],
    ["3527", "3528 3589", sixteenUp, "3590"],
    ["3599", "3600 3699", [14, 16], ""],
    ["", "3700 3799", [15], ""],
    ["", "3800 3999", [14, 16], ""],
    ["", "4000 4999", [13, 16, 19], "5000"],
    ["5017", "5018", all, "5019"],
    ["5019", "5020", all, "5021"],
    ["5037", "5038", all, "5039"],
    ["5099", "5100 5599", [16], "5600"],
    ["5892", "5893", all, "5894"],
    ["6010", "6011", sixteenUp, "6012"],
    ["6199", "6200 6299", sixteenUp, "6300"],
    ["6303", "6304", all, "6305"],
    ["6439", "6440 6599", sixteenUp, "6600"],
    ["6758", "6759", all, "6760"],
    ["6760", "6761 6763", all, "6764"],
    ["8099", "8100 8171", sixteenUp, "8172"],
  ])("begin not with %s, with %s in lengths %j, and not with %s", (before, within, lengths, behind) => {
    const lengthsOf = (first: string): readonly number[] =>
      [11, 12, 13, 14, 15, 16, 17, 18, 19, 20].filter((length) => {
        const whole = withLuhn(first.padEnd(length - 1, "7"));
        return isPan(digitsOf(whole), length);
      });
    for (const first of within.split(" ")) {
      expect(lengthsOf(first), first).toEqual(lengths);
      expect([1, 2, 3, 4].map((known) => mayBegin(digitsOf(first), known))).toEqual([true, true, true, true]);
    }
    for (const first of [before, behind].filter((text) => text !== "")) {
      expect(lengthsOf(first), first).toEqual([]);
      expect(mayBegin(digitsOf(first), 4)).toBe(false);
    }
  });
});
