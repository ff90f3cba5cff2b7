import type { Health } from "../../agent/core/driver.ts";
import type { ErrorCode } from "../../agent/core/error-catalogue.ts";
import type { Clock } from "../../agent/core/time.ts";

/** How a radio is doing, from process to process: what was wrong is wrong until it is better. */
export class RadioHealth {
  readonly #clock: Clock;
  /** How the last process left it, when that was stalled. */
  readonly stalledBefore: Health | undefined;
  #current: Health;

  /** `before`: what the last process said, if there was one. */
  constructor(clock: Clock, before: Health | undefined) {
    this.#clock = clock;
    this.stalledBefore = before?.code === "BLE_SCAN_STALLED" ? before : undefined;
    const isDown = before?.state === "down" || before?.state === "failed";
    this.#current = isDown ? before : { state: "starting", sinceMs: clock.now().wallMs };
  }

  /** What `storeloop status` shows. */
  get current(): Health {
    return this.#current;
  }

  /** The scan runs. */
  up(detail: string): void {
    this.set("up", undefined, detail);
  }

  /** The controller does not answer. */
  stalled(state: Health["state"], detail: string): void {
    this.set(state, "BLE_SCAN_STALLED", detail);
  }

  /** A state that only repeats the last one keeps its beginning. */
  set(state: Health["state"], code: ErrorCode | undefined, detail: string): void {
    const isSame = this.#current.state === state && this.#current.code === code;
    const sinceMs = isSame ? this.#current.sinceMs : this.#clock.now().wallMs;
    this.#current = { state, sinceMs, detail, ...(code && { code }) };
  }
}
