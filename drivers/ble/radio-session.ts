import type { Logger } from "../../agent/core/logger.ts";
import type { Clock, Ms } from "../../agent/core/time.ts";
import type { RadioEvents } from "./radio-events.ts";
import type { Radio, RadioState } from "./radio.ts";
import { silence, withPatience } from "./with-patience.ts";

/** How long a radio is waited for. */
export interface RadioTiming {
  /** From opening a controller until it counts as not answering. */
  readonly openMs: Ms;
  /** For the answer to a question. */
  readonly answerMs: Ms;
  /** Without any advert, until the controller is asked whether it is there. */
  readonly quietMs: Ms;
}

/** Why a session came to its end. `stalled`: the controller does not answer, or refuses to scan. */
export type SessionEnd = "aborted" | "stalled" | "gone" | Exclude<RadioState, "on">;

/** What a session works with. */
export interface RadioSessionParts {
  readonly radio: Radio;
  readonly events: RadioEvents;
  readonly timing: RadioTiming;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called when the scan runs, and with words for a technician when nothing was heard for long though the controller answers. */
  readonly onScanning: (quiet?: string) => void;
}

/** Between a scan that another program stopped and the next. */
const pauseMs: Ms = 1_000;

/**
 * Keeps an open radio scanning, and tells a quiet shop from a stalled controller. Quiet alone is no fault: after `quietMs` without
 * any advert the controller is asked something harmless. When it answers, the shop is quiet; the scan is started anew nevertheless,
 * because controllers have been seen that answer and no longer scan. When it does not answer, the scan is started anew; when even that
 * is not confirmed the session ends as `stalled`.
 */
export class RadioSession {
  readonly #parts: RadioSessionParts;
  #wasUp = false;
  #trouble = silence;

  constructor(parts: RadioSessionParts) {
    this.#parts = parts;
  }

  /** Whether the scan ran at any time. */
  get wasUp(): boolean {
    return this.#wasUp;
  }

  /** Why it is stalled, in words for a technician. */
  get trouble(): string {
    return this.#trouble;
  }

  /** Runs until the radio no longer scans. May be run again, once its state may have changed. */
  async run(signal: AbortSignal): Promise<SessionEnd> {
    const { events, timing, radio } = this.#parts;
    const isWaiting = (): boolean => events.state === undefined || (events.state === "off" && radio.isPowered());
    while (!signal.aborted) {
      // One that was turned on and does not answer is still `off` to its library.
      if (isWaiting()) await events.next(timing.openMs, signal);
      if (signal.aborted) break;
      const { state } = events;
      if (state === undefined || isWaiting()) return "stalled";
      if (state !== "on") return state;
      if (!(await this.#listen(signal)) && events.state === "on" && !signal.aborted) return "stalled";
    }
    return "aborted";
  }

  /** True when its state changed, false when the controller does not answer. */
  async #listen(signal: AbortSignal): Promise<boolean> {
    const { events, timing, clock, logger, onScanning, radio } = this.#parts;
    if (!(await this.#scan(signal))) return false;
    events.restartSilence();
    onScanning();
    for (;;) {
      const quietAtMs = events.heardAtMs + timing.quietMs;
      await events.next(Math.max(0, quietAtMs - clock.monotonic()), signal);
      if (signal.aborted || events.state !== "on") return true;
      if (events.wasScanStopped()) {
        logger.info({}, "another program stopped the scan");
        await clock.sleep(pauseMs, signal).catch(() => undefined);
        if (!(await this.#scan(signal))) return false;
      }
      if (clock.monotonic() < events.heardAtMs + timing.quietMs) continue;
      const isThere = await this.#answers((patience) => radio.ask(patience), signal);
      if (!isThere) logger.warn({}, "controller does not answer: its scan is started anew");
      if (!(await this.#scan(signal))) return false;
      events.restartSilence();
      onScanning("nothing was heard for long, and the controller answers");
    }
  }

  async #scan(signal: AbortSignal): Promise<boolean> {
    const isScanning = await this.#answers((patience) => this.#parts.radio.scan(patience), signal);
    this.#wasUp ||= isScanning;
    // What it reports while the scan is started is our own doing.
    this.#parts.events.wasScanStopped();
    return isScanning;
  }

  async #answers(question: (patience: AbortSignal) => Promise<unknown>, signal: AbortSignal): Promise<boolean> {
    const { clock, timing, logger } = this.#parts;
    try {
      await withPatience(question, timing.answerMs, clock, signal);
      return true;
    } catch (error) {
      this.#trouble = error instanceof Error ? error.message : String(error);
      if (!signal.aborted) logger.debug({ reason: this.#trouble }, "controller was asked in vain");
      return false;
    }
  }
}
