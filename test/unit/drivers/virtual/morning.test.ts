import { writeFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asLaneId } from "../../../../agent/core/ids.ts";
import { demoLanes, planMorning, salesOf, type Morning } from "../../../../drivers/virtual/morning.ts";
import { PosCounters } from "../../../../drivers/virtual/pos-counters.ts";
import { TempFolder } from "../../../support/temp-folder.ts";

const numbers = () => ({ next: 1, training: 1 });

function plan(seed: number, touchAfterMs = 700, lanes = demoLanes(numbers)): Morning {
  return planMorning({ seed, retailStoreId: "0117", startsAt: "2026-03-14T08:00:00", lanes, touchAfterMs });
}

const slipsOf = (morning: Morning) => morning.lanes.flatMap(({ slips }) => slips);
const tapsOf = (morning: Morning) => slipsOf(morning).flatMap(({ tap }) => tap ?? []);

describe("planned morning", () => {
  it("is the same to the byte for the same seed, and another for another", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(plan(seed)).toEqual(plan(seed));
        expect(plan(seed)).not.toEqual(plan(seed + 1));
      }),
      { numRuns: 5 },
    );
  });

  it("has at least 60 sales on two lanes and 20 taps, and fits into 75 seconds", () => {
    const morning = plan(1);
    expect(salesOf(morning).length).toBeGreaterThanOrEqual(60);
    expect(tapsOf(morning).length).toBeGreaterThanOrEqual(20);
    for (const { slips } of morning.lanes) {
      const pausesMs = slips.reduce((sum, { pauseMs }) => sum + pauseMs, 0);
      const tapsMs = slips.filter(({ tap }) => tap).length * 1_900;
      const printsMs = slips.reduce((sum, { bytes }) => sum + Math.ceil(bytes.length / 200) * 15 + 30, 0);
      expect(pausesMs + tapsMs + printsMs).toBeLessThan(75_000);
    }
  });

  it("numbers the receipts of a lane one after the other, at rising times", () => {
    for (const { slips } of plan(3).lanes) {
      const sequence = slips.filter(({ slip }) => slip.kind !== "training").map(({ slip }) => Number(slip.receiptNo));
      expect(sequence).toEqual(sequence.map((_, index) => index + 1));
      const times = slips.map(({ slip }) => slip.at);
      expect(times).toEqual(times.toSorted());
      expect(new Set(times).size).toBe(times.length);
    }
  });

  it("leaves quiet before every tap, so that it cannot be taken for the receipt before", () => {
    for (const touchAfterMs of [0, 700, 30_000]) {
      const tapped = slipsOf(plan(5, touchAfterMs)).filter(({ tap }) => tap !== undefined);
      for (const { pauseMs } of tapped) expect(pauseMs).toBeGreaterThanOrEqual(touchAfterMs + 300);
    }
  });

  it("has taps after the paper only where the window has room for them", () => {
    expect(tapsOf(plan(5, 700)).filter(({ when }) => when === "after")).toEqual([]);
    expect(tapsOf(plan(5, 5_000)).filter(({ when }) => when === "after").length).toBeGreaterThan(0);
  });

  it("brings some shoppers back, each with a tag of their own", () => {
    const shoppers = tapsOf(plan(9)).map(({ shopper }) => shopper);
    const visits = Map.groupBy(shoppers, ({ number }) => number);
    expect(visits.size).toBeLessThan(shoppers.length);
    expect(new Set(shoppers.map(({ card }) => card.uid)).size).toBe(visits.size);
    for (const { card } of shoppers) expect(card.uid).toMatch(/^04[0-9A-F]{12}$/);
  });

  it("prints a whole basket in whole minor units", () => {
    for (const { slip } of salesOf(plan(11))) {
      expect(slip.lines.length).toBeGreaterThan(0);
      const amounts = [slip.totalMinor, slip.taxMinor, slip.changeMinor, ...slip.lines.map((line) => line.amountMinor)];
      for (const amount of amounts) expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true);
    }
  });

  it("refuses more taps than sales", () => {
    const lane = { laneId: asLaneId("05"), layout: "cn", sales: 2, taps: 3, numbers: numbers() } as const;
    expect(() => plan(1, 700, [lane])).toThrow(RangeError);
  });
});

describe("POS counters", () => {
  it("go on the next morning where the last one ended, even if it broke off", () => {
    using folder = new TempFolder();
    const path = folder.file("pos/counters.json");
    const first = new PosCounters(path);
    const morning = plan(
      2,
      700,
      demoLanes((lane) => first.numbers(lane)),
    );
    const played = slipsOf(morning).slice(0, 30);
    for (const planned of played) first.use(planned);
    const five = asLaneId("05");
    const used = played.filter(({ slip }) => slip.kind === "sale").map(({ slip }) => Number(slip.receiptNo));
    expect(new PosCounters(path).numbers(five).next).toBe(Math.max(...used) + 1);
    expect(new PosCounters(path).numbers(five).training).toBe(2);
  });

  it("begin anew when the file is damaged", () => {
    using folder = new TempFolder();
    const path = folder.file("counters.json");
    const fresh = new PosCounters(path).numbers(asLaneId("07"));
    for (const text of ["", "{", "[]", "null", '{"07":{"next":"x"}}', '{"07":null}']) {
      writeFileSync(path, text);
      expect(new PosCounters(path).numbers(asLaneId("07"))).toEqual(fresh);
    }
  });
});
