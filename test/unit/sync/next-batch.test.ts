import fc from "fast-check";
import { expect, it } from "vitest";
import { asSeq } from "../../../agent/core/ids.ts";
import { nextBatch } from "../../../sync/next-batch.ts";
import { touchDraft } from "../../support/entries.ts";
import { MemoryLedger } from "../../support/memory-ledger.ts";

it("puts as many entries into a batch as its limits allow, each with its line feed, and one at the least", () => {
  const lengths = fc.array(fc.nat(300), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(
      lengths,
      fc.nat(8),
      fc.integer({ min: -1, max: 1 }),
      fc.integer({ min: 1, max: 8 }),
      (texts, fit, off, most) => {
        const ledger = new MemoryLedger();
        ledger.append(...texts.map((length, index) => touchDraft(`key-${index}`, "x".repeat(length))));
        const sizes = ledger.read(asSeq(0), 100).map(({ bytes }) => bytes.length + 1);
        const sumOf = (count: number): number => sizes.slice(0, count).reduce((sum, size) => sum + size, 0);
        // Just what so many entries take, a byte less or a byte more.
        const bytes = Math.max(1, sumOf(fit) + off);
        const batch = nextBatch(ledger, { seq: asSeq(0), hash: ledger.epoch().baseHash }, { entries: most, bytes });
        const fitting = sizes.filter((_, index) => sumOf(index + 1) <= bytes).length;
        expect(typeof batch === "string" ? batch : batch.entries.length).toBe(Math.min(most, Math.max(1, fitting)));
      },
    ),
  );
});
