import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Transaction } from "../../../../agent/core/transaction.ts";
import { readGeneric, type GenericOptions } from "../../../../agent/receipts/generic/generic-profile.ts";
import { layoutsOf, readWithoutProfile, segmentWith, type Layout } from "./layouts.ts";

const layouts = [...layoutsOf("tuned"), ...layoutsOf("later")].filter(({ truth }) => truth.total !== undefined);
const anyLayout = fc.constantFrom(...layouts);

/** A total that is wrong must not be called right, however it came about. */
function expectHonest(slip: Transaction, { truth }: Layout): void {
  if (slip.reconciliation.state === "reconciled") expect(slip.totalMinor).toBe(truth.total);
  if (slip.confidence >= 0.8 && slip.totalMinor !== undefined) expect(slip.totalMinor).toBe(truth.total);
}

/** Replaces the digit at `at` (of all digits of the line, round and round) by another one. */
function withOtherDigit(line: string, at: number, add: number): string {
  const places = [...line.matchAll(/\d/g)].map((match) => match.index);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return line;
  return `${line.slice(0, place)}${(Number(line.charAt(place)) + add) % 10}${line.slice(place + 1)}`;
}

const noiseLine = fc.oneof(
  fc.string({ maxLength: 48, unit: "grapheme" }),
  fc
    .tuple(fc.constantFrom("TOTAL", "合计", "SUMME", "Remise", "FOO", "CASH", "税", "割引"), fc.nat(99_999))
    .map(([word, minor]) => `${word.padEnd(30)}${(minor / 100).toFixed(2)}`),
  fc.nat().map((number) => `Ref ${number}`),
);

const noiseCharacter = fc.constantFrom(...Array.from("ABCXTOL abcx    0123456789.,:-/$€¥@%*()合计元月日税円"));

describe("a layout that is damaged", { timeout: 60_000 }, () => {
  it("never has a wrong total reconciled when a digit is another", () => {
    fc.assert(
      fc.property(anyLayout, fc.nat(200), fc.nat(20), fc.integer({ min: 1, max: 9 }), (layout, line, at, add) => {
        const lines = layout.lines.map((text, index) =>
          index === line % layout.lines.length ? withOtherDigit(text, at, add) : text,
        );
        expectHonest(readWithoutProfile(lines), layout);
      }),
      { numRuns: 800 },
    );
  });

  it("never has a wrong total reconciled when lines of noise stand between its own", () => {
    fc.assert(
      fc.property(
        anyLayout,
        fc.array(fc.tuple(fc.nat(60), noiseLine), { minLength: 1, maxLength: 6 }),
        (layout, noise) => {
          const lines = [...layout.lines];
          for (const [at, text] of noise) lines.splice(at % lines.length, 0, text);
          expectHonest(readWithoutProfile(lines), layout);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("never has a wrong total reconciled when a line is missing or columns have moved", () => {
    fc.assert(
      fc.property(anyLayout, fc.nat(60), fc.nat(8), fc.boolean(), (layout, at, shift, drop) => {
        const lines = layout.lines.flatMap((text, index) => {
          if (index !== at % layout.lines.length) return [text];
          // Without the line of its total a slip says something else.
          return drop && !text.replace(/\D/g, "").endsWith(String(layout.truth.total))
            ? []
            : [`${" ".repeat(shift)}${text.replace(/ {2,}/g, (gap) => gap + " ".repeat(shift))}`];
        });
        expectHonest(readWithoutProfile(lines), layout);
      }),
      { numRuns: 400 },
    );
  });

  it("is read in time when it is nothing but noise", () => {
    const options: GenericOptions = { statusOf: () => "completed", revealMember: true };
    const read = (lines: readonly string[]) => readGeneric(segmentWith(lines), options);
    const noise = fc.sample(fc.string({ unit: noiseCharacter, minLength: 48, maxLength: 48 }), {
      numRuns: 4000,
      seed: 1,
    });
    read(noise);
    const begun = process.cpuUsage();
    const slip = read(noise);
    const milliseconds = process.cpuUsage(begun).user / 1000;
    expect(slip.reconciliation.state).not.toBe("reconciled");
    // Under 50 ms on a machine that does nothing else; what is linear in the lines stays far below this on one that does.
    expect(milliseconds).toBeLessThan(400);
  });

  it("is read in time when it is nothing but subtotals, discounts and totals", () => {
    const many = Array.from({ length: 2000 }, () => ["SUBTOTAL 9.00", "DISCOUNT -0.11"]).flat();
    const extras = ["SERVICE CHARGE 1.10", "VAT 1.20", "ROUNDING 0.01", "TIP 0.10"];
    const totals = Array.from({ length: 12 }, (_, index) => `TOTAL ${index}.99`);
    const lines = ["SHOP", "Milk 1.00", ...many, ...extras, ...totals];
    const begun = process.cpuUsage();
    readGeneric(segmentWith(lines), { statusOf: () => "completed", revealMember: true });
    // Some 100 ms; each total with each subtotal takes ten seconds.
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(2000);
  });

  it("never throws, whatever the lines are", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(noiseLine, fc.string({ unit: "binary", maxLength: 300 })), { maxLength: 60 }),
        (lines) => {
          const slip = readWithoutProfile(lines);
          expect(slip.confidence).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 200 },
    );
  });
});
