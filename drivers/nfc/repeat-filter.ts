import type { Outcome } from "../../agent/core/observation.ts";
import type { Ms } from "../../agent/core/time.ts";

interface LastTap {
  readonly uid: string;
  readonly outcome: Promise<Outcome>;
  /** Monotonic; Infinity while the card lies on the reader. */
  seenUntilMs: Ms;
  /** The reader went away under the card: the same card found there afterwards never left. */
  cutOff: boolean;
}

/**
 * Tells a new tap from the old one going on: a card at the edge of the field comes and goes, a card left on the reader is found
 * again after pcscd restarted. Remembers the last tap of one reader; forgets it when it was not recorded, so that a shopper who
 * tries again is heard.
 */
export class RepeatFilter {
  readonly #windowMs: Ms;
  #last: LastTap | undefined;

  constructor(windowMs: Ms) {
    this.#windowMs = windowMs;
  }

  /** The outcome of the tap that this card's coming merely continues, if it does. `foundLying`: it was there when the reader came up. */
  continued(uid: string, foundLying: boolean, nowMs: Ms): Promise<Outcome> | undefined {
    const last = this.#last;
    if (last?.uid !== uid) return undefined;
    const recent = nowMs - last.seenUntilMs < this.#windowMs;
    if (!recent && !(foundLying && last.cutOff)) return undefined;
    last.seenUntilMs = Infinity;
    return last.outcome;
  }

  /** A new tap, offered; remembered until the next one, or until it turns out not to be recorded. */
  remember(uid: string, outcome: Promise<Outcome>): void {
    const tap: LastTap = { uid, outcome, seenUntilMs: Infinity, cutOff: false };
    this.#last = tap;
    void outcome.then(({ status }) => {
      const isSafe = status === "recorded" || status === "duplicate";
      if (!isSafe && this.#last === tap) this.#last = undefined;
    });
  }

  /** The card left. */
  left(nowMs: Ms): void {
    if (this.#last?.seenUntilMs === Infinity) this.#last.seenUntilMs = nowMs;
  }

  /** The reader went away, perhaps with the card on it. */
  readerLost(nowMs: Ms): void {
    if (this.#last) this.#last.cutOff = this.#last.seenUntilMs === Infinity;
    this.left(nowMs);
  }
}
