import { describe, expect, it } from "vitest";
import { decodeCapture, type DecodedSlip } from "../../../../agent/receipts/decode.ts";
import { createPrintDecoder } from "../../../../drivers/printer/decoder/print-decoder.ts";
import {
  generatedStreams,
  poslogReceipts,
  segmentsOf,
  streamBytes,
  streamsAtHand,
  type SegmentTruth,
} from "../stream-truth.ts";
import { isRight } from "./layouts.ts";

const without = streamsAtHand ? "" : " (skipped: ../shared/receipts is absent)";

function slipsOf(path: string): readonly DecodedSlip[] {
  const newDecoder = (startOffset: number) => createPrintDecoder({ startOffset });
  return decodeCapture(streamBytes(path), { newDecoder, profiles: [], revealMember: true });
}

interface Known {
  readonly name: string;
  readonly kind: string;
  readonly number?: string;
  readonly time?: string;
  readonly total?: number;
  readonly slip: DecodedSlip;
}

/** Only the seconds of the time may come from elsewhere than the paper. */
function known(name: string, slip: DecodedSlip, truth: SegmentTruth): Known {
  const { kind, receiptNo: number, timestamp: time, total } = truth;
  const isReport = kind.endsWith("-report");
  return {
    name,
    slip,
    kind,
    ...(isReport ? {} : { ...(number !== undefined && { number }), time }),
    ...(total !== undefined && { total }),
  };
}

const generated: readonly Known[] = generatedStreams().flatMap((name) => {
  const slips = slipsOf(`generated/${name}.bin`);
  return segmentsOf(name).flatMap((truth, index) => {
    const slip = slips[index];
    return slip === undefined ? [] : [known(`${name} ${index}`, slip, truth)];
  });
});

const poslog: readonly Known[] = poslogReceipts().flatMap(({ file, receiptNo, totals, timestamp }) => {
  const [slip, ...more] = slipsOf(`poslog/${file}`);
  const total = totals.find(({ type }) => type === "TransactionGrandAmount")?.amount;
  if (slip === undefined || more.length > 0) return [];
  return [
    { name: file, slip, kind: "sale", number: receiptNo, time: timestamp, ...(total !== undefined && { total }) },
  ];
});

const all = [...generated, ...poslog];

describe.skipIf(!streamsAtHand)(`streams read without any profile${without}`, () => {
  it("are told apart as they were printed", () => {
    const count = generatedStreams().flatMap((name) => segmentsOf(name)).length + poslogReceipts().length;
    expect(all).toHaveLength(count);
  });

  it("are read rightly in kind, number, time and total, at least 95 in 100", () => {
    const wrong = all.filter(({ slip, ...truth }) => !isRight(slip, truth)).map(({ name }) => name);
    expect(wrong.length, wrong.join(", ")).toBeLessThanOrEqual(all.length * 0.05);
  });

  // Without it the next would hold of a profile that is never sure of anything.
  it("are read with confidence, 8 in 10 at least, and have their totals reconciled, 9 in 10", () => {
    const totals = all.filter(({ total }) => total !== undefined);
    const sure = all.filter(({ slip }) => slip.confidence >= 0.8);
    const reconciled = totals.filter(({ slip }) => slip.reconciliation.state === "reconciled");
    expect(sure.length).toBeGreaterThanOrEqual(all.length * 0.8);
    expect(reconciled.length).toBeGreaterThanOrEqual(totals.length * 0.9);
  });

  it.each(all)("say nothing wrong with confidence, and reconcile no wrong total: $name", ({ slip, ...truth }) => {
    if (slip.confidence >= 0.8) expect(isRight(slip, truth)).toBe(true);
    if (slip.reconciliation.state === "reconciled" && truth.total !== undefined) {
      expect(slip.totalMinor).toBe(truth.total);
    }
  });

  it("reads the figures of X and Z reports", () => {
    const reports = generatedStreams().flatMap((name) =>
      segmentsOf(name).flatMap((truth, index) => {
        const slip = slipsOf(`generated/${name}.bin`)[index];
        return truth.kind.endsWith("-report") ? [{ truth, slip }] : [];
      }),
    );
    expect(reports.map(({ slip }) => [slip?.netMinor, slip?.count, slip?.lastSequenceNumber])).toEqual(
      reports.map(({ truth }) => [truth.net, truth.count, truth.lastReceiptNo]),
    );
  });
});
