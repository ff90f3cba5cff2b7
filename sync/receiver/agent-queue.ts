import type { ReceivedBatch } from "../protocol/batch.ts";
import type { WireState } from "../protocol/state.ts";

/** Something an agent sent, waiting to be stored. */
export type Arrival =
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

/** What one agent sent and is not stored yet, in the order it came. */
export class AgentQueue {
  #arrivals: Arrival[] = [];
  #lot: Lot | undefined;

  get isEmpty(): boolean {
    return this.#lot === undefined && this.#arrivals.length === 0;
  }

  /** False when the queue is full: the arrival is dropped, and the agent sends it again. */
  add(arrival: Arrival): boolean {
    if (this.#arrivals.length >= longestQueue) return false;
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
