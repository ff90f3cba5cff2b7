import type { Ms } from "../agent/core/time.ts";

/** Waiting times between tries: each twice the one before, up to a limit. */
export class BackOff {
  readonly #firstMs: Ms;
  readonly #limitMs: Ms;
  #nextMs: Ms;

  constructor(firstMs: Ms, limitMs: Ms) {
    this.#firstMs = firstMs;
    this.#limitMs = limitMs;
    this.#nextMs = firstMs;
  }

  /** The waiting time before the next try. */
  next(): Ms {
    const delay = this.#nextMs;
    this.#nextMs = Math.min(this.#limitMs, delay * 2);
    return delay;
  }

  /** A try succeeded. */
  reset(): void {
    this.#nextMs = this.#firstMs;
  }
}
