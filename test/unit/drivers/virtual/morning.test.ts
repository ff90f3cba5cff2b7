import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asLaneId } from "../../../../agent/core/ids.ts";
import { loadConfigFile } from "../../../../config/load-config-file.ts";
import { planVisits, storeBeacons } from "../../../../drivers/virtual/beacon-plan.ts";
import { CardCounters } from "../../../../drivers/virtual/card-counters.ts";
import { demoLanes, planMorning, salesOf, type Morning } from "../../../../drivers/virtual/morning.ts";
import { PosCounters } from "../../../../drivers/virtual/pos-counters.ts";
import { memberCodes } from "../../../../drivers/virtual/scan-plan.ts";
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

  it("has articles, members and one payment code scanned, members only where nobody taps", () => {
    for (const seed of [1, 2, 3]) {
      const scanned = slipsOf(plan(seed)).filter(({ scans }) => scans !== undefined);
      const scans = scanned.flatMap(({ scans: codes = [] }) => codes);
      const of = (kind: string) => scans.filter((scan) => scan.kind === kind);
      expect(of("article").length).toBeGreaterThan(20);
      expect(of("member")).toHaveLength(8);
      expect(of("payment")).toHaveLength(1);
      for (const { tap, slip, scans: codes = [] } of scanned) {
        expect(slip.kind).toBe("sale");
        if (codes.some(({ kind }) => kind === "member")) expect(tap).toBeUndefined();
      }
    }
  });

  it("leaves quiet before every member code as before a tap, and prints it masked where receipts name members", () => {
    for (const { pauseMs, slip, laneId, scans = [] } of slipsOf(plan(6, 5_000))) {
      const member = scans.find(({ kind }) => kind === "member");
      if (member === undefined) continue;
      expect(pauseMs).toBeGreaterThanOrEqual(5_300);
      const printed = laneId === "05" ? `${member.text.slice(0, 7)}****${member.text.slice(-1)}` : undefined;
      expect(slip.member?.printed).toBe(printed);
    }
  });

  it("scans articles that are on the receipt, by bar codes with their check digits", () => {
    for (const { slip, scans = [] } of slipsOf(plan(8))) {
      for (const scan of scans) {
        if (scan.kind !== "article") continue;
        expect(slip.lines.some(({ itemId }) => scan.text.startsWith(itemId))).toBe(true);
        expect(scan.text).toMatch(/^\d{13}$/);
        const sum = [...scan.text].reduce(
          (total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3),
          0,
        );
        expect(sum % 10).toBe(0);
      }
    }
  });

  it("prints the same with scanners as without, but for the member numbers", () => {
    const plainLanes = demoLanes(numbers).map(({ laneId, layout, sales, taps, numbers: printed }) => {
      return { laneId, layout, sales, taps, numbers: printed };
    });
    const [scanned, plain] = [slipsOf(plan(4)), slipsOf(plan(4, 700, plainLanes))];
    for (const [index, { slip }] of scanned.entries()) {
      const { member: _, ...rest } = slip;
      expect(plain[index]?.slip).toMatchObject(rest);
    }
  });

  it("gives some shoppers tags that prove themselves", () => {
    const chips = tapsOf(plan(1)).map(({ shopper }) => shopper.card.chip);
    expect(chips.filter((chip) => chip === "ntag424").length).toBeGreaterThanOrEqual(3);
    expect(chips.filter((chip) => chip === "ntag213").length).toBeGreaterThanOrEqual(15);
  });

  it("brings each beacon back only after its last visit must have ended, and has all of them gone within a minute", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const visits = Map.groupBy(planVisits(seed), ({ beacon }) => beacon);
        expect([...visits.keys()].length).toBe(storeBeacons.length);
        for (const own of visits.values()) {
          for (const [index, { comesAtMs, staysMs }] of own.entries()) {
            expect(comesAtMs + staysMs).toBeLessThan(60_000);
            const next = own[index + 1];
            if (next) expect(next.comesAtMs - comesAtMs - staysMs).toBeGreaterThanOrEqual(13_000);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it("refuses more taps than sales", () => {
    const lane = { laneId: asLaneId("05"), layout: "cn", sales: 2, taps: 3, numbers: numbers() } as const;
    expect(() => plan(1, 700, [lane])).toThrow(RangeError);
  });
});

describe("the demo's configuration", () => {
  const demo = loadConfigFile({ flag: join(import.meta.dirname, "../../../../config/demo.yaml"), env: {} });
  if (demo.state !== "ok") throw new Error(JSON.stringify(demo));
  const { config } = demo;

  it("knows every beacon that comes, and takes member codes for what they are", () => {
    for (const { beaconId, sends } of storeBeacons) {
      const known = config.beacons.find(({ id }) => id === beaconId);
      const same = sends.type === "ibeacon" ? { uuid: sends.uuid, major: sends.major } : { namespace: sends.namespace };
      expect(known).toMatchObject({ type: sends.type, ...same });
    }
    const { programme, prefix, length } = memberCodes;
    expect(config.codes.members).toMatchObject([{ programme, prefix, minLength: length, maxLength: length }]);
  });
});

describe("card counters", () => {
  it("go on above everything that an earlier tap can have used, also after the file is read again", () => {
    using folder = new TempFolder();
    const path = folder.file("cards/counters.json");
    const first = new CardCounters(path);
    const seen = [first.next("04A1"), first.next("04A1"), new CardCounters(path).next("04A1")];
    expect(seen).toEqual([0, 64, 128]);
    expect(first.next("04B2")).toBe(0);
  });

  it("begin anew when the file is damaged", () => {
    using folder = new TempFolder();
    const path = folder.file("counters.json");
    for (const text of ["", "[]", "null", '{"04A1":"x"}']) {
      writeFileSync(path, text);
      expect(new CardCounters(path).next("04A1")).toBe(0);
    }
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
