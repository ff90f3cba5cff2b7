import type { ErrorCode } from "../core/error-catalogue.ts";
import { codeOf } from "../core/errors.ts";
import type { Clock } from "../core/time.ts";

const firstPauseMs = 50;
const longestPauseMs = 5000;

/**
 * Keeps at a write until the ledger takes it. A full or broken disk stops the agent from accepting more, never from recording what it
 * has accepted; whoever watches is told once when it begins and once when it is over.
 */
export class Persistence {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #onTrouble: (code: ErrorCode | undefined, error?: unknown) => void;

  constructor(clock: Clock, signal: AbortSignal, onTrouble: (code: ErrorCode | undefined, error?: unknown) => void) {
    this.#clock = clock;
    this.#signal = signal;
    this.#onTrouble = onTrouble;
  }

  /** Resolves with the result of `write` once it succeeds; rejects only when the agent is stopping. */
  async persist<T>(write: () => Promise<T>): Promise<T> {
    let pauseMs = firstPauseMs;
    let troubled = false;
    for (;;) {
      try {
        const result = await write();
        if (troubled) this.#onTrouble(undefined);
        return result;
      } catch (error) {
        this.#onTrouble(codeOf(error), error);
        troubled = true;
      }
      await this.#clock.sleep(pauseMs, this.#signal);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }
}
