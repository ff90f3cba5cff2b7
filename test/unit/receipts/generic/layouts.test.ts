import { describe, expect, it } from "vitest";
import { faultsOf, isRight, layoutsOf, readWithoutProfile } from "./layouts.ts";

describe.each(["tuned", "later"] as const)("the generic profile on layouts that are %s", (folder) => {
  const layouts = layoutsOf(folder).map((layout) => ({ ...layout, slip: readWithoutProfile(layout.lines) }));

  it("reads kind, number, time and total rightly for at least nine in ten", () => {
    const wrong = layouts.filter(({ slip, truth }) => !isRight(slip, truth)).map(({ name }) => name);
    expect(wrong.length, wrong.join(", ")).toBeLessThanOrEqual(layouts.length / 10);
  });

  it.each(layouts)("says nothing wrong of $name with confidence", ({ slip, truth }) => {
    if (slip.confidence >= 0.8) expect(faultsOf(slip, truth)).toEqual([]);
    expect(slip.confidence).toBeGreaterThanOrEqual(0);
    expect(slip.confidence).toBeLessThanOrEqual(1);
  });

  it.each(layouts)("reconciles no wrong total of $name", ({ slip, truth }) => {
    if (slip.reconciliation.state === "reconciled" && truth.total !== undefined) {
      expect(slip.totalMinor).toBe(truth.total);
    }
    expect(slip.profile).toBe("generic");
  });
});
