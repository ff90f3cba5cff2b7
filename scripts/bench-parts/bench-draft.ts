import { randomUUIDv7 } from "node:crypto";
import type { Draft } from "../../agent/core/entry.ts";
import { asDeviceId, asEntryId, asLaneId, asStreamId } from "../../agent/core/ids.ts";

const soda = { itemId: "6901939621608", description: "Cola 500 ml", quantity: "1", unitPriceMinor: 350 };

/** A transaction that makes an entry of about 1 KB: a small sale, as read from paper. */
export function benchDraft(number: number): Draft {
  const at = { wallMs: Date.now(), monotonicMs: performance.now(), bootId: "bench", trusted: true };
  return {
    id: asEntryId(randomUUIDv7()),
    kind: "transaction",
    key: `slip:sale|0117|05|${String(number).padStart(7, "0")}|2026-03-14T10:47:11|700`,
    at,
    data: {
      kind: "sale",
      status: "completed",
      lineItems: [{ ...soda, extendedAmountMinor: 350, voided: false }],
      discounts: [],
      taxes: [],
      tenders: [{ tenderType: "cash", amountMinor: 350 }],
      totalMinor: 350,
      barcodes: [],
      qrCodes: [],
      fiscal: [],
      reconciliation: { state: "reconciled", reasons: [] },
      profile: "bench",
      confidence: 1,
      lines: ["Cola 500 ml              3.50", "TOTAL                    3.50"],
      laneId: asLaneId("05"),
      deviceId: asDeviceId("till-5-printer"),
      streamId: asStreamId("bench"),
      startOffset: 0,
      endOffset: 254,
      firstByteAt: at,
      lastByteAt: at,
    },
  };
}
