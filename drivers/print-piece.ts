import type { Instant, Ms } from "../agent/core/time.ts";

/** A piece that grows stops here: one commit takes it, one message carries it. */
const mostBytes = 16 * 1024;

/** Bytes that came this long after the first of a piece begin a new one, so that the moment of arrival stays known. */
const longestMs: Ms = 1_000;

/** A stretch of a print stream on its way to be recorded. While it waits it grows by what follows it, so that single bytes do not pile up. */
export class PrintPiece {
  readonly offset: number;
  readonly at: Instant;
  /** It was recorded. */
  recorded = false;
  /** It was offered at least once, and changes no more. */
  offered = false;
  /** The offer under way or kept; absent when it must be made (again). */
  answer: Promise<boolean> | undefined;
  #bytes: Uint8Array;
  #length: number;

  /** `bytes` must not be changed afterwards. */
  constructor(offset: number, at: Instant, bytes: Uint8Array) {
    this.offset = offset;
    this.at = at;
    this.#bytes = bytes;
    this.#length = bytes.length;
  }

  /** Stream position after its last byte. */
  get endOffset(): number {
    return this.offset + this.#length;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Takes the bytes that follow, unless they must have a piece of their own. */
  append(bytes: Uint8Array, at: Instant): boolean {
    const length = this.#length + bytes.length;
    if (this.offered || length > mostBytes || at.monotonicMs - this.at.monotonicMs > longestMs) return false;
    if (length > this.#bytes.length) {
      const room = new Uint8Array(Math.min(mostBytes, Math.max(256, length * 2)));
      room.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = room;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
    return true;
  }
}
