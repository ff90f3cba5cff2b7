import type { Appended, Entry, EntryKind, StoredEntry } from "../../agent/core/entry.ts";
import { StoreloopError } from "../../agent/core/errors.ts";
import type { Seq, StreamId } from "../../agent/core/ids.ts";
import type {
  Change,
  EntryRange,
  EpochStart,
  Head,
  Ledger,
  PendingStream,
  Watermark,
} from "../../agent/core/ledger.ts";

/** What becomes of a write. `refused` writes nothing; `unanswered` is committed, and told to have failed all the same. */
export type WriteFault = "refused" | "unanswered";

/** A real ledger whose writes fail when a script says so. Everything else goes through. */
export class FailingLedger implements Ledger {
  readonly #ledger: Ledger;
  readonly #fault: (write: number, change: Change) => WriteFault | undefined;
  /** Writes asked for so far. */
  writes = 0;

  /** `fault` is asked with the number of each write, from 1. */
  constructor(ledger: Ledger, fault: (write: number, change: Change) => WriteFault | undefined) {
    this.#ledger = ledger;
    this.#fault = fault;
  }

  async write(change: Change): Promise<readonly Appended[]> {
    this.writes += 1;
    const fault = this.#fault(this.writes, change);
    if (fault !== "refused") {
      const answer = await this.#ledger.write(change);
      if (fault === undefined) return answer;
    }
    throw new StoreloopError("LEDGER_UNWRITABLE", `write ${this.writes} was made to fail`);
  }

  read(after: Seq, limit: number): readonly StoredEntry[] {
    return this.#ledger.read(after, limit);
  }

  head(): Head {
    return this.#ledger.head();
  }

  epoch(): EpochStart {
    return this.#ledger.epoch();
  }

  watermark(): Watermark {
    return this.#ledger.watermark();
  }

  acknowledge(watermark: Watermark): "advanced" | "unchanged" | "refused" {
    return this.#ledger.acknowledge(watermark);
  }

  beginEpoch(): EpochStart {
    return this.#ledger.beginEpoch();
  }

  pending(): readonly PendingStream[] {
    return this.#ledger.pending();
  }

  received(streamId: StreamId): number {
    return this.#ledger.received(streamId);
  }

  find(key: string): Entry | undefined {
    return this.#ledger.find(key);
  }

  latest(kinds: readonly EntryKind[], limit: number, range?: EntryRange): readonly Entry[] {
    return this.#ledger.latest(kinds, limit, range);
  }

  openVisits(): readonly Entry[] {
    return this.#ledger.openVisits();
  }

  lastCounter(proof: string): number | undefined {
    return this.#ledger.lastCounter(proof);
  }

  captured(streamId: StreamId, startOffset: number, endOffset: number): Uint8Array {
    return this.#ledger.captured(streamId, startOffset, endOffset);
  }

  grown(seq: Seq, signal: AbortSignal): Promise<void> {
    return this.#ledger.grown(seq, signal);
  }
}
