import { passedMs, type Instant, type Ms } from "../../core/time.ts";

/** Readings kept of one radio: half a minute at one a second. */
const mostReadings = 32;

/**
 * How strongly one radio hears one beacon. A median, not a mean: a reflection or a body in the way for a moment, which is up to 20 dB off,
 * moves it by no more than any other reading would.
 */
export class Level {
  readonly #readings: { readonly rssiDbm: number; readonly at: Instant }[] = [];

  /** Takes a reading. */
  note(rssiDbm: number, at: Instant): void {
    this.#readings.push({ rssiDbm, at });
    if (this.#readings.length > mostReadings) this.#readings.shift();
  }

  /** The median of the readings of the last `windowMs`, in dBm; nothing when there are fewer than `least`. */
  over(windowMs: Ms, now: Instant, least = 1): number | undefined {
    const recent: number[] = [];
    for (let index = this.#readings.length - 1; index >= 0; index -= 1) {
      const reading = this.#readings[index];
      // They are in order: what comes before one that is too old is older still.
      if (reading === undefined || passedMs(reading.at, now) > windowMs) break;
      recent.push(reading.rssiDbm);
    }
    if (recent.length < least) return undefined;
    recent.sort((a, b) => a - b);
    const upper = recent[Math.floor(recent.length / 2)];
    const lower = recent[Math.floor((recent.length - 1) / 2)];
    return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
  }
}
