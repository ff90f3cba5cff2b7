import type { Appended, Draft, Entry, EntryKind, Evidence, StoredEntry } from "./entry.ts";
import type { DeviceId, Epoch, LaneId, Seq, StreamId } from "./ids.ts";
import type { Instant } from "./time.ts";

/** Print bytes to be kept until the slip they belong to is recorded, and after that for replay. */
export interface CapturedBytes {
  readonly streamId: StreamId;
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly at: Instant;
}

/** Bytes of a stream that no recorded slip accounts for yet, in order. */
export interface PendingStream {
  readonly streamId: StreamId;
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
  readonly chunks: readonly CapturedBytes[];
}

/** Everything that must become durable together: all of it or nothing. */
export interface Change {
  readonly drafts?: readonly Draft[];
  readonly captured?: readonly CapturedBytes[];
  /** Proofs in evidence that becomes no entry of its own: they count once all the same. */
  readonly proofs?: readonly Evidence[];
  /** The bytes of this stream before `upTo` are accounted for. */
  readonly settled?: { readonly streamId: StreamId; readonly upTo: number };
}

/** How far the receiver has durably taken the ledger. */
export interface Watermark {
  readonly epoch: Epoch;
  /** Last sequence number acknowledged, 0 before the first. */
  readonly seq: Seq;
  /** Chain hash at `seq`. */
  readonly hash: Uint8Array;
}

/** The chain's end. */
export interface Head {
  readonly seq: Seq;
  readonly hash: Uint8Array;
}

/** The epoch in force: which entry it begins with and the hash the chain had before it. */
export interface EpochStart {
  readonly epoch: Epoch;
  readonly firstSeq: Seq;
  readonly baseHash: Uint8Array;
}

/** Which entries are looked at. */
export interface EntryRange {
  /** Those before this place. */
  readonly before?: Seq;
  /** Those after this place. */
  readonly after?: Seq;
  /** Those that have one of these texts somewhere as a JSON string of its own; whoever asks sees whether it is where it should be. */
  readonly containing?: readonly string[];
}

/** The append-only ledger, which is also the outbox. */
export interface Ledger {
  /** Resolves after COMMIT with synchronous=FULL; rejects with a `LEDGER_*` error when nothing was written. One answer a draft, in order. */
  write(change: Change): Promise<readonly Appended[]>;
  /** Entries after `after`, oldest first, at most `limit`, as they go over the wire. */
  read(after: Seq, limit: number): readonly StoredEntry[];
  head(): Head;
  epoch(): EpochStart;
  watermark(): Watermark;
  /** Advances the watermark. Answers `refused` (and changes nothing) when the epoch or the hash at that place is not ours. */
  acknowledge(watermark: Watermark): "advanced" | "unchanged" | "refused";
  /** Begins a new epoch right after the watermark, so that everything not yet agreed on is shipped again under it. */
  beginEpoch(): EpochStart;
  /** Streams with bytes that are not accounted for, as they stood on disk. */
  pending(): readonly PendingStream[];
  /** Stream position up to which bytes are kept; 0 for a stream nothing is known of. */
  received(streamId: StreamId): number;
  /** The entry that has this idempotency key. */
  find(key: string): Entry | undefined;
  /**
   * The newest entries of some kinds, newest first. A ledger holds millions, and entries of a kind may be rare or none: without `after`
   * all of it may have to be gone through.
   */
  latest(kinds: readonly EntryKind[], limit: number, range?: EntryRange): readonly Entry[];
  /** The `visit.started` entries of visits that have not ended, oldest first. */
  openVisits(): readonly Entry[];
  /** The highest counter recorded with a proof (0 where the proof has none), from evidence of tier `proven`. */
  lastCounter(proof: string): number | undefined;
  /** Captured bytes of one stretch of a stream, as far as they are still kept. */
  captured(streamId: StreamId, startOffset: number, endOffset: number): Uint8Array;
  /** Waits until an entry after `seq` exists. Rejects with the signal's reason when aborted. */
  grown(seq: Seq, signal: AbortSignal): Promise<void>;
}
