import { codeOf } from "../core/errors.ts";
import type { Clock } from "../core/time.ts";
import type { RefusalWatch } from "./refusal-watch.ts";

const firstPauseMs = 50;
const longestPauseMs = 5000;

/**
 * Keeps at a write until the ledger takes it. A full or broken disk stops the agent from accepting more, never from recording what it
 * has accepted; whoever watches is told once when it begins and once when it is over.
 */
export class Persistence {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #refusals: RefusalWatch;

  constructor(clock: Clock, signal: AbortSignal, refusals: RefusalWatch) {
    this.#clock = clock;
    this.#signal = signal;
    this.#refusals = refusals;
  }

  /** Resolves with the result of `write` once it succeeds; rejects only when the agent is stopping. */
  async persist<T>(write: () => Promise<T>): Promise<T> {
    let pauseMs = firstPauseMs;
    for (;;) {
      try {
        const result = await write();
        this.#refusals.taken();
        return result;
      } catch (error) {
        this.#refusals.refused(codeOf(error), error);
      }
      await this.#clock.sleep(pauseMs, this.#signal);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }
}
