import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../../drivers/virtual/random.ts";

describe("seeded random", () => {
  it("gives the same numbers for the same seed, all below one", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [one, other] = [new SeededRandom(seed), new SeededRandom(seed)];
        for (let i = 0; i < 50; i += 1) {
          const number = one.next();
          expect(number).toBe(other.next());
          expect(number >= 0 && number < 1).toBe(true);
        }
      }),
    );
  });

  it("chooses as many places as asked, all within bounds", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(40), fc.nat(40), (seed, count, of) => {
        const chosen = new SeededRandom(seed).choose(count, of);
        expect(chosen.size).toBe(Math.min(count, of));
        for (const place of chosen) expect(place >= 0 && place < of).toBe(true);
      }),
    );
  });

  it("reaches both ends of a range", () => {
    const random = new SeededRandom(1);
    const seen = new Set(Array.from({ length: 200 }, () => random.between(3, 6)));
    expect([...seen].toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6]);
  });
});
