import { describe, expect, it } from "vitest";
import { asLaneId } from "../../../../agent/core/ids.ts";
import type { Slip, SlipReader } from "../../../../agent/core/slip.ts";
import { createSlipReader } from "../../../../agent/receipts/slip-reader.ts";
import { createPrintDecoder } from "../../../../drivers/printer/decoder/print-decoder.ts";

function reader(): SlipReader {
  return createSlipReader({
    newDecoder: (startOffset) => createPrintDecoder({ startOffset }),
    profiles: [],
    laneId: asLaneId("02"),
    startOffset: 0,
  });
}

interface Sale {
  readonly number: string;
  readonly heading?: string;
  readonly goodbye?: boolean;
}

/** A sale of 7.50 in a layout of no profile. */
function sale({ number, heading = "CORNER SHOP", goodbye = true }: Sale): readonly string[] {
  return [
    heading,
    `Receipt No: ${number}   03/14/2026 10:0${number.at(-1)}`,
    "MILK                 3.00",
    "BREAD                4.50",
    "TOTAL               $7.50",
    "CASH                10.00",
    "CHANGE               2.50",
    ...(goodbye ? ["Thank you"] : []),
  ];
}

const bytes = (lines: readonly string[]): Uint8Array => Buffer.from(`${lines.join("\n")}\n`);

const briefly = (slips: readonly Slip[]): readonly string[] =>
  slips.map(({ transaction }) =>
    transaction === undefined
      ? "blank"
      : `${transaction.kind} ${transaction.status} ${transaction.sequenceNumber} ${transaction.reconciliation.state}`,
  );

describe("slips of an unknown layout, on a printer that cuts nothing", () => {
  it("are handed out when the line falls silent behind the last words or behind the payment", () => {
    const one = reader();
    one.feed(bytes(sale({ number: "101" })));
    expect(briefly(one.idle())).toEqual(["sale completed 101 reconciled"]);
    one.feed(bytes(sale({ number: "102", goodbye: false })));
    expect(briefly(one.idle())).toEqual(["sale completed 102 reconciled"]);
  });

  it("are kept at a silence in the middle, wherever it is", () => {
    const lines = sale({ number: "103" });
    for (let at = 1; at < lines.length - 1; at += 1) {
      const one = reader();
      one.feed(bytes(lines.slice(0, at)));
      const early = one.idle();
      one.feed(bytes(lines.slice(at)));
      const slips = [...early, ...one.idle()];
      // Behind the change the sale is over; what follows is a line of its own.
      if (at < 7) expect(briefly(slips)).toEqual(["sale completed 103 reconciled"]);
      else expect(briefly(slips)[0]).toBe("sale completed 103 reconciled");
    }
  });

  it("are flagged when they end in the middle", () => {
    const one = reader();
    one.feed(bytes(sale({ number: "104" }).slice(0, 4)));
    expect(briefly(one.end())).toEqual(["other truncated 104 unreconciled"]);
  });

  it("are told apart by the heading that comes again", () => {
    const one = reader();
    one.feed(bytes([...sale({ number: "105" }), "", "", "", ...sale({ number: "106" })]));
    const slips = one.idle();
    expect(briefly(slips)).toEqual(["sale completed 105 reconciled", "sale completed 106 reconciled"]);
    const whole = bytes([...sale({ number: "105" }), "", "", "", ...sale({ number: "106" })]).length;
    expect([slips[0]?.startOffset, slips[1]?.endOffset]).toEqual([0, whole]);
    expect(slips[0]?.endOffset).toBe(slips[1]?.startOffset);
  });

  it("are told apart by their numbers when the heading is another", () => {
    const one = reader();
    one.feed(bytes([...sale({ number: "107" }), "", "", ...sale({ number: "108", heading: "HAPPY EASTER" })]));
    expect(briefly(one.idle())).toEqual(["sale completed 107 reconciled", "sale completed 108 reconciled"]);
  });

  it("stay one slip when a feed stands in it", () => {
    const [heading = "", ...rest] = sale({ number: "109" });
    const one = reader();
    one.feed(bytes([heading, "", "", "", ...rest.slice(0, 4), "", "", ...rest.slice(4)]));
    expect(briefly(one.idle())).toEqual(["sale completed 109 reconciled"]);
  });

  it("keep a kitchen slip until the paper was fed", () => {
    const one = reader();
    one.feed(bytes(["KITCHEN", "2 x SOUP"]));
    expect(one.idle()).toEqual([]);
    one.feed(bytes(["", "", ""]));
    expect(briefly(one.idle())).toEqual(["other completed undefined not-applicable"]);
  });
});
