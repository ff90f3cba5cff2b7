import { describe, expect, it } from "vitest";
import { faultsOf, isRight, layoutsOf, readWithoutProfile } from "./layouts.ts";

describe.each(["tuned", "later"] as const)("the generic profile on layouts that are %s", (folder) => {
  const layouts = layoutsOf(folder).map((layout) => ({ ...layout, slip: readWithoutProfile(layout.lines) }));

  it("reads kind, number, time and total rightly for at least nine in ten", () => {
    const wrong = layouts.filter(({ slip, truth }) => !isRight(slip, truth)).map(({ name }) => name);
    expect(wrong.length, wrong.join(", ")).toBeLessThanOrEqual(layouts.length / 10);
  });

  // Without it the two below would hold of a profile that is never sure of anything.
  it("is sure of at least seven in ten, and reconciles at least nine in ten of the totals", () => {
    const sure = layouts.filter(({ slip }) => slip.confidence >= 0.8);
    expect(sure.length).toBeGreaterThanOrEqual(layouts.length * 0.7);
    const totals = layouts.filter(({ truth }) => truth.total !== undefined);
    const reconciled = totals.filter(({ slip }) => slip.reconciliation.state === "reconciled");
    expect(reconciled.length).toBeGreaterThanOrEqual(totals.length * 0.9);
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
