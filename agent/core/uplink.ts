import type { StoredEntry } from "./entry.ts";
import type { EpochStart, Head, Watermark } from "./ledger.ts";
import type { Epoch, Seq } from "./ids.ts";

/** Consecutive entries on their way to the receiver. */
export interface Batch {
  readonly epoch: EpochStart;
  /** Chain hash before the first entry. */
  readonly previousHash: Uint8Array;
  /** At least one, without gaps. */
  readonly entries: readonly StoredEntry[];
}

/** What the agent says of itself whenever it has connected. */
export interface Birth {
  readonly epoch: EpochStart;
  readonly head: Head;
  readonly watermark: Watermark;
}

/** The receiver's word on how far it has durably stored an agent's entries. */
export interface Ack {
  /** `ok`: stored up to `seq`; `gap`: something before the batch is missing, resume after `seq`; `fork`: contents disagree. */
  readonly status: "ok" | "gap" | "fork";
  readonly epoch: Epoch;
  readonly seq: Seq;
  readonly hash: Uint8Array;
}

/** What comes up from the link: the connection's state and acknowledgements. */
export type UplinkEvent =
  | { readonly type: "connected" }
  | { readonly type: "disconnected"; readonly code: string; readonly detail: string }
  | { readonly type: "ack"; readonly ack: Ack };

/** The way to the cloud. Knows nothing of the ledger. */
export interface Uplink {
  /** Connects and stays connected until aborted; events come out in order. Rejects only on a programming error. */
  run(birth: () => Birth, onEvent: (event: UplinkEvent) => void, signal: AbortSignal): Promise<void>;
  /** Resolves when the broker has taken the batch (which proves nothing about the receiver); rejects when not connected. */
  send(batch: Batch, signal: AbortSignal): Promise<void>;
}
