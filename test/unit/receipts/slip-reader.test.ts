import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asLaneId } from "../../../agent/core/ids.ts";
import type { Slip, SlipReader } from "../../../agent/core/slip.ts";
import { createSlipReader } from "../../../agent/receipts/slip-reader.ts";
import { createPrintDecoder } from "../../../drivers/printer/decoder/print-decoder.ts";
import { shippedProfiles } from "./profiles-on-disk.ts";
import { chineseSale, jobInGb18030 } from "./slip-bytes.ts";

const profiles = shippedProfiles();

function reader(startOffset = 0): SlipReader {
  return createSlipReader({
    newDecoder: (offset) => createPrintDecoder({ startOffset: offset }),
    profiles,
    laneId: asLaneId("02"),
    startOffset,
  });
}

const briefly = (slips: readonly Slip[]): readonly string[] =>
  slips.map(({ transaction }) => {
    if (transaction === undefined) return "blank";
    const { kind, status, sequenceNumber, reconciliation } = transaction;
    return [kind, status, sequenceNumber, reconciliation.state, ...reconciliation.reasons].join(" ");
  });

describe("createSlipReader", () => {
  it("reads a slip at its cut", () => {
    const bytes = jobInGb18030(chineseSale());
    const slips = reader(1000).feed(bytes);
    expect(briefly(slips)).toEqual(["sale completed 0000042 reconciled"]);
    expect(slips[0]).toMatchObject({ startOffset: 1000, endOffset: 1000 + bytes.length });
    expect(slips[0]?.transaction).toMatchObject({
      retailStoreId: "0001",
      workstationId: "02",
      endDateTime: "2026-05-01T09:30:00",
      currencyCode: "CNY",
      totalMinor: 1400,
      changeMinor: 600,
      lineItems: [
        {
          itemId: "6900000000014",
          description: "测试可乐",
          quantity: "4",
          unitPriceMinor: 350,
          extendedAmountMinor: 1400,
        },
      ],
      tenders: [{ tenderType: "cash", amountMinor: 2000 }],
    });
  });

  it("keeps a slip that is not whole at idle and hands out one that is", () => {
    const whole = jobInGb18030(chineseSale(), false);
    const half = reader();
    half.feed(whole.subarray(0, 150));
    expect(half.idle()).toEqual([]);
    expect(briefly(half.feed(whole.subarray(150)))).toEqual([]);
    expect(briefly(half.idle())).toEqual(["sale completed 0000042 reconciled"]);
    expect(half.idle()).toEqual([]);
  });

  it("flags a slip that ends in the middle", () => {
    const half = reader();
    half.feed(jobInGb18030(chineseSale(), false).subarray(0, 150));
    expect(briefly(half.end())).toEqual([
      "sale truncated 0000042 unreconciled TRUNCATED LINE_UNREADABLE NO_TOTAL NO_LINES",
    ]);
  });

  it("settles feeds and drawer kicks without a slip", () => {
    const after = reader();
    after.feed(Buffer.of(0x0a, 0x0a, 0x1b, 0x70, 0, 25, 250));
    expect(after.end()).toEqual([{ startOffset: 2, endOffset: 7 }]);
  });

  it("reads on after an end, and reads the next good slip after any noise", () => {
    const good = jobInGb18030(chineseSale());
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(good.length - 1), (noise, cut) => {
        const after = reader();
        const offset = noise.length + cut;
        after.feed(Buffer.concat([noise, good.subarray(0, cut)]));
        after.end();
        const slips = after.feed(good);
        expect(briefly(slips)).toEqual(["sale completed 0000042 reconciled"]);
        expect(slips[0]).toMatchObject({ startOffset: offset, endOffset: offset + good.length });
      }),
      { numRuns: 150 },
    );
  });

  it("gives the same slips however the bytes are split, and again from any boundary between slips", () => {
    const jobs = ["1", "2", "3"].map((number) => jobInGb18030(chineseSale({ number })));
    const bytes = Buffer.concat(jobs);
    const all = reader().feed(bytes);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(2), (size, from) => {
        const start = jobs.slice(0, from).reduce((sum, job) => sum + job.length, 0);
        const again = reader(start);
        const slips: Slip[] = [];
        for (let at = start; at < bytes.length; at += size) slips.push(...again.feed(bytes.subarray(at, at + size)));
        expect(slips).toEqual(all.slice(from));
      }),
    );
  });

  it("keeps the printer's settings over a silence", () => {
    const one = reader();
    one.feed(jobInGb18030(["店"]));
    one.end();
    const withoutSetUp = jobInGb18030(chineseSale()).subarray(4);
    expect(briefly(one.feed(withoutSetUp))).toEqual(["sale completed 0000042 reconciled"]);
  });

  it("tells two receipts apart where there is no cutter", () => {
    const bytes = Buffer.concat([
      jobInGb18030(chineseSale({ number: "8" }), false),
      Buffer.from("\n\n\n"),
      jobInGb18030(chineseSale({ number: "9" }), false),
    ]);
    const both = reader();
    expect(briefly(both.feed(bytes))).toEqual(["sale completed 8 reconciled"]);
    expect(briefly(both.idle())).toEqual(["sale completed 9 reconciled"]);
  });
});

describe("the content key", () => {
  const keyOf = (lines: readonly string[], cut = true): string | undefined => {
    const one = reader();
    return [...one.feed(jobInGb18030(lines, cut)), ...one.end()][0]?.contentKey;
  };

  it("is the same for the same slip and another for any other", () => {
    const key = keyOf(chineseSale());
    expect(key).toBeDefined();
    expect(keyOf(chineseSale())).toBe(key);
    expect(keyOf(chineseSale({ number: "0000043" }))).not.toBe(key);
    expect(keyOf(chineseSale({ time: "2026-05-01 09:30:01" }))).not.toBe(key);
    expect(keyOf(chineseSale({ total: "15.00" }))).not.toBe(key);
    expect(keyOf(chineseSale({ heading: ["*** 培训模式 ***"] }))).not.toBe(key);
  });

  it("is absent for copies, for what stops in the middle and for what is no receipt", () => {
    expect(keyOf(chineseSale({ heading: ["** 重打小票 **"] }))).toBeUndefined();
    expect(keyOf(chineseSale().slice(0, 7), false)).toBeUndefined();
    expect(keyOf(["厨房单", "1 x 面条"])).toBeUndefined();
  });
});
