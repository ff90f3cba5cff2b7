import { randomUUID } from "node:crypto";
import type { Draft } from "../../agent/core/entry.ts";
import { asDeviceId, asEntryId, asLaneId, asStreamId, type StreamId } from "../../agent/core/ids.ts";
import type { CapturedBytes } from "../../agent/core/ledger.ts";
import type { Instant } from "../../agent/core/time.ts";

/** A moment that matters to no test. */
export const someInstant: Instant = { wallMs: 1_773_475_200_000, monotonicMs: 5000, bootId: "boot-1", trusted: true };

/** A touch draft with the given idempotency key. */
export function touchDraft(key: string, text = ""): Draft {
  return {
    id: asEntryId(randomUUID()),
    kind: "touch",
    key,
    at: someInstant,
    data: {
      laneId: asLaneId("05"),
      deviceId: asDeviceId("till-5-nfc"),
      readingId: key,
      technology: "ntag213",
      evidence: [{ type: "nfc.uid", tier: "claimed", token: text, keyVersion: 1 }],
    },
  };
}

/** A piece of a print stream. */
export function piece(streamId: StreamId | string, offset: number, text: string): CapturedBytes {
  return {
    streamId: asStreamId(streamId),
    deviceId: asDeviceId("till-5-printer"),
    laneId: asLaneId("05"),
    offset,
    bytes: Buffer.from(text, "latin1"),
    at: someInstant,
  };
}
