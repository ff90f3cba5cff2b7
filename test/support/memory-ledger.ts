import { randomUUID } from "node:crypto";
import type { Appended, Draft, Entry, EntryKind, StoredEntry } from "../../agent/core/entry.ts";
import { asEpoch, asSeq, type Seq } from "../../agent/core/ids.ts";
import type { Change, EpochStart, Head, Ledger, PendingStream, Watermark } from "../../agent/core/ledger.ts";
import { chainHash, genesisHash } from "../../sync/protocol/chain.ts";
import { encodeEvent, eventSource } from "../../sync/protocol/encode-event.ts";

/** A ledger in memory with a real chain, for tests of shipping. It keeps no captured bytes. */
export class MemoryLedger implements Ledger {
  readonly #source: string;
  readonly #entries: { readonly entry: Entry; readonly stored: StoredEntry }[] = [];
  #start: EpochStart = { epoch: asEpoch(randomUUID()), firstSeq: asSeq(1), baseHash: genesisHash };
  #watermark: Watermark = { epoch: this.#start.epoch, seq: asSeq(0), hash: genesisHash };
  #grown = Promise.withResolvers<void>();
  /** Entries up to here are no longer kept. */
  #forgotten = 0;

  constructor(agentId = "store-0117") {
    this.#source = eventSource(agentId);
  }

  /** Appends drafts at once; the port's `write` does the same and answers. */
  append(...drafts: readonly Draft[]): readonly Entry[] {
    return drafts.map((draft) => {
      const entry: Entry = { ...draft, seq: asSeq(this.#entries.length + 1) };
      const bytes = encodeEvent(entry, this.#source);
      const hash = chainHash(this.head().hash, bytes);
      this.#entries.push({ entry, stored: { seq: entry.seq, bytes, hash } });
      this.#grown.resolve();
      this.#grown = Promise.withResolvers();
      return entry;
    });
  }

  /** A copy as it was when entry `seq` was its last, acknowledged up to `ackedSeq`: a restored backup, or a crash. */
  copiedAt(seq: number, ackedSeq: number): MemoryLedger {
    const copy = new MemoryLedger();
    copy.#entries.push(...this.#entries.slice(0, seq));
    copy.#start = this.#start;
    const hash = this.#entries[ackedSeq - 1]?.stored.hash ?? genesisHash;
    copy.#watermark = { epoch: this.#start.epoch, seq: asSeq(ackedSeq), hash };
    return copy;
  }

  /** No longer keeps entries up to `seq`, as retention would. */
  forget(seq: number): void {
    this.#forgotten = seq;
  }

  async write(change: Change): Promise<readonly Appended[]> {
    await Promise.resolve();
    return this.append(...(change.drafts ?? [])).map((entry) => ({ status: "recorded", entry }));
  }

  read(after: Seq, limit: number): readonly StoredEntry[] {
    const from = Math.max(after, this.#forgotten);
    return this.#entries.slice(from, from + limit).map(({ stored }) => stored);
  }

  head(): Head {
    return this.#entries.at(-1)?.stored ?? { seq: asSeq(0), hash: genesisHash };
  }

  epoch(): EpochStart {
    return this.#start;
  }

  watermark(): Watermark {
    return this.#watermark;
  }

  acknowledge(watermark: Watermark): "advanced" | "unchanged" | "refused" {
    const ours = watermark.seq === 0 ? genesisHash : this.#entries[watermark.seq - 1]?.stored.hash;
    if (watermark.epoch !== this.#start.epoch || ours === undefined) return "refused";
    if (Buffer.compare(ours, watermark.hash) !== 0) return "refused";
    if (watermark.seq <= this.#watermark.seq) return "unchanged";
    this.#watermark = watermark;
    return "advanced";
  }

  beginEpoch(): EpochStart {
    const { seq, hash } = this.#watermark;
    this.#start = { epoch: asEpoch(randomUUID()), firstSeq: asSeq(seq + 1), baseHash: hash };
    this.#watermark = { epoch: this.#start.epoch, seq, hash };
    return this.#start;
  }

  pending(): readonly PendingStream[] {
    return [];
  }

  find(key: string): Entry | undefined {
    return this.#entries.find(({ entry }) => entry.key === key)?.entry;
  }

  latest(kinds: readonly EntryKind[], limit: number): readonly Entry[] {
    const found = this.#entries.map(({ entry }) => entry).filter((entry) => kinds.includes(entry.kind));
    return found.reverse().slice(0, limit);
  }

  received(): number {
    return 0;
  }

  openVisits(): readonly Entry[] {
    return [];
  }

  lastCounter(): number | undefined {
    return undefined;
  }

  captured(): Uint8Array {
    return new Uint8Array(0);
  }

  async grown(seq: Seq, signal: AbortSignal): Promise<void> {
    const { promise, reject } = Promise.withResolvers<never>();
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      signal.throwIfAborted();
      while (this.head().seq <= seq) await Promise.race([this.#grown.promise, promise]);
    } finally {
      signal.removeEventListener("abort", onAbort);
      promise.catch(() => undefined);
    }
  }
}
