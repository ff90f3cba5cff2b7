import { codeOf } from "../../agent/core/errors.ts";
import type { Logger } from "../../agent/core/logger.ts";
import type { Clock, Ms } from "../../agent/core/time.ts";
import { aborted } from "../aborted.ts";
import { adapterNumbers, presenceOf } from "./adapter-presence.ts";
import { adaptersChange } from "./adapters-change.ts";
import { addressOf } from "./address-of.ts";
import { findAdapter, isAddressed, lackOf, type AddressedPort, type OpenedRadio } from "./find-adapter.ts";
import { RadioEvents } from "./radio-events.ts";
import type { RadioHealth } from "./radio-health.ts";
import type { RadioTiming } from "./radio-session.ts";
import type { HeardAdvert, OpenRadio, RadioPort } from "./radio.ts";

/** How long things are waited for until the radio is open. */
export interface OpeningTiming extends Pick<RadioTiming, "openMs"> {
  /** Between two tries of what is not there. */
  readonly retryMs: Ms;
  /** Between two tries of what only a person can mend. */
  readonly alarmMs: Ms;
}

/** What an opener works with. */
export interface RadioOpenerParts {
  readonly port: RadioPort;
  readonly timing: OpeningTiming;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly open: OpenRadio;
  /** Where the system lists its adapters. */
  readonly folder: string;
  /** Numbers of adapters that other radios use. */
  readonly reserved: readonly number[];
  readonly health: RadioHealth;
  /** Number of the adapter that has the configured address, as the last process knew it. */
  readonly adapter: number | undefined;
  /** Takes the adverts of the radio that is open. */
  readonly take: (advert: HeardAdvert) => void;
}

/** Waits for a configured radio, wherever it is plugged in, and opens it. */
export class RadioOpener {
  readonly #parts: RadioOpenerParts;
  #adapter: number | undefined;
  /** Whose adverts count. */
  #listened: RadioEvents | undefined;

  constructor(parts: RadioOpenerParts) {
    this.#parts = parts;
    this.#adapter = parts.adapter;
  }

  /** Number of the adapter that has the configured address, once it is known; from process to process. */
  get adapter(): number | undefined {
    return this.#adapter;
  }

  /** Where the open radio is: never just any adapter where its address is configured. */
  get place(): RadioPort {
    const { port } = this.#parts;
    return isAddressed(port) && this.#adapter !== undefined ? { ...port, adapter: this.#adapter } : port;
  }

  /** The radio went away: its number may be another's when it is back. */
  forgetAdapter(): void {
    this.#adapter = undefined;
  }

  /** Opens the radio once it is there, however long that takes. Nothing when aborted, or when it needs a new process. */
  async open(signal: AbortSignal): Promise<OpenedRadio | undefined> {
    const { port, logger, health, timing } = this.#parts;
    while (await this.#waitForPresence(signal)) {
      try {
        const opened = await (isAddressed(port) ? this.#find(port, signal) : this.#openPort(port));
        this.#listened = opened?.events;
        return opened;
      } catch (error) {
        const code = codeOf(error);
        // A library that is not there will not come while this process lives.
        const isMissing = code === "BLE_LIBRARY_MISSING";
        if (health.current.code !== code) logger.warn({ code, err: error }, "cannot open the radio");
        health.set(isMissing ? "failed" : "down", code, error instanceof Error ? error.message : String(error));
        await (isMissing ? aborted(signal) : this.#pause(timing.retryMs, signal));
      }
    }
    return undefined;
  }

  /** What an adapter hears that was only asked for its address is another zone's. */
  async #openPort(port: RadioPort): Promise<OpenedRadio> {
    const { clock, open, take } = this.#parts;
    const events: RadioEvents = new RadioEvents(
      clock,
      (advert) => events === this.#listened && take(advert),
      "uart" in port,
    );
    return { events, radio: await open(port, events) };
  }

  /** Nothing when it needs a new process, which opens what was found and nothing else, or looks again. */
  async #find(port: AddressedPort, signal: AbortSignal): Promise<OpenedRadio | undefined> {
    const { folder, clock, logger, health, reserved, timing } = this.#parts;
    const among = adapterNumbers(folder);
    const end = await findAdapter(port, {
      folder,
      last: this.#adapter,
      reserved,
      open: (adapter) => this.#openPort(adapter),
      addressOf: ({ radio, events }) => addressOf(radio, events, timing.openMs, clock, signal),
      signal,
    });
    if (signal.aborted) return undefined;
    this.#adapter = end.status === "found" ? end.adapter : undefined;
    if (end.status === "found") return end.isReady ? end.opened : undefined;
    const { quiet } = end;
    const { code, detail } = lackOf(port.address, quiet);
    const isAlarm = code === "BLE_SCAN_STALLED" && health.stalledBefore !== undefined;
    if (isAlarm) logger.error({ code, detail }, "the adapter of the radio cannot be told");
    health.set(isAlarm ? "failed" : "down", code, detail);
    // They are asked again after as long as this has lasted already, within bounds.
    const { retryMs, alarmMs } = timing;
    const lastedMs = clock.now().wallMs - health.current.sinceMs;
    const atMostMs = Math.min(Math.max(lastedMs, retryMs * 10), alarmMs);
    await adaptersChange({ folder, among, quiet, clock, everyMs: retryMs, atMostMs }, signal);
    return undefined;
  }

  /** False when aborted. */
  async #waitForPresence(signal: AbortSignal): Promise<boolean> {
    const { port, folder, health, timing } = this.#parts;
    while (!signal.aborted) {
      const presence = presenceOf(port, folder);
      if (presence === "there") return true;
      const code = presence === "gone" ? "BLE_ADAPTER_GONE" : "BLE_DENIED";
      health.set("down", code, presence === "gone" ? "it is not there" : "this user may not open it");
      await this.#pause(timing.retryMs, signal);
    }
    return false;
  }

  async #pause(durationMs: Ms, signal: AbortSignal): Promise<void> {
    await this.#parts.clock.sleep(durationMs, signal).catch(() => undefined);
  }
}
