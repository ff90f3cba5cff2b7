import type { Seq } from "../agent/core/ids.ts";
import type { Head } from "../agent/core/ledger.ts";

/**
 * Where shipping stands: the receiver's last word, the last entry sent, and the batches between them. Holds positions only, so that
 * its size does not depend on what is shipped.
 */
export class Passage {
  /** Where the receiver stands, by its last word. */
  #mark: Head;
  /** Last entry sent. */
  #cursor: Head;
  /** Last sequence number of each batch sent and not acknowledged, ascending. */
  #unacknowledged: Seq[] = [];
  /** Last entry ever sent, and how often everything after the mark has been sent since the mark moved. */
  #farthest: number;
  #rounds = 1;

  constructor(mark: Head) {
    this.#mark = mark;
    this.#cursor = mark;
    this.#farthest = mark.seq;
  }

  get mark(): Head {
    return this.#mark;
  }

  get cursor(): Head {
    return this.#cursor;
  }

  /** Batches sent that no word of the receiver covers. */
  get unacknowledged(): number {
    return this.#unacknowledged.length;
  }

  /** Notes a batch as sent; answers which attempt it is, 1 for entries never sent before. */
  sent(last: Head): number {
    const attempt = this.#cursor.seq < this.#farthest ? this.#rounds : 1;
    this.#cursor = last;
    this.#unacknowledged.push(last.seq);
    this.#farthest = Math.max(this.#farthest, last.seq);
    return attempt;
  }

  /** The receiver stands here now. What was sent beyond stays sent. */
  moved(mark: Head): void {
    if (mark.seq > this.#mark.seq) this.#rounds = 1;
    this.#mark = mark;
    this.#unacknowledged = this.#unacknowledged.filter((lastSeq) => lastSeq > mark.seq);
    if (this.#cursor.seq < mark.seq) this.#cursor = mark;
  }

  /** Everything after the mark is to be sent again. */
  rewind(): void {
    if (this.#cursor.seq > this.#mark.seq) this.#rounds += 1;
    this.#cursor = this.#mark;
    this.#unacknowledged = [];
  }

  /** A new epoch begins after `base`. */
  restart(base: Head): void {
    this.#mark = base;
    this.rewind();
  }
}
