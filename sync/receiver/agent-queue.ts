import type { ReceivedBatch } from "../protocol/batch.ts";
import type { WireState } from "../protocol/state.ts";

/** Something an agent sent, waiting to be stored. */
export type Arrival =
  /** `bytes` is what it takes in memory, about. */
  | { readonly type: "batch"; readonly batch: ReceivedBatch; readonly bytes: number }
  | { readonly type: "state"; readonly state: WireState; readonly retained: boolean }
  | { readonly type: "unreadable"; readonly detail: string };

/** What is stored in one transaction: batches of one epoch that came one after the other, or a single other arrival. */
export type Lot =
  | { readonly type: "batches"; readonly batches: readonly [ReceivedBatch, ...ReceivedBatch[]]; readonly bytes: number }
  | Exclude<Arrival, { type: "batch" }>;

/** Batches in one transaction, at most, and their bytes: a commit costs the same for one as for many. */
const lotBatches = 16;
const lotBytes = 4 * 1024 * 1024;

/** Arrivals of one agent that may wait, at most. An agent sends no more than half of it ahead. */
const longestQueue = 64;

/** Bytes of them, at most: two batches of the longest kind, so that no agent takes the room of the others. */
const fullestQueueBytes = 34 * 1024 * 1024;

/** What an entry takes in memory beside its bytes: measured, 300 and what the collector leaves lying. */
const entryBytes = 400;

/** A batch as it waits. One of short entries takes much more memory than its payload. */
export function batchArrival(batch: ReceivedBatch, payloadBytes: number): Arrival {
  return { type: "batch", batch, bytes: payloadBytes + batch.count * entryBytes };
}

/** What one agent sent and is not stored yet, in the order it came. */
export class AgentQueue {
  #arrivals: Arrival[] = [];
  #lot: Lot | undefined;
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#lot === undefined && this.#arrivals.length === 0;
  }

  /** False when the queue is full: the arrival is dropped, and the agent sends it again. */
  add(arrival: Arrival): boolean {
    const bytes = this.#bytes + bytesOf(arrival);
    if (this.#arrivals.length >= longestQueue || bytes > fullestQueueBytes) return false;
    this.#bytes = bytes;
    this.#arrivals.push(arrival);
    return true;
  }

  /** The lot to work on: the same one until it is {@link done}. */
  take(): Lot | undefined {
    this.#lot ??= this.#nextLot();
    return this.#lot;
  }

  /** The lot taken last is stored or given up. */
  done(): void {
    this.#bytes -= this.#lot === undefined ? 0 : bytesOf(this.#lot);
    this.#lot = undefined;
  }

  #nextLot(): Lot | undefined {
    const first = this.#arrivals.shift();
    if (first?.type !== "batch") return first;
    const more: ReceivedBatch[] = [];
    let bytes = first.bytes;
    for (;;) {
      const next = this.#arrivals[0];
      if (next?.type !== "batch" || next.batch.epoch.epoch !== first.batch.epoch.epoch) break;
      if (more.length + 1 >= lotBatches || bytes + next.bytes > lotBytes) break;
      this.#arrivals.shift();
      more.push(next.batch);
      bytes += next.bytes;
    }
    return { type: "batches", batches: [first.batch, ...more], bytes };
  }
}

/** What something an agent sent takes in memory. Other arrivals are no longer than a control message. */
export function bytesOf(arrival: Arrival | Lot): number {
  return arrival.type === "batch" || arrival.type === "batches" ? arrival.bytes : 0;
}
