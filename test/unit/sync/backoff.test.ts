import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs } from "../../../sync/backoff.ts";

describe("the back-off", () => {
  it("stays between half and all of a wait that doubles up to the longest", () => {
    const options = fc.record({
      firstMs: fc.integer({ min: 1, max: 10_000 }),
      longestMs: fc.integer({ min: 1, max: 100_000 }),
    });
    fc.assert(
      fc.property(
        options,
        fc.nat({ max: 5000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (o, n, r) => {
          const full = Math.min(o.longestMs, o.firstMs * 2 ** Math.min(n, 30));
          const wait = backoffMs(o, n, () => r);
          expect(wait).toBeGreaterThanOrEqual(full / 2);
          expect(wait).toBeLessThanOrEqual(full);
        },
      ),
    );
  });
});
