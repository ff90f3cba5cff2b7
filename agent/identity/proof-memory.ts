import type { Ledger } from "../core/ledger.ts";

/** Proofs remembered beside the ledger: those of the last moments, which may not be durable yet. */
const mostRecent = 10_000;

/** Knows which proofs were shown before: what the ledger holds, and what was let through since. Bounded; the oldest goes first. */
export class ProofMemory {
  readonly #ledger: Pick<Ledger, "lastCounter">;
  readonly #recent = new Map<string, number>();

  constructor(ledger: Pick<Ledger, "lastCounter">) {
    this.#ledger = ledger;
  }

  /** The highest counter shown with a proof so far. */
  last(proof: string): number | undefined {
    const recent = this.#recent.get(proof);
    const recorded = this.#ledger.lastCounter(proof);
    if (recent === undefined || recorded === undefined) return recent ?? recorded;
    return Math.max(recent, recorded);
  }

  /** Takes note of a proof that was let through: at once, so that a replay in the same moment is one. */
  note(proof: string, counter: number): void {
    this.#recent.delete(proof);
    this.#recent.set(proof, counter);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > mostRecent && oldest !== undefined) this.#recent.delete(oldest);
  }
}
