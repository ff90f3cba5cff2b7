import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import type { DecodedSlip } from "../../../agent/receipts/decode.ts";
import { createPrintDecoder } from "../../../drivers/printer/decoder/print-decoder.ts";
import {
  foreignStreams,
  generatedStreams,
  poslogReceipts,
  segmentsOf,
  slipsOf,
  streamBytes,
  streamsAtHand,
} from "./stream-truth.ts";
import { comparedFields, comparedPoslogFields, type ComparedField } from "./truth-fields.ts";

const without = streamsAtHand ? "" : " (skipped: ../shared/receipts is absent)";

/** Fields that were read otherwise than the truth has them, by name. */
function wrong(fields: readonly ComparedField[], where: string): readonly string[] {
  return fields
    .filter(({ expected, read }) => !isDeepStrictEqual(expected, read))
    .map(({ field, expected, read }) => `${where}.${field}: ${JSON.stringify(read)} for ${JSON.stringify(expected)}`);
}

function expectedState(slip: DecodedSlip): string {
  if (slip.status === "truncated") return "unreconciled";
  return slip.kind === "nosale" ? "not-applicable" : "reconciled";
}

describe.skipIf(!streamsAtHand)(`streams of public encoders${without}`, () => {
  it.each(generatedStreams())("reads every field of %s", (name) => {
    const truths = segmentsOf(name);
    const slips = slipsOf(streamBytes(`generated/${name}.bin`));
    expect(slips).toHaveLength(truths.length);
    const faults = truths.flatMap((truth, index) => {
      const slip = slips[index];
      return slip === undefined ? [`${name}[${index}]`] : wrong(comparedFields(slip, truth), `${name}[${index}]`);
    });
    expect(faults).toEqual([]);
    expect(slips.map((slip) => slip.reconciliation.state)).toEqual(slips.map(expectedState));
  });

  it("loses no slip and calls no part of one a sale that is complete when a stream is cut at any byte", () => {
    const bytes = streamBytes("generated/cn01-sale-cash.bin");
    const figures = ({ lineItems, discounts, taxes, tenders, totalMinor }: DecodedSlip) =>
      JSON.stringify({ lineItems, discounts, taxes, tenders, totalMinor });
    const whole = slipsOf(bytes).map(figures);
    // The first text begins behind the printer's set-up.
    const firstText = slipsOf(bytes)[0]!.startOffset + 20;
    for (let length = firstText; length < bytes.length; length += 1) {
      const slips = slipsOf(bytes.subarray(0, length));
      expect(slips.map(({ endOffset }) => endOffset)).toEqual([length]);
      const complete = slips.filter(({ kind, status }) => kind === "sale" && status === "completed");
      expect([[], whole], `cut at ${length}`).toContainEqual(complete.map(figures));
      const reconciled = slips.filter(({ reconciliation }) => reconciliation.state === "reconciled");
      expect(reconciled, `cut at ${length}`).toEqual(complete);
    }
  });
});

describe.skipIf(!streamsAtHand)(`receipts of the POSLog sample${without}`, () => {
  it.each(poslogReceipts())("reads every field of $file", (truth) => {
    const [slip, ...more] = slipsOf(streamBytes(`poslog/${truth.file}`));
    expect(more).toEqual([]);
    expect(slip === undefined ? ["nothing"] : wrong(comparedPoslogFields(slip, truth), truth.file)).toEqual([]);
  });
});

describe.skipIf(!streamsAtHand)(`streams of other encoders${without}`, () => {
  it.each(foreignStreams())("frames %s to the last byte without an unknown command", (name) => {
    const decoder = createPrintDecoder({ startOffset: 0 });
    const events = [...decoder.feed(streamBytes(`third-party/${name}`)), ...decoder.end()];
    expect(events.filter((event) => event.type === "unknown" || event.type === "broken")).toEqual([]);
    expect(events.length).toBeGreaterThan(0);
  });
});
