import type { Clock, Ms } from "../../agent/core/time.ts";
import type { HeardAdvert, RadioListener, RadioState } from "./radio.ts";

/** What a radio has reported, kept for those who wait for it. */
export class RadioEvents implements RadioListener {
  readonly #clock: Clock;
  readonly #take: (advert: HeardAdvert) => void;
  readonly #isOffAtFirst: boolean;
  #changed = new AbortController();
  #state: RadioState | "gone" | undefined;
  #isScanStopped = false;
  #heardAtMs: Ms;

  /**
   * Each advert goes to `take`. `isOffAtFirst`: its library says `off` of a controller that has not answered yet, so that means nothing
   * before it was `on`.
   */
  constructor(clock: Clock, take: (advert: HeardAdvert) => void, isOffAtFirst: boolean) {
    this.#clock = clock;
    this.#take = take;
    this.#isOffAtFirst = isOffAtFirst;
    this.#heardAtMs = clock.monotonic();
  }

  /** How the controller is; `undefined` while it has not answered, `gone` for good once its line was lost. */
  get state(): RadioState | "gone" | undefined {
    return this.#state;
  }

  /** When an advert was heard last, by the monotonic clock; before the first, since when one is waited for. */
  get heardAtMs(): Ms {
    return this.#heardAtMs;
  }

  heard(advert: HeardAdvert): void {
    this.#heardAtMs = this.#clock.monotonic();
    this.#take(advert);
  }

  stateChanged(state: RadioState): void {
    if (
      state === this.#state ||
      this.#state === "gone" ||
      (state === "off" && this.#state === undefined && this.#isOffAtFirst)
    )
      return;
    this.#state = state;
    this.#wake();
  }

  /** What leads to the controller is gone, whatever its library says. */
  lineLost(): void {
    this.#state = "gone";
    this.#wake();
  }

  scanStopped(): void {
    this.#isScanStopped = true;
    this.#wake();
  }

  /** Silence is counted from now on. */
  restartSilence(): void {
    this.#heardAtMs = this.#clock.monotonic();
  }

  /** Whether another program stopped the scan since the last call. */
  wasScanStopped(): boolean {
    const was = this.#isScanStopped;
    this.#isScanStopped = false;
    return was;
  }

  /** Resolves when something other than an advert is reported, at the latest after `atMostMs` or when aborted. */
  async next(atMostMs: Ms, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#changed.signal]);
    if (!either.aborted) await this.#clock.sleep(atMostMs, either).catch(() => undefined);
  }

  #wake(): void {
    const changed = this.#changed;
    this.#changed = new AbortController();
    changed.abort();
  }
}
